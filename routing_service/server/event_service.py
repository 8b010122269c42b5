"""EventService: subscribers follow a desk's log. All in it is durable; the missed is resumed."""

# ruff: noqa: N802 - methods are named as on the wire

from grpc import aio

from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import event_service_pb2 as pb
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceServicer
from routing_service.server import cursor
from routing_service.server.asking import AckRequest
from routing_service.server.convert_requests import identifier
from routing_service.server.desks import Desks
from routing_service.server.metrics import Metrics
from routing_service.server.watch import watch


class EventServicer(EventServiceServicer):
    """What dashboards, pagers and ticket systems call."""

    def __init__(self, desks: Desks, metrics: Metrics) -> None:
        self._desks = desks
        self._metrics = metrics

    async def Watch(
        self,
        request: pb.WatchRequest,
        context: aio.ServicerContext[pb.WatchRequest, pb.WatchResponse],
    ) -> None:
        """Follows what happens."""
        await watch(self._desks.named(request.desk), request, context, self._metrics)

    async def Ack(self, request: pb.AckRequest, context: object) -> pb.AckResponse:
        """Says that a named consumer has everything up to a cursor."""
        desk = self._desks.named(request.desk)
        if not request.cursor:
            raise Invalid("FIELD_REQUIRED", "cursor must be set.", field="cursor")
        asked = AckRequest(
            consumer=identifier(request.consumer, "consumer"),
            place=cursor.read(desk.name, request.cursor),
        )
        place = await desk.partition.ask(desk.signed("", asked))
        return pb.AckResponse(cursor=cursor.write(desk.name, place))
