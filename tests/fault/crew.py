"""The agents of the kill test, on Work streams and by single calls. All solve what they get."""

import asyncio
import random
from collections.abc import AsyncIterator

from grpc import aio

from routing_service.pb.routing.v1 import agent_pb2, work_pb2
from routing_service.pb.routing.v1 import agent_service_pb2 as agents
from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1.event_pb2 import Event
from tests.fault.client import UNKNOWN_OUTCOME, Client, kept, reason_of
from tests.fault.ledger import Ledger
from tests.fault.workload import DESK

BY_STREAM = ("stream-a", "stream-b", "stream-c")
BY_CALLS = ("calls-a", "calls-b", "calls-c")
QUEUES = ("group-1", "group-2", "group-3")
CAPACITY = 4
LOST_RACE = frozenset({"OFFER_NOT_PENDING", "OFFER_NOT_YOURS"})
Stream = aio.StreamStreamCall[work_pb2.WorkRequest, work_pb2.WorkResponse]


async def sign_in(client: Client) -> str:
    """Put all agents; those without a stream become available. The cursor before that."""
    everybody = [
        agent_pb2.Agent(id=agent, queues=QUEUES, capacity=CAPACITY)
        for agent in (*BY_STREAM, *BY_CALLS)
    ]
    put = agents.PutAgentsRequest(desk=DESK, request_id="agents", agents=everybody)
    start = (await kept(client.agents.PutAgents, put)).cursor
    for agent in BY_CALLS:
        available = agents.SetPresenceRequest(
            desk=DESK,
            request_id=f"in-{agent}",
            agent_id=agent,
            presence=agent_pb2.PRESENCE_AVAILABLE,
        )
        await kept(client.agents.SetPresence, available)
    return str(start)


async def finish(client: Client, item: str, agent: str) -> None:
    """Hands free for the next one, and this one solved."""
    done = agents.CompleteRequest(
        desk=DESK, request_id=f"done-{item}", item_id=item, agent_id=agent
    )
    await kept(client.agents.Complete, done)
    report = calls.ReportRequest(
        desk=DESK, request_id=f"solved-{item}", item_id=item, kind=requests.REPORT_KIND_RESOLVED
    )
    await kept(client.routing.Report, report)


class ByStream:
    """An agent on a Work stream that is opened again whenever it breaks."""

    def __init__(self, client: Client, ledger: Ledger, agent: str) -> None:
        self._client = client
        self._ledger = ledger
        self._agent = agent

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            stream = self._client.agents.Work()
            try:
                hello = work_pb2.WorkRequest.Hello(
                    agent_id=self._agent, presence=agent_pb2.PRESENCE_AVAILABLE
                )
                await stream.write(work_pb2.WorkRequest(desk=DESK, hello=hello))
                async for message in _messages(stream):
                    await self._handle(stream, message)
            except aio.AioRpcError as error:
                if error.code() not in UNKNOWN_OUTCOME:
                    self._ledger.wrong.append(f"Work ended: {error.code()} {reason_of(error)}")
            except asyncio.InvalidStateError:
                pass  # the stream broke between a read and a write
            finally:
                stream.cancel()
            await asyncio.sleep(0.05)

    async def _handle(self, stream: Stream, message: work_pb2.WorkResponse) -> None:
        match message.WhichOneof("body"):
            case "leased":
                for item in message.leased.held_item_ids:
                    await finish(self._client, item, self._agent)
            case "offer_made":
                await stream.write(_accept(message.offer_made.offer))
            case "answer_result":
                await self._answered(message.answer_result)

    async def _answered(self, result: work_pb2.WorkResponse.AnswerResult) -> None:
        if result.WhichOneof("outcome") == "done":
            self._ledger.accepted(result.done.item.id, result.done.item.owner)
            await finish(self._client, result.done.item.id, self._agent)
        elif result.failure.reason not in LOST_RACE:
            self._ledger.wrong.append(f"accept on a stream was refused: {result.failure.reason}")


class ByCalls:
    """Agents who answer the offers that the log tells of by Accept."""

    def __init__(self, client: Client, ledger: Ledger, rng: random.Random) -> None:
        self._client = client
        self._ledger = ledger
        self._rng = rng
        self._handling: set[asyncio.Task[None]] = set()

    def note(self, event: Event) -> None:
        """Take the offer, when the event is one to these agents."""
        offer = event.offer_made.offer
        if offer.agent_id in BY_CALLS:
            task = asyncio.create_task(self._take(offer))
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)

    async def settled(self) -> None:
        """Until no offer is being answered."""
        while self._handling:
            await asyncio.gather(*self._handling)

    async def _take(self, offer: agent_pb2.Offer) -> None:
        """Accept it twice at once under different keys, and once in another agent's name."""
        rival = next(agent for agent in BY_CALLS if agent != offer.agent_id)
        attempts = [(offer.agent_id, "1"), (offer.agent_id, "2"), (rival, "3")]
        self._rng.shuffle(attempts)
        won = await asyncio.gather(*(self._attempt(offer, *attempt) for attempt in attempts))
        if sum(won) != 1:
            self._ledger.wrong.append(f"{offer.id} was accepted {sum(won)} times")
        await finish(self._client, offer.item_id, offer.agent_id)

    async def _attempt(self, offer: agent_pb2.Offer, agent: str, key: str) -> bool:
        request = agents.AcceptRequest(
            desk=DESK,
            request_id=f"accept-{offer.id}-{key}",
            offer_id=offer.id,
            agent_id=agent,
            version=offer.version,
        )
        try:
            item = (await kept(self._client.agents.Accept, request)).item
        except aio.AioRpcError as error:
            if reason_of(error) not in LOST_RACE:
                self._ledger.wrong.append(f"accept failed: {error.code()} {reason_of(error)}")
            return False
        self._ledger.accepted(item.id, item.owner)
        return True


def _accept(offer: agent_pb2.Offer) -> work_pb2.WorkRequest:
    accept = work_pb2.WorkRequest.Accept(offer_id=offer.id, version=offer.version)
    return work_pb2.WorkRequest(desk=DESK, request_id=f"accept-{offer.id}", accept=accept)


async def _messages(stream: Stream) -> AsyncIterator[work_pb2.WorkResponse]:
    while (message := await stream.read()) is not aio.EOF:
        yield message
