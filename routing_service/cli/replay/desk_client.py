"""Sends acts to a desk over gRPC, and keeps count of every call by method and outcome."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from google.protobuf.message import Message
from grpc import aio

from routing_service.cli.connection import Connection, refused
from routing_service.cli.replay.acts import Opened, Reported, Updated
from routing_service.cli.replay.roster import CAPACITY, Resolver
from routing_service.pb.routing.dev.v1 import clock_pb2
from routing_service.pb.routing.dev.v1.clock_pb2_grpc import ClockServiceStub
from routing_service.pb.routing.v1 import agent_pb2, request_event_pb2, work_item_pb2
from routing_service.pb.routing.v1 import agent_service_pb2 as agents
from routing_service.pb.routing.v1 import routing_service_pb2 as routing
from routing_service.pb.routing.v1.agent_service_pb2_grpc import AgentServiceStub
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.rulebook_service_pb2 import RulebookServiceGetRequest
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.server.wire import stamp

Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=Message)

DEADLINE_SECONDS = 60.0
AGENTS_A_CALL = 500


class DeskClient:
    """One desk of one service. Every method raises Refused when the service says no."""

    def __init__(self, channel: aio.Channel, to: Connection) -> None:
        self.sent: Counter[tuple[str, str]] = Counter()
        self.events = EventServiceStub(channel)
        self.connection = to
        self._routing = RoutingServiceStub(channel)
        self._agents = AgentServiceStub(channel)
        self._clock = ClockServiceStub(channel)
        self._rulebook = RulebookServiceStub(channel)

    async def _call(self, name: str, method: aio.UnaryUnaryMultiCallable[Q, A], request: Q) -> A:
        """Call `name` ("Service/Method") once: no retry, so that the counts stay exact."""
        to = self.connection
        try:
            answer = await method(request, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            self.sent[name, error.code().name] += 1
            raise refused(error, to.target) from error
        self.sent[name, "OK"] += 1
        return answer

    async def rule_files(self) -> dict[str, str]:
        """The rulebook in force: file name to text."""
        request = RulebookServiceGetRequest(desk=self.connection.desk)
        return dict((await self._call("RulebookService/Get", self._rulebook.Get, request)).files)

    async def now(self) -> int:
        """The desk's time."""
        request = clock_pb2.NowRequest(desk=self.connection.desk)
        answer = await self._call("ClockService/Now", self._clock.Now, request)
        return answer.now.ToMicroseconds()

    async def advance(self, to: int) -> int:
        """Move the desk's time; how many deadlines fired on the way."""
        request = clock_pb2.AdvanceRequest(desk=self.connection.desk, to=stamp(to))
        return (await self._call("ClockService/Advance", self._clock.Advance, request)).fired

    async def put_agents(self, resolvers: Sequence[Resolver], team: str) -> None:
        """Everybody of the roster, as members of the team."""
        profiles = [
            agent_pb2.Agent(id=each.agent, queues=each.queues, team=team, capacity=CAPACITY)
            for each in resolvers
        ]
        for start in range(0, len(profiles), AGENTS_A_CALL):
            request = agents.PutAgentsRequest(
                desk=self.connection.desk,
                request_id=f"roster:{start}",
                agents=profiles[start : start + AGENTS_A_CALL],
            )
            await self._call("AgentService/PutAgents", self._agents.PutAgents, request)

    async def available(self, agent: str, key: str, reason: str = "") -> None:
        """The agent takes work."""
        request = agents.SetPresenceRequest(
            desk=self.connection.desk,
            request_id=key,
            agent_id=agent,
            presence=agent_pb2.PRESENCE_AVAILABLE,
            reason=reason,
        )
        await self._call("AgentService/SetPresence", self._agents.SetPresence, request)

    async def open(self, act: Opened) -> str:
        """A new request; its item's id."""
        event = request_event_pb2.RequestEvent(
            event_id=act.key,
            kind=request_event_pb2.REQUEST_KIND_OPENED,
            channel=act.channel,
            customer_id=act.customer,
            occurred_at=stamp(act.at),
            labels=_labels(act.labels),
        )
        return (await self._submit(event)).item_id

    async def update(self, item: str, act: Updated) -> None:
        """Other labels."""
        event = request_event_pb2.RequestEvent(
            event_id=act.key,
            kind=request_event_pb2.REQUEST_KIND_UPDATED,
            item_id=item,
            occurred_at=stamp(act.at),
            labels=_labels(act.labels),
        )
        await self._submit(event)

    async def _submit(
        self, event: request_event_pb2.RequestEvent
    ) -> request_event_pb2.SubmitResult:
        request = routing.SubmitRequest(desk=self.connection.desk, event=event)
        return (await self._call("RoutingService/Submit", self._routing.Submit, request)).result

    async def report(self, item: str, act: Reported) -> None:
        """What the handling side did."""
        request = routing.ReportRequest(
            desk=self.connection.desk,
            request_id=act.key,
            item_id=item,
            kind=f"REPORT_KIND_{act.kind.name}",
            occurred_at=stamp(act.at),
            reason=act.reason,
        )
        await self._call("RoutingService/Report", self._routing.Report, request)

    async def get(self, item: str) -> work_item_pb2.WorkItem:
        """The item as it is."""
        request = routing.GetRequest(desk=self.connection.desk, item_id=item)
        return (await self._call("RoutingService/Get", self._routing.Get, request)).item

    async def accept(self, offer: agent_pb2.Offer, key: str) -> None:
        """The agent the service chose takes its offer."""
        request = agents.AcceptRequest(
            desk=self.connection.desk,
            request_id=key,
            offer_id=offer.id,
            agent_id=offer.agent_id,
            version=offer.version,
        )
        await self._call("AgentService/Accept", self._agents.Accept, request)


def _labels(labels: dict[str, str]) -> dict[str, work_item_pb2.LabelValue]:
    return {name: work_item_pb2.LabelValue(text=value) for name, value in labels.items()}
