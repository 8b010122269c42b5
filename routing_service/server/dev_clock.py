"""ClockService, under --dev only: time stands still until somebody moves it, by each deadline."""

# ruff: noqa: N802 - methods are named as on the wire
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.dev.v1 import clock_pb2 as pb
from routing_service.pb.routing.dev.v1.clock_pb2_grpc import ClockServiceServicer
from routing_service.server import wire
from routing_service.server.desks import Desks


class ClockServicer(ClockServiceServicer):
    """What demonstrations and tests call."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def Now(self, request: pb.NowRequest, context: object) -> pb.NowResponse:
        """Tells what time it is at the desk."""
        clock = self._desks.named(request.desk).partition.clock
        return pb.NowResponse(now=wire.stamp(clock.now()))

    async def Advance(self, request: pb.AdvanceRequest, context: object) -> pb.AdvanceResponse:
        """Moves the desk's time forward."""
        partition = self._desks.named(request.desk).partition
        to = _target(request, partition.clock.now())
        fired = await partition.advance(to)
        return pb.AdvanceResponse(now=wire.stamp(partition.clock.now()), fired=fired)


def _target(request: pb.AdvanceRequest, now: int) -> int:
    match request.WhichOneof("target"):
        case "to":
            to = wire.instant_of(request.to, "to")
        case "by":
            to = now + wire.micros_of(request.by, "by")
        case _:
            raise Invalid("FIELD_REQUIRED", "Say `to` or `by`.", field="target")
    if not now <= to <= wire.LAST_SECOND * wire.MICRO:
        raise Invalid("FIELD_OUT_OF_RANGE", "Time moves forward only.", field="target")
    return to
