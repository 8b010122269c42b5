"""Watchers who go on over every break: one by its cursor, one by its name and acknowledgements."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable

from grpc import aio

from routing_service.pb.routing.v1 import agent_pb2
from routing_service.pb.routing.v1 import agent_service_pb2 as agents
from routing_service.pb.routing.v1 import event_service_pb2 as events
from routing_service.pb.routing.v1.event_pb2 import Event
from tests.fault.client import UNKNOWN_OUTCOME, Client, kept
from tests.fault.workload import DESK

CONSUMER = "ledger"
LAST = "the last event"


async def acknowledge(client: Client, cursor: str) -> None:
    """Say that the consumer has everything up to the cursor."""
    ack = events.AckRequest(desk=DESK, consumer=CONSUMER, cursor=cursor)
    await kept(client.events.Ack, ack)


async def make_last_event(client: Client) -> None:
    """Something that every follower knows as the end."""
    agent = agent_pb2.Agent(id=LAST, capacity=1)
    put = agents.PutAgentsRequest(desk=DESK, request_id=LAST, agents=[agent])
    await kept(client.agents.PutAgents, put)


async def by_cursor(client: Client, after: str, note: Callable[[Event], None]) -> None:
    """Everything after the cursor up to the last event; nothing may come twice."""
    request = events.WatchRequest(desk=DESK, after=after)
    while True:
        async for response in _responses(client, request):
            request.after = response.cursor
            for event in response.events:
                note(event)
                if _is_last(event):
                    return


async def by_name(client: Client, rng: random.Random, note: Callable[[Event], None]) -> None:
    """The same by acknowledgements now and then: what is not acknowledged comes again."""
    request = events.WatchRequest(desk=DESK, consumer=CONSUMER)
    while True:
        async for response in _responses(client, request):
            for event in response.events:
                note(event)
                if _is_last(event):
                    return
            if rng.random() < 0.2:
                await acknowledge(client, response.cursor)


def _is_last(event: Event) -> bool:
    return bool(event.agent_changed.agent_id == LAST)


async def _responses(
    client: Client, request: events.WatchRequest
) -> AsyncIterator[events.WatchResponse]:
    """One watch until it breaks, which is no failure: the follower watches again."""
    stream = client.events.Watch(request)
    try:
        async for response in stream:
            yield response
    except aio.AioRpcError as error:
        if error.code() not in UNKNOWN_OUTCOME:
            raise
    finally:
        stream.cancel()
    await asyncio.sleep(0.05)
