"""Calls as values: each function gives a call that a table can hold and a test can make."""

from collections.abc import Awaitable, Callable
from typing import Any

from grpc import aio

from routing_service.pb.routing.dev.v1 import clock_pb2
from routing_service.pb.routing.v1 import (
    agent_pb2,
    agent_service_pb2,
    event_service_pb2,
    request_event_pb2,
    routing_service_pb2,
    rulebook_service_pb2,
    work_pb2,
)
from routing_service.server import cursor
from tests.e2e.desk_client import DESK, PACK, Client, opened

Call = Callable[[Client], Awaitable[Any]]

OPEN = "it0000000001"
"""The item calls are about unless they say otherwise."""


def submit(**fields: Any) -> Call:
    def call(client: Client) -> Awaitable[Any]:
        return client.submit(**fields)

    return call


def submitted_to(desk: str) -> Call:
    request = routing_service_pb2.SubmitRequest(desk=desk, event=opened())
    return lambda client: client.routing.Submit(request)


def report(**fields: Any) -> Call:
    plain = {
        "desk": DESK,
        "request_id": "report-1",
        "item_id": OPEN,
        "kind": request_event_pb2.REPORT_KIND_RESPONDED,
    }
    request = routing_service_pb2.ReportRequest(**(plain | fields))
    return lambda client: client.routing.Report(request)


def cancel(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "cancel-1", "item_id": OPEN}
    request = routing_service_pb2.CancelRequest(**(plain | fields))
    return lambda client: client.routing.Cancel(request)


def merge(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "merge-1", "item_id": OPEN}
    request = routing_service_pb2.MergeRequest(**(plain | fields))
    return lambda client: client.routing.Merge(request)


def link(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "link-1", "item_id": OPEN}
    request = routing_service_pb2.LinkRequest(**(plain | fields))
    return lambda client: client.routing.Link(request)


def collaborate(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "aid-1", "item_id": OPEN}
    request = routing_service_pb2.SetCollaboratorsRequest(**(plain | fields))
    return lambda client: client.routing.SetCollaborators(request)


def get(item_id: str) -> Call:
    request = routing_service_pb2.GetRequest(desk=DESK, item_id=item_id)
    return lambda client: client.routing.Get(request)


def listed(after: str = "", **fields: Any) -> Call:
    request = routing_service_pb2.ListRequest(desk=DESK, page_token=after, **fields)
    return lambda client: client.routing.List(request)


def put_agents(*agents: agent_pb2.Agent) -> Call:
    request = agent_service_pb2.PutAgentsRequest(desk=DESK, request_id="put-1", agents=agents)
    return lambda client: client.agents.PutAgents(request)


def presence(**fields: Any) -> Call:
    plain = {
        "desk": DESK,
        "request_id": "presence-1",
        "agent_id": "ann",
        "presence": agent_pb2.PRESENCE_AVAILABLE,
    }
    request = agent_service_pb2.SetPresenceRequest(**(plain | fields))
    return lambda client: client.agents.SetPresence(request)


def accept(**fields: Any) -> Call:
    plain = {
        "desk": DESK,
        "request_id": "accept-1",
        "offer_id": "of0000000001",
        "agent_id": "ann",
        "version": 2,
    }
    request = agent_service_pb2.AcceptRequest(**(plain | fields))
    return lambda client: client.agents.Accept(request)


def complete(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "done-1", "item_id": OPEN, "agent_id": "ann"}
    request = agent_service_pb2.CompleteRequest(**(plain | fields))
    return lambda client: client.agents.Complete(request)


def work(*messages: work_pb2.WorkRequest) -> Call:
    async def call(client: Client) -> None:
        stream = client.agents.Work()
        for message in messages:
            await stream.write(message)
        while await stream.read() is not aio.EOF:
            pass

    return call


def watch(**fields: Any) -> Call:
    request = event_service_pb2.WatchRequest(**({"desk": DESK} | fields))

    async def call(client: Client) -> None:
        await client.events.Watch(request).read()

    return call


def ack(**fields: Any) -> Call:
    plain = {"desk": DESK, "consumer": "pager", "cursor": at(1)}
    request = event_service_pb2.AckRequest(**(plain | fields))
    return lambda client: client.events.Ack(request)


def activate(**changes: str) -> Call:
    """The pack with these files changed, named without .yaml."""
    files = {file.name: file.read_text() for file in PACK.glob("*.yaml")}
    files |= {f"{name}.yaml": text for name, text in changes.items()}
    request = rulebook_service_pb2.ActivateRequest(desk=DESK, request_id="act-1", files=files)
    return lambda client: client.rulebooks.Activate(request)


def evaluate(**fields: Any) -> Call:
    request = rulebook_service_pb2.EvaluateRequest(**({"desk": DESK, "channel": "email"} | fields))
    return lambda client: client.rulebooks.Evaluate(request)


def advance(**fields: Any) -> Call:
    request = clock_pb2.AdvanceRequest(**({"desk": DESK} | fields))
    return lambda client: client.clock.Advance(request)


def batch(*events: request_event_pb2.RequestEvent, desk: str = DESK) -> Call:
    async def call(client: Client) -> None:
        stream = client.routing.SubmitStream()
        await stream.write(routing_service_pb2.SubmitStreamRequest(desk=desk, events=events))
        await stream.read()

    return call


def at(seq: int, desk: str = DESK) -> str:
    return cursor.write(desk, cursor.Place(seq))


def hello(**fields: Any) -> work_pb2.WorkRequest:
    greeting = work_pb2.WorkRequest.Hello(**({"agent_id": "ann"} | fields))
    return work_pb2.WorkRequest(desk=DESK, hello=greeting)


def transfer(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "transfer-1", "item_id": OPEN}
    request = routing_service_pb2.TransferRequest(**(plain | fields))
    return lambda client: client.routing.Transfer(request)


def switch(**fields: Any) -> Call:
    plain = {"desk": DESK, "request_id": "switch-1", "queue": "front"}
    request = rulebook_service_pb2.SwitchStrategyRequest(**(plain | fields))
    return lambda client: client.rulebooks.SwitchStrategy(request)
