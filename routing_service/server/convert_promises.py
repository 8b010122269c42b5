"""Events of milestones and clocks as messages of the wire. Nothing is looked up or decided."""

from routing_service.core.journal import events as core
from routing_service.pb.routing.v1 import event_pb2
from routing_service.server import convert, wire
from routing_service.server.wire import span, stamp, stamp_if


def reached(happened: core.MilestoneReached) -> event_pb2.MilestoneReached:
    """A milestone and when."""
    return event_pb2.MilestoneReached(
        item_id=happened.item,
        milestone=wire.MILESTONE[happened.milestone],
        at=stamp(happened.at),
        implied=happened.implied,
    )


def clock(happened: core.ClockMoved) -> event_pb2.ClockMoved:
    """One step of one clock."""
    return event_pb2.ClockMoved(
        item_id=happened.item,
        clock=happened.clock,
        step=wire.CLOCK_STEP[happened.step],
        state=wire.CLOCK_STATE[happened.state],
        at=stamp(happened.at),
        due=None if happened.state in convert.NO_DUE else stamp_if(happened.due),
        elapsed=span(happened.elapsed) if happened.elapsed else None,
        warned_percent=happened.share,
        reason=happened.reason,
        by_policy_change=happened.by_policy_change,
    )


def corrected(happened: core.ClockCorrected) -> event_pb2.ClockCorrected:
    """A promise that was kept after all."""
    return event_pb2.ClockCorrected(
        item_id=happened.item,
        clock=happened.clock,
        at=stamp(happened.at),
        elapsed=span(happened.elapsed),
    )
