"""AgentService: profiles, presence, answers to offers, and the agents' streams. Decides nothing."""

# ruff: noqa: N802 - methods are named as on the wire

from grpc import aio

from routing_service.core.journal.commands import (
    Accept,
    Complete,
    Decline,
    PutAgents,
    RemoveAgents,
    SetOutsideWork,
    SetPresence,
    WrapUp,
)
from routing_service.pb.routing.v1 import agent_service_pb2 as pb
from routing_service.pb.routing.v1 import work_pb2
from routing_service.pb.routing.v1.agent_service_pb2_grpc import AgentServiceServicer
from routing_service.server import convert, wire
from routing_service.server.asking import CompleteRequest, StandingRequest
from routing_service.server.convert_agents import agent_ids, agents
from routing_service.server.convert_requests import identifier, reason, version
from routing_service.server.desks import Desks
from routing_service.server.lookup import told_item
from routing_service.server.requests import ItemCommandRequest, SeqCommandRequest
from routing_service.server.work import work

WorkContext = aio.ServicerContext[work_pb2.WorkRequest, work_pb2.WorkResponse]


class AgentServicer(AgentServiceServicer):
    """What agent desktops and phone systems call."""

    def __init__(self, desks: Desks, lease_seconds: float) -> None:
        self._desks = desks
        self._lease_seconds = lease_seconds

    async def PutAgents(
        self, request: pb.PutAgentsRequest, context: object
    ) -> pb.PutAgentsResponse:
        """Creates agents, or replaces their profiles."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = SeqCommandRequest(asked=PutAgents(agents=agents(request.agents)))
        seq = await desk.partition.ask(desk.signed(key, asked))
        return pb.PutAgentsResponse(cursor=desk.cursor(seq))

    async def RemoveAgents(
        self, request: pb.RemoveAgentsRequest, context: object
    ) -> pb.RemoveAgentsResponse:
        """Removes agents; what they had in hand waits again."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = RemoveAgents(agents=agent_ids(request.agent_ids), reason=reason(request.reason))
        seq = await desk.partition.ask(desk.signed(key, SeqCommandRequest(asked=asked)))
        return pb.RemoveAgentsResponse(cursor=desk.cursor(seq))

    async def SetPresence(
        self, request: pb.SetPresenceRequest, context: object
    ) -> pb.SetPresenceResponse:
        """Says whether an agent takes work."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = SetPresence(
            agent=identifier(request.agent_id, "agent_id"),
            presence=wire.chosen(wire.PRESENCE_OF, request.presence, "presence"),
            reason=reason(request.reason),
        )
        standing = await desk.partition.ask(desk.signed(key, StandingRequest(asked=asked)))
        return pb.SetPresenceResponse(
            status=convert.agent_status(standing.agent), cursor=desk.cursor(standing.seq)
        )

    async def Work(self, request_iterator: object, context: WorkContext) -> None:
        """One agent's connection."""
        await work(self._desks, context, self._lease_seconds)

    async def Accept(self, request: pb.AcceptRequest, context: object) -> pb.AcceptResponse:
        """Takes an offer."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = Accept(
            offer=identifier(request.offer_id, "offer_id"),
            agent=identifier(request.agent_id, "agent_id"),
            version=request.version,
        )
        reply = await desk.partition.ask(desk.signed(key, ItemCommandRequest(asked=asked)))
        return pb.AcceptResponse(item=await told_item(desk, reply), cursor=desk.cursor(reply.seq))

    async def Decline(self, request: pb.DeclineRequest, context: object) -> pb.DeclineResponse:
        """Refuses an offer."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        has_time = request.HasField("retry_at")
        asked = Decline(
            offer=identifier(request.offer_id, "offer_id"),
            agent=identifier(request.agent_id, "agent_id"),
            version=request.version,
            reason=reason(request.reason),
            retry_at=wire.instant_of(request.retry_at, "retry_at") if has_time else 0,
        )
        reply = await desk.partition.ask(desk.signed(key, ItemCommandRequest(asked=asked)))
        return pb.DeclineResponse(cursor=desk.cursor(reply.seq))

    async def Complete(self, request: pb.CompleteRequest, context: object) -> pb.CompleteResponse:
        """Says that the handling of an item is done."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = Complete(
            item=identifier(request.item_id, "item_id"),
            agent=identifier(request.agent_id, "agent_id"),
            version=version(request.expected_version),
        )
        reply = await desk.partition.ask(desk.signed(key, CompleteRequest(asked=asked)))
        return pb.CompleteResponse(
            wrap_up_until=wire.stamp_if(reply.wrap_up_until),
            wrap_up_ready_at=wire.stamp_if(reply.wrap_up_ready_at),
            cursor=desk.cursor(reply.seq),
        )

    async def WrapUp(self, request: pb.WrapUpRequest, context: object) -> pb.WrapUpResponse:
        """Ends the wrap-up of an item, or begins it anew."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = WrapUp(
            item=identifier(request.item_id, "item_id"),
            agent=identifier(request.agent_id, "agent_id"),
            act=wire.chosen(wire.WRAP_UP_ACT_OF, request.act, "act"),
        )
        reply = await desk.partition.ask(desk.signed(key, CompleteRequest(asked=asked)))
        return pb.WrapUpResponse(
            wrap_up_until=wire.stamp_if(reply.wrap_up_until),
            wrap_up_ready_at=wire.stamp_if(reply.wrap_up_ready_at),
            cursor=desk.cursor(reply.seq),
        )

    async def SetOutsideWork(
        self, request: pb.SetOutsideWorkRequest, context: object
    ) -> pb.SetOutsideWorkResponse:
        """Says how many of an agent's units are busy with work from elsewhere."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = SetOutsideWork(agent=identifier(request.agent_id, "agent_id"), units=request.units)
        standing = await desk.partition.ask(desk.signed(key, StandingRequest(asked=asked)))
        return pb.SetOutsideWorkResponse(
            status=convert.agent_status(standing.agent), cursor=desk.cursor(standing.seq)
        )
