"""Everybody who uses the service while it is being killed: writers, agents, watchers, reloads.

Each repeats what has an unknown outcome with the same key and notes answers in the ledger; an
answer that no client should get is noted there, too.
"""

import asyncio
import contextlib
import random
from collections.abc import Coroutine
from itertools import count
from pathlib import Path
from typing import Any

from routing_service.pb.routing.v1 import rulebook_service_pb2 as rulebooks
from routing_service.pb.routing.v1.event_pb2 import Event
from tests.fault import crew, followers
from tests.fault.client import Client, kept, submission
from tests.fault.ledger import Ledger
from tests.fault.workload import DESK

WRITERS = 8
FORGETFUL = 0.1
"""Share of events that an adapter sends again although it was answered."""
WRITE_PAUSE, RELOAD_PAUSE = 0.04, 0.4


class Traffic:
    """All the clients. `begin`, then whatever happens to the server, then `end`."""

    def __init__(self, address: str, pack: Path, ledger: Ledger, rng: random.Random) -> None:
        self.by_cursor: list[str] = []
        self.by_name: list[str] = []
        self._address = address
        self._pack = pack
        self._ledger = ledger
        self._rng = rng
        self._stopping = asyncio.Event()
        self._clients: list[Client] = []
        self._writing: list[asyncio.Task[None]] = []
        self._working: list[asyncio.Task[None]] = []
        self._following: list[asyncio.Task[None]] = []
        self._by_calls = crew.ByCalls(self._client(), ledger, rng)

    async def begin(self) -> str:
        """Sign everybody in and start; the cursor before the first item."""
        start = await crew.sign_in(self._client())
        await followers.acknowledge(self._client(), start)
        self._writing = _tasks(*(self._write(number) for number in range(WRITERS)), self._reload())
        self._working = _tasks(
            *(crew.ByStream(self._client(), self._ledger, agent).work() for agent in crew.BY_STREAM)
        )
        self._following = _tasks(
            followers.by_cursor(self._client(), start, self._note),
            followers.by_name(
                self._client(), self._rng, lambda event: self.by_name.append(event.id)
            ),
        )
        return start

    async def end(self) -> None:
        """Bring everything in flight home; watchers see the last event before they leave."""
        self._stopping.set()
        await asyncio.gather(*self._writing)
        await self._by_calls.settled()
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await followers.make_last_event(self._clients[0])
        await asyncio.gather(*self._following)
        await self._by_calls.settled()
        for client in self._clients:
            await client.channel.close()

    def failures(self) -> list[BaseException]:
        """What ended a client before its time."""
        tasks = [*self._writing, *self._working, *self._following]
        ended = [task for task in tasks if task.done() and not task.cancelled()]
        return [error for task in ended if (error := task.exception())]

    def _client(self) -> Client:
        self._clients.append(Client(self._address))
        return self._clients[-1]

    def _note(self, event: Event) -> None:
        self.by_cursor.append(event.id)
        self._by_calls.note(event)

    async def _pause(self, longest: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), self._rng.uniform(0, longest))

    async def _write(self, writer: int) -> None:
        client = self._client()
        for number in count():
            if self._stopping.is_set():
                return
            await self._submit(client, f"{writer}-{number}")
            if self._rng.random() < FORGETFUL:
                await self._submit(client, f"{writer}-{self._rng.randint(0, number)}")
            await self._pause(WRITE_PAUSE)

    async def _submit(self, client: Client, event: str) -> None:
        queue = crew.QUEUES[sum(event.encode()) % len(crew.QUEUES)]
        reply = await kept(client.routing.Submit, submission(event, assignment_group=queue))
        self._ledger.submitted(event, reply.result.item_id)

    async def _reload(self) -> None:
        """One version of the rules after another: written to the folder, then put in force."""
        client = self._client()
        told = (self._pack / "pack.yaml").read_text("utf-8")
        for number in count(1):
            if self._stopping.is_set():
                return
            self._ledger.reload_asked = number
            written = self._pack / "pack.new"
            written.write_text(told.replace('version: "1"', f'version: "{number}"'), "utf-8")
            written.replace(self._pack / "pack.yaml")
            activate = rulebooks.ActivateRequest(desk=DESK, request_id=f"reload-{number}")
            await kept(client.rulebook.Activate, activate)
            self._ledger.reload_done = number
            await self._pause(RELOAD_PAUSE)


def _tasks(*work: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(each) for each in work]
