"""Faults of ours and too much at once: what callers see, and what only the log sees."""

import asyncio
import logging
from typing import Any

import grpc
import pytest

from routing_service.pb.routing.v1 import routing_service_pb2
from routing_service.server.metric_names import ERRORS
from tests.e2e.desk_client import DESK, Client, opened, serving
from tests.e2e.errors import error_info, failure, retry_info

INSIDE = "/etc/passwd of the server"


@pytest.fixture
def broken(desk: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A desk with a bug in the way to its partition."""

    async def fail(*_: Any) -> None:
        raise ValueError(INSIDE)

    partition = next(iter(desk.app.desks)).partition
    monkeypatch.setattr(partition, "ask", fail)
    return desk


async def test_fault_shows_an_id_and_no_insides(broken: Client) -> None:
    error = await failure(broken.submit())
    info = error_info(error)

    assert error.code() == grpc.StatusCode.INTERNAL
    assert info.reason == "INTERNAL"
    assert info.metadata["error_id"] in (error.details() or "")
    assert INSIDE not in str(error)


async def test_fault_is_logged_with_its_stack_under_the_same_id(
    broken: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        error = await failure(broken.submit())
    (record,) = [each for each in caplog.records if each.getMessage() == "fault"]

    assert vars(record)["error_id"] == error_info(error).metadata["error_id"]
    assert record.exc_info


async def test_fault_is_counted(broken: Client) -> None:
    await failure(broken.submit())
    counted = broken.app.metrics.registry.get_sample_value(ERRORS.name, {"reason": "INTERNAL"})

    assert counted == 1


async def test_fault_in_one_batch_is_told_in_it(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    partition = next(iter(desk.app.desks)).partition

    def fail(requests: Any) -> asyncio.Future[list[Exception]]:
        answer: asyncio.Future[list[Exception]] = asyncio.get_running_loop().create_future()
        answer.set_result([ValueError(INSIDE) for _ in requests])
        return answer

    monkeypatch.setattr(partition, "put", fail)
    stream = desk.routing.SubmitStream()
    request = routing_service_pb2.SubmitStreamRequest(desk=DESK, events=[opened()])
    await stream.write(request)
    (outcome,) = (await stream.read()).outcomes

    assert outcome.failure.reason == "INTERNAL"
    assert INSIDE not in str(outcome)


async def test_full_inbox_says_when_to_retry() -> None:
    async with serving() as desk:
        next(iter(desk.app.desks)).partition.inbox.limit = 0
        error = await failure(desk.submit())
        (retry,) = retry_info(error)

        assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert error_info(error).reason == "INBOX_FULL"
        assert retry.retry_delay.ToMilliseconds() > 0


async def test_full_inbox_refuses_each_event_of_a_batch() -> None:
    async with serving(inbox_limit=1) as desk:
        stream = desk.routing.SubmitStream()
        events = [opened(event_id="a"), opened(event_id="b")]
        request = routing_service_pb2.SubmitStreamRequest(desk=DESK, events=events)
        await stream.write(request)
        outcomes = (await stream.read()).outcomes

        assert [outcome.failure.reason for outcome in outcomes] == ["INBOX_FULL"] * 2


async def test_call_is_logged_without_who_it_is_about(
    desk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="routing_service"):
        await desk.submit(customer_id="Erika Mustermann", text="my secret", tags={"a": "hidden"})
    line = next(each for each in caplog.records if each.getMessage() == "call")
    fields = vars(line)

    assert (fields["rpc"], fields["code"]) == ("routing.v1.RoutingService/Submit", "OK")
    assert fields["took_ms"] > 0
    assert not [word for word in ("Erika", "secret", "hidden") if word in caplog.text]
