"""RoutingService: convert, ask the partition, convert back. Nothing of an item is decided here."""

# ruff: noqa: N802 - methods are named as on the wire

from grpc import aio

from routing_service.core.journal.commands import Cancel
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceServicer
from routing_service.server import convert_families as families
from routing_service.server import wire
from routing_service.server.convert_requests import identifier, reason, version
from routing_service.server.convert_transfer import transfer
from routing_service.server.desks import Desk, Desks
from routing_service.server.estimating import estimate_wait
from routing_service.server.explaining import explain_item
from routing_service.server.lookup import get_item, list_items, told_item
from routing_service.server.requests import ItemCommandRequest, ItemReply, ReportRequest
from routing_service.server.routing_acts import list_routing_acts
from routing_service.server.submit_stream import submit_stream
from routing_service.server.submitting import submit_request, submit_result
from routing_service.server.telling_why_not import tell_why_not

StreamContext = aio.ServicerContext[pb.SubmitStreamRequest, pb.SubmitStreamResponse]


class RoutingServicer(RoutingServiceServicer):
    """What adapters and ticket systems call."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def Submit(self, request: pb.SubmitRequest, context: object) -> pb.SubmitResponse:
        """Takes one request event."""
        desk = self._desks.named(request.desk)
        reply = await desk.partition.ask(await submit_request(desk, request.event))
        return pb.SubmitResponse(result=submit_result(desk, reply))

    async def SubmitStream(self, request_iterator: object, context: StreamContext) -> None:
        """Takes batches of request events."""
        await submit_stream(self._desks, context)

    async def Report(self, request: pb.ReportRequest, context: object) -> pb.ReportResponse:
        """Takes what the handling side did."""
        desk = self._desks.named(request.desk)
        has_time = request.HasField("occurred_at")
        asked = ReportRequest(
            kind=wire.chosen(wire.REPORT_KIND_OF, request.kind, "kind"),
            item=identifier(request.item_id, "item_id"),
            occurred_at=wire.instant_of(request.occurred_at, "occurred_at") if has_time else 0,
            reason=reason(request.reason),
            version=version(request.expected_version),
            until=wire.instant_of(request.until, "until") if request.HasField("until") else 0,
        )
        key = identifier(request.request_id, "request_id")
        reply = await desk.partition.ask(desk.signed(key, asked))
        return pb.ReportResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def Get(self, request: pb.GetRequest, context: object) -> pb.GetResponse:
        """Gives one item, archived ones too."""
        desk = self._desks.named(request.desk)
        return await get_item(desk, identifier(request.item_id, "item_id"))

    async def List(self, request: pb.ListRequest, context: object) -> pb.ListResponse:
        """Gives the items in memory, page by page."""
        return await list_items(self._desks.named(request.desk), request)

    async def Cancel(self, request: pb.CancelRequest, context: object) -> pb.CancelResponse:
        """Ends an item that is no longer wanted."""
        desk = self._desks.named(request.desk)
        asked = Cancel(
            item=identifier(request.item_id, "item_id"),
            reason=reason(request.reason),
            version=version(request.expected_version),
        )
        key = identifier(request.request_id, "request_id")
        reply = await desk.partition.ask(desk.signed(key, ItemCommandRequest(asked=asked)))
        return pb.CancelResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def Transfer(self, request: pb.TransferRequest, context: object) -> pb.TransferResponse:
        """Gives an item to another queue or agent, or back to its queue."""
        desk = self._desks.named(request.desk)
        asked = transfer(request)
        key = identifier(request.request_id, "request_id")
        reply = await desk.partition.ask(desk.signed(key, ItemCommandRequest(asked=asked)))
        return pb.TransferResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def Merge(self, request: pb.MergeRequest, context: object) -> pb.MergeResponse:
        """Ends an item that is about the same as another one."""
        desk, reply = await self._changed(request, families.merge(request))
        return pb.MergeResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def Link(self, request: pb.LinkRequest, context: object) -> pb.LinkResponse:
        """Makes an item belong to another one, or to none any more."""
        desk, reply = await self._changed(request, families.link(request))
        return pb.LinkResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def SetCollaborators(
        self, request: pb.SetCollaboratorsRequest, context: object
    ) -> pb.SetCollaboratorsResponse:
        """Says which agents work on an item beside its owner."""
        desk, reply = await self._changed(request, families.collaborators(request))
        return pb.SetCollaboratorsResponse(
            item=await told_item(desk, reply), cursor=desk.cursor(reply.seq)
        )

    async def _changed(
        self,
        request: pb.MergeRequest | pb.LinkRequest | pb.SetCollaboratorsRequest,
        asked: families.FamilyCommand,
    ) -> tuple[Desk, ItemReply]:
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        return desk, await desk.partition.ask(desk.signed(key, ItemCommandRequest(asked=asked)))

    async def EstimateWait(
        self, request: pb.EstimateWaitRequest, context: object
    ) -> pb.EstimateWaitResponse:
        """Tells how long an item, or a request like this, will wait."""
        return await estimate_wait(self._desks.named(request.desk), request)

    async def Explain(self, request: pb.ExplainRequest, context: object) -> pb.ExplainResponse:
        """Tells why the rules decided on an item as they did."""
        desk = self._desks.named(request.desk)
        has_time = request.HasField("at")
        at = wire.instant_of(request.at, "at") if has_time else 0
        return await explain_item(desk, identifier(request.item, "item"), at)

    async def WhyNot(self, request: pb.WhyNotRequest, context: object) -> pb.WhyNotResponse:
        """Tells why a waiting item is with nobody."""
        desk = self._desks.named(request.desk)
        return await tell_why_not(desk, identifier(request.item, "item"))

    async def ListRoutingActs(
        self, request: pb.ListRoutingActsRequest, context: object
    ) -> pb.ListRoutingActsResponse:
        """Tells what was done to bring an item to an agent."""
        return await list_routing_acts(self._desks.named(request.desk), request)
