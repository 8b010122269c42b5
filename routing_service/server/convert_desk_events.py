"""Events of the desk itself as messages of the wire: its rulebook, how its queues choose."""

from routing_service.core.journal import events as core
from routing_service.pb.routing.v1 import event_pb2
from routing_service.server import wire


def switched(happened: core.StrategySwitched) -> event_pb2.StrategySwitched:
    """A queue chooses by another strategy."""
    strategy = wire.STRATEGY[happened.strategy] if happened.strategy else None
    return event_pb2.StrategySwitched(queue=happened.queue, strategy=strategy)


def activated(happened: core.RulebookActivated) -> event_pb2.RulebookActivated:
    """Another rulebook is in force."""
    return event_pb2.RulebookActivated(
        digest=happened.digest, pack=happened.plan.pack, version=happened.plan.version
    )
