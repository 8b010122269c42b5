"""A real server in this process, on a clock that stands still, and a client that speaks the field.

Time moves only where a test says so; nothing here waits for the wall clock.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from google.protobuf.duration_pb2 import Duration
from grpc import aio

from routing_service.pb.routing.dev.v1 import clock_pb2
from routing_service.pb.routing.dev.v1.clock_pb2_grpc import ClockServiceStub
from routing_service.pb.routing.v1 import (
    agent_pb2,
    agent_service_pb2,
    alert_pb2,
    event_pb2,
    event_service_pb2,
    request_event_pb2,
    routing_service_pb2,
    work_item_pb2,
    work_pb2,
)
from routing_service.pb.routing.v1.agent_service_pb2_grpc import AgentServiceStub
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.server.app import App, running_app
from routing_service.settings import DeskSettings, Settings
from routing_service.store.codec import frames, freeze

PACK = Path(__file__).parents[1] / "golden" / "small_pack"
DESK = "default"
START = "2026-03-02T02:00:00+00:00"
"""A Monday, 10:00 in the pack's zone."""
PATIENCE = 20.0
"""Seconds until a test gives up on something that should have come."""


def settings(**changes: Any) -> Settings:
    """In memory, under dev, on free ports, without grace unless a test says otherwise."""
    plain: dict[str, Any] = {
        "listen": "127.0.0.1:0",
        "metrics_listen": "",
        "data_folder": "memory:",
        "dev": True,
        "dev_start": START,
        "desks": {DESK: DeskSettings(rules=str(PACK))},
        "drain_seconds": 2.0,
        "lease_grace_seconds": 0.0,
    }
    return Settings(**(plain | changes))


class Client:
    """Stubs of one connection, and the sentences tests are written in."""

    def __init__(self, channel: aio.Channel, app: App) -> None:
        self.app = app
        self.channel = channel
        self.routing = RoutingServiceStub(channel)
        self.agents = AgentServiceStub(channel)
        self.events = EventServiceStub(channel)
        self.rulebooks = RulebookServiceStub(channel)
        self.clock = ClockServiceStub(channel)
        self._keys = 0

    def key(self) -> str:
        """A fresh idempotency key."""
        self._keys += 1
        return f"key-{self._keys}"

    async def submit(self, **fields: Any) -> request_event_pb2.SubmitResult:
        """Send an opened event; see `opened`."""
        event = opened(**({"event_id": self.key()} | fields))
        request = routing_service_pb2.SubmitRequest(desk=DESK, event=event)
        return (await self.routing.Submit(request)).result

    async def put_agent(self, agent_id: str = "ann", **fields: Any) -> None:
        """Put an agent of both queues and make him available."""
        profile = agent(agent_id, **fields)
        await self.agents.PutAgents(
            agent_service_pb2.PutAgentsRequest(desk=DESK, request_id=self.key(), agents=[profile])
        )
        await self.presence(agent_id, agent_pb2.PRESENCE_AVAILABLE)

    async def presence(self, agent_id: str, presence: agent_pb2.Presence) -> None:
        """Say whether the agent takes work."""
        await self.agents.SetPresence(
            agent_service_pb2.SetPresenceRequest(
                desk=DESK, request_id=self.key(), agent_id=agent_id, presence=presence
            )
        )

    async def get(self, item_id: str) -> work_item_pb2.WorkItem:
        """The item as it is."""
        request = routing_service_pb2.GetRequest(desk=DESK, item_id=item_id)
        return (await self.routing.Get(request)).item

    async def report(
        self, item_id: str, kind: request_event_pb2.ReportKind, **fields: Any
    ) -> work_item_pb2.WorkItem:
        """Report what the handling side did."""
        request = routing_service_pb2.ReportRequest(
            desk=DESK, request_id=self.key(), item_id=item_id, kind=kind, **fields
        )
        return (await self.routing.Report(request)).item

    async def offer(self, item_id: str) -> agent_pb2.Offer:
        """The pending offer of the item."""
        offers = await self.app_query(lambda world: dict(world.offers))
        found = next(each for each in offers.values() if each.item == item_id)
        return agent_pb2.Offer(
            id=found.id, item_id=item_id, agent_id=found.agent, version=found.version
        )

    async def accept(
        self, offer: agent_pb2.Offer, **changes: Any
    ) -> agent_service_pb2.AcceptResponse:
        """Take the offer as the agent it was made to."""
        fields = {
            "desk": DESK,
            "request_id": self.key(),
            "offer_id": offer.id,
            "agent_id": offer.agent_id,
            "version": offer.version,
        }
        return await self.agents.Accept(agent_service_pb2.AcceptRequest(**(fields | changes)))

    async def advance(self, **span: float) -> int:
        """Move time forward: advance(minutes=5). How many deadlines fired."""
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        total = sum(units[unit] * count for unit, count in span.items())
        by = Duration(seconds=int(total), nanos=round(total % 1 * 1e9))
        reply = await self.clock.Advance(clock_pb2.AdvanceRequest(desk=DESK, by=by))
        return int(reply.fired)

    async def app_query(self, question: Callable[[Any], Any]) -> Any:
        """Ask World itself."""
        return await next(iter(self.app.desks)).partition.query(question)

    async def trace(self) -> tuple[str, int]:
        """Hash of all of World, and the journal's seq: equal when nothing happened in between."""
        return await self.app_query(_trace)

    async def watch(self, **fields: Any) -> "Watching":
        """Follow the desk's events from now on; the stream has begun when this returns."""
        watching = self.resume(include_snapshot=True, **fields)
        while not (await watching.message()).snapshot_complete:
            pass
        return watching

    def resume(self, **fields: Any) -> "Watching":
        """Follow the desk's events as the fields say."""
        request = event_service_pb2.WatchRequest(desk=DESK, **fields)
        return Watching(self.events.Watch(request))

    async def decline(self, offer: agent_pb2.Offer) -> None:
        """Refuse the offer."""
        await self.agents.Decline(
            agent_service_pb2.DeclineRequest(
                desk=DESK,
                request_id=self.key(),
                offer_id=offer.id,
                agent_id=offer.agent_id,
                version=offer.version,
                reason="busy",
            )
        )

    def work(self, agent_id: str, presence: int = agent_pb2.PRESENCE_AVAILABLE) -> "Working":
        """Open the agent's stream and say hello."""
        return Working(self.agents.Work(), agent_id, presence)


class Watching:
    """One Watch stream and what came on it."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self.seen: list[event_pb2.Event] = []
        self.cursor = ""

    async def message(self) -> event_service_pb2.WatchResponse:
        """The next message; its events are kept."""
        async with asyncio.timeout(PATIENCE):
            message = await self.call.read()
        assert message is not aio.EOF, "the stream ended"
        self.seen += message.events
        self.cursor = message.cursor or self.cursor
        return message

    async def until(self, kind: str, **fields: Any) -> event_pb2.Event:
        """The first event of this kind with these fields, among those seen or yet to come."""
        looked_at = 0
        while True:
            for event in self.seen[looked_at:]:
                body = getattr(event, kind)
                if event.WhichOneof("body") == kind and _has(body, fields):
                    return event
            looked_at = len(self.seen)
            await self.message()

    async def alert(self, severity: str) -> alert_pb2.Alert:
        """The first alert of this severity."""
        while True:
            raised = await self.until("alert_raised")
            for event in self.seen:
                if event.alert_raised.alert.severity == severity:
                    return event.alert_raised.alert
            self.seen.remove(raised)

    def kinds(self) -> list[str]:
        """Kinds of the events seen, in order."""
        return [event.WhichOneof("body") or "" for event in self.seen]


class Working:
    """One agent's Work stream."""

    def __init__(self, call: Any, agent_id: str, presence: int) -> None:
        self.call = call
        self._hello = work_pb2.WorkRequest.Hello(agent_id=agent_id, presence=presence)

    async def start(self) -> work_pb2.WorkResponse.Leased:
        """Say hello; the lease."""
        await self.send(hello=self._hello)
        return (await self.until("leased")).leased

    async def send(self, **fields: Any) -> None:
        """Send a message of the agent's side."""
        await self.call.write(work_pb2.WorkRequest(**({"desk": DESK} | fields)))

    async def until(self, body: str) -> work_pb2.WorkResponse:
        """The next message of this kind; others are passed over."""
        while True:
            async with asyncio.timeout(PATIENCE):
                message = await self.call.read()
            assert message is not aio.EOF, "the stream ended"
            if message.WhichOneof("body") == body:
                return message

    async def accept(self, offer: agent_pb2.Offer, key: str) -> work_pb2.WorkResponse.AnswerResult:
        """Take the offer; what became of it."""
        accept = work_pb2.WorkRequest.Accept(offer_id=offer.id, version=offer.version)
        await self.send(request_id=key, accept=accept)
        return (await self.until("answer_result")).answer_result


def _has(body: Any, fields: dict[str, Any]) -> bool:
    return all(getattr(body, name) == value for name, value in fields.items())


def _trace(world: Any) -> tuple[str, int]:
    encoded = b"".join(frames(freeze(world, dev=True)))
    return hashlib.sha256(encoded).hexdigest(), world.seq


def opened(**fields: Any) -> request_event_pb2.RequestEvent:
    """A question by e-mail of a customer; labels are given as plain values."""
    plain: dict[str, Any] = {
        "event_id": "event-1",
        "kind": request_event_pb2.REQUEST_KIND_OPENED,
        "channel": "email",
        "customer_id": "customer-1",
        "labels": {"topic": "question"},
    }
    told = plain | fields
    told["labels"] = {name: label(value) for name, value in told["labels"].items()}
    return request_event_pb2.RequestEvent(**told)


def label(value: Any) -> work_item_pb2.LabelValue:
    """A label's value from a plain one."""
    if isinstance(value, work_item_pb2.LabelValue):
        return value
    if isinstance(value, bool):
        return work_item_pb2.LabelValue(boolean=value)
    if isinstance(value, int):
        return work_item_pb2.LabelValue(integer=value)
    if isinstance(value, str):
        return work_item_pb2.LabelValue(text=value)
    return work_item_pb2.LabelValue(list=work_item_pb2.StringList(values=value))


def agent(agent_id: str = "ann", **fields: Any) -> agent_pb2.Agent:
    """A profile that fits every item of the pack."""
    plain: dict[str, Any] = {
        "id": agent_id,
        "skills": {"repair": 3},
        "queues": ["front", "experts"],
        "team": "first",
        "capacity": 2,
    }
    return agent_pb2.Agent(**(plain | fields))


@asynccontextmanager
async def serving(**changes: Any) -> AsyncIterator[Client]:
    """A running service and a client of it."""
    async with (
        running_app(settings(**changes)) as app,
        aio.insecure_channel(app.address) as channel,
    ):
        yield Client(channel, app)
