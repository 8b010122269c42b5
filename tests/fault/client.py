"""How the fault tests speak with the service: stubs on one channel, calls kept up over faults."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Self, TypeVar

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from grpc import aio
from grpc_status import rpc_status

from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1.agent_service_pb2_grpc import AgentServiceStub
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.pb.routing.v1.work_item_pb2 import LabelValue, WorkItem
from tests.fault.server_process import OWN_CONNECTION
from tests.fault.workload import DESK

UNKNOWN_OUTCOME = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)
"""Codes after which proto/README.md says: repeat with the same key."""
CALL_SECONDS = 10.0
PATIENCE_SECONDS = 60.0
Reply = TypeVar("Reply")


class Client:
    """All services on a connection of its own."""

    def __init__(self, address: str) -> None:
        self.channel = aio.insecure_channel(address, options=OWN_CONNECTION)
        self.routing = RoutingServiceStub(self.channel)
        self.agents = AgentServiceStub(self.channel)
        self.events = EventServiceStub(self.channel)
        self.rulebook = RulebookServiceStub(self.channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()

    async def items(self) -> dict[str, WorkItem]:
        """Every item in the service's memory, by id."""
        found: dict[str, WorkItem] = {}
        page = calls.ListRequest(desk=DESK, page_size=500)
        while True:
            reply = await kept(self.routing.List, page)
            found |= {item.id: item for item in reply.items}
            if not reply.next_page_token:
                return found
            page.page_token = reply.next_page_token


async def kept(call: Callable[..., Awaitable[Reply]], request: object) -> Reply:
    """Repeat the request until its outcome is known; any other error is the caller's."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            return await call(request, timeout=CALL_SECONDS)
        except aio.AioRpcError as error:
            late = asyncio.get_running_loop().time() > deadline
            if error.code() not in UNKNOWN_OUTCOME or late:
                raise
        await asyncio.sleep(0.05)


def reason_of(error: aio.AioRpcError) -> str:
    """The stable reason in the details of a status; empty when it carries none."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # takes aio's error as well
    for detail in status.details if status else ():
        info = ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""


def opened(event_id: str, **labels: str) -> requests.RequestEvent:
    """A new request on the phone."""
    return requests.RequestEvent(
        event_id=event_id,
        kind=requests.REQUEST_KIND_OPENED,
        channel="phone",
        customer_id=f"customer of {event_id}",
        labels={name: LabelValue(text=text) for name, text in labels.items()},
        text="It does not work.",
    )


def submission(event_id: str, **labels: str) -> calls.SubmitRequest:
    """The same as a request to Submit."""
    return calls.SubmitRequest(desk=DESK, event=opened(event_id, **labels))


def batches(everything: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """In order, `size` at a time."""
    return (everything[start : start + size] for start in range(0, len(everything), size))
