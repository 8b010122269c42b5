"""R9 and R12: clients who stop reading, stop living or all come back cost the others nothing."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from grpc import aio

from routing_service.pb.routing.v1 import agent_pb2
from routing_service.pb.routing.v1 import agent_service_pb2 as agents
from routing_service.pb.routing.v1 import event_service_pb2 as events
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1.event_pb2 import AGENT_STEP_LOSE, Event
from tests.fault.client import Client, opened, reason_of, submission
from tests.fault.server_process import ROOT, ServerProcess, serving
from tests.fault.workload import DESK

FULL = int(os.environ.get("COUNT", "50")) >= 50
"""R12 moves tens of megabytes for minutes: not a part of the few rounds of CI."""
FROZEN_SUBSCRIBERS = 50
PLENTY_BYTES = 20_000_000
"""More than a subscriber's connection takes before its writer must wait: about 4 MB."""
BATCH = 50
RETURNING_SUBSCRIBERS = 30
PATIENCE_SECONDS = 20.0
COST_MB = 100.0
"""What the frozen ones may cost together, beyond what the same load costs without them."""


@contextlib.asynccontextmanager
async def working(server: ServerProcess, agent: str) -> AsyncIterator[Process]:
    """An agent's desktop as a process."""
    command = [sys.executable, "-m", "tests.fault.work_client", server.address, agent]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def next_line(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)).decode().strip()


async def line_starting(process: Process, start: str) -> None:
    while not (await next_line(process)).startswith(start):
        pass


async def told(client: Client, after: str, *kinds: str) -> list[Event]:
    """The first event of each of these kinds after the last one's, in this order."""
    found: list[Event] = []
    stream = client.events.Watch(events.WatchRequest(desk=DESK, after=after))
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for response in stream:
            for event in response.events:
                if len(found) < len(kinds) and event.WhichOneof("body") == kinds[len(found)]:
                    found.append(event)
            if len(found) == len(kinds):
                break
    stream.cancel()
    return found


async def put(client: Client, *names: str) -> str:
    profiles = [agent_pb2.Agent(id=name, queues=["service_desk"], capacity=1) for name in names]
    request = agents.PutAgentsRequest(desk=DESK, request_id="put", agents=profiles)
    return str((await client.agents.PutAgents(request)).cursor)


async def available(client: Client, agent: str) -> None:
    presence = agents.SetPresenceRequest(
        desk=DESK,
        request_id=f"in-{agent}",
        agent_id=agent,
        presence=agent_pb2.PRESENCE_AVAILABLE,
    )
    await client.agents.SetPresence(presence)


async def test_offer_of_an_agent_whose_desktop_froze_goes_to_another(tmp_path: Path) -> None:
    with serving(tmp_path, lease_seconds=1.5, lease_grace_seconds=0.2) as server:
        async with Client(server.address) as client:
            start = await put(client, "frozen", "lively")
            async with working(server, "frozen") as desktop:
                heard = [await next_line(desktop)]
                item = (await client.routing.Submit(submission("one"))).result.item_id
                heard.append(await next_line(desktop))
                desktop.send_signal(signal.SIGSTOP)
                await available(client, "lively")
                log = await told(client, start, "offer_made", "offer_moved", "offer_made")
                first, ended, second = log[0].offer_made.offer, log[1].offer_moved, log[2]
                desktop.send_signal(signal.SIGCONT)
                await line_starting(desktop, "ended")
        ended_with = [line["reason"] for line in server.told("call") if "Work" in line["rpc"]]

    assert ["leased", f"offer_made {first.id}"] == heard[:2]
    assert ("frozen", item) == (first.agent_id, first.item_id)
    assert (first.id, agent_pb2.OFFER_STATE_VOIDED) == (ended.offer_id, ended.state)
    assert "lively" == second.offer_made.offer.agent_id
    assert item == second.offer_made.offer.item_id
    assert ["LEASE_LOST"] == ended_with  # a client that writes meanwhile hears of a broken stream


async def test_item_in_hand_of_an_agent_whose_desktop_froze_stays_his_and_he_is_fenced(
    tmp_path: Path,
) -> None:
    """He answers late, through a client of a lease that is over: refused, nothing is lost."""
    with serving(tmp_path, lease_seconds=1.5, lease_grace_seconds=0.2) as server:
        async with Client(server.address) as client:
            start = await put(client, "frozen", "lively")
            async with working(server, "frozen") as desktop:
                await line_starting(desktop, "leased")
                item = (await client.routing.Submit(submission("one"))).result.item_id
                made = (await told(client, start, "offer_made"))[0].offer_made.offer
                answer = agents.AcceptRequest(
                    desk=DESK,
                    request_id="take",
                    offer_id=made.id,
                    agent_id="frozen",
                    version=made.version,
                )
                await client.agents.Accept(answer)
                desktop.send_signal(signal.SIGSTOP)
                lost = await lost_of(client, start, "frozen")
                await available(client, "lively")
                desktop.send_signal(signal.SIGCONT)
                await line_starting(desktop, "ended")
            kept = (await client.routing.Get(calls.GetRequest(desk=DESK, item_id=item))).item

    assert agent_pb2.PRESENCE_OFFLINE == lost.agent_changed.presence
    assert ("frozen", item) == (kept.owner, kept.id)


async def lost_of(client: Client, after: str, agent: str) -> Event:
    """The event that tells that the agent's lease ran out."""
    stream = client.events.Watch(events.WatchRequest(desk=DESK, after=after))
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for response in stream:
            for event in response.events:
                changed = event.agent_changed
                if changed.agent_id == agent and changed.step == AGENT_STEP_LOSE:
                    stream.cancel()
                    return event
    raise AssertionError(agent)


class Reader:
    """A subscriber who reads at once, and causes what he reads."""

    def __init__(self, client: Client, start: str) -> None:
        self.ids: list[str] = []
        self.cursor = start
        self._client = client
        self._stream = client.events.Watch(events.WatchRequest(desk=DESK, after=start))
        self._start = start
        self._batches = 0

    async def read_plenty(self) -> float:
        """Batch after batch, each read before the next is made; the longest took these seconds."""
        received, slowest = 0, 0.0
        while received < PLENTY_BYTES:
            began = time.monotonic()
            await self._flood()
            received += await self._read_batch()
            slowest = max(slowest, time.monotonic() - began)
        return slowest

    async def again(self) -> list[str]:
        """Read the same anew."""
        ids: list[str] = []
        stream = self._client.events.Watch(events.WatchRequest(desk=DESK, after=self._start))
        while len(ids) < len(self.ids):
            response = await asyncio.wait_for(stream.read(), PATIENCE_SECONDS)
            ids += [event.id for event in response.events]
        stream.cancel()
        return ids

    async def _flood(self) -> None:
        """Items with as many words in their labels as such items ever have."""
        self._batches += 1
        labels = {"category": "c" * 200, "subcategory": "s" * 200, "symptom": "y" * 200}
        batch = [opened(f"{self._batches}-{place}", **labels) for place in range(BATCH)]
        stream = self._client.routing.SubmitStream()
        await stream.write(calls.SubmitStreamRequest(desk=DESK, events=batch))
        outcomes = (await stream.read()).outcomes
        await stream.done_writing()

        assert {"result"} == {outcome.WhichOneof("outcome") for outcome in outcomes}

    async def _read_batch(self) -> int:
        seen = received = 0
        while seen < BATCH:
            response = await asyncio.wait_for(self._stream.read(), PATIENCE_SECONDS)
            received += response.ByteSize()
            self.cursor = response.cursor
            self.ids += [event.id for event in response.events]
            seen += sum(event.HasField("item_opened") for event in response.events)
        return received


@pytest.mark.slow_fault
@pytest.mark.skipif(not FULL, reason="R12 runs with the full count of `make faults`")
@pytest.mark.timeout(600)
async def test_subscribers_who_never_read_cost_bounded_memory_and_the_reader_nothing(
    tmp_path: Path,
) -> None:
    memory, slowest = [], []
    with serving(tmp_path) as server:
        async with contextlib.AsyncExitStack() as stack:
            client = await stack.enter_async_context(Client(server.address))
            start = await put(client, "nobody")
            reader = Reader(client, start)
            for frozen_now in (0, 0, FROZEN_SUBSCRIBERS):  # first: caches fill
                others = [
                    await stack.enter_async_context(Client(server.address))
                    for _ in range(frozen_now)
                ]
                frozen = [
                    other.events.Watch(events.WatchRequest(desk=DESK, after=reader.cursor))
                    for other in others
                ]
                slowest.append(await reader.read_plenty())
                memory.append(server.resident_mb)
            await until_let_go(server, len(frozen))  # one read sooner would rescue its reader
            endings = [await ending(stream) for stream in frozen]
            again = await reader.again()
    alone, beside = memory[1] - memory[0], memory[2] - memory[1]
    print(
        f"memory {memory[0]:.0f} MB, +{alone:.0f} MB alone, +{beside:.0f} MB beside"
        f" {FROZEN_SUBSCRIBERS} frozen; slowest batch {slowest[1]:.2f} s, {slowest[2]:.2f} s"
    )

    assert again == reader.ids
    assert beside - alone < COST_MB
    assert {"SUBSCRIBER_TOO_SLOW"} == set(endings)


async def whole_log(client: Client, start: str, count: int) -> list[str]:
    """Ids of that many events after the start."""
    ids: list[str] = []
    stream = client.events.Watch(events.WatchRequest(desk=DESK, after=start))
    while len(ids) < count:
        response = await asyncio.wait_for(stream.read(), PATIENCE_SECONDS)
        ids += [event.id for event in response.events]
    stream.cancel()
    return ids[:count]


@pytest.mark.slow_fault
@pytest.mark.skipif(not FULL, reason="R12 runs with the full count of `make faults`")
@pytest.mark.timeout(600)
async def test_subscribers_who_all_come_back_at_once_do_not_hold_up_the_desk(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as server:
        async with Client(server.address) as client:
            start = await put(client, "nobody")
            reader = Reader(client, start)
            await reader.read_plenty()
        server.stop()
        server.start()  # nothing is in memory now: all of it comes from the journal
        async with contextlib.AsyncExitStack() as stack:
            clients = [
                await stack.enter_async_context(Client(server.address))
                for _ in range(RETURNING_SUBSCRIBERS)
            ]
            began = time.monotonic()
            returning = asyncio.gather(
                *(whole_log(each, start, len(reader.ids)) for each in clients)
            )
            waits = []
            writer = await stack.enter_async_context(Client(server.address))
            while not returning.done():
                asked = time.monotonic()
                await writer.routing.Submit(submission(f"meanwhile-{len(waits)}"))
                waits.append(time.monotonic() - asked)
                await asyncio.sleep(0.05)
            logs = await returning
    print(
        f"{len(clients)} subscribers read {len(reader.ids)} events each in"
        f" {time.monotonic() - began:.1f} s; {len(waits)} submits meanwhile,"
        f" the slowest {max(waits):.2f} s"
    )

    assert all(log == reader.ids for log in logs)
    assert max(waits) < PATIENCE_SECONDS


async def until_let_go(server: ServerProcess, count: int) -> None:
    """The server's log says of so many subscribers that they were too slow."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while _let_go(server) < count:  # noqa: ASYNC110 - a log of another process tells no events
            await asyncio.sleep(0.2)


def _let_go(server: ServerProcess) -> int:
    return sum(call["reason"] == "SUBSCRIBER_TOO_SLOW" for call in server.told("call"))


async def ending(stream: "aio.UnaryStreamCall[events.WatchRequest, events.WatchResponse]") -> str:
    """Read what is left; the reason at the end."""
    try:
        while await asyncio.wait_for(stream.read(), 30) is not aio.EOF:
            continue
    except aio.AioRpcError as error:
        return reason_of(error) or f"{error.code().name}: {error.details()}"
    return "none"
