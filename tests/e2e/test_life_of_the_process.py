"""Start, refusal to start, health, drain, and what is there again after a restart."""

import asyncio
import itertools
import socket
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from routing_service.core.records.errors import RoutingError
from routing_service.pb.routing.v1 import event_pb2, routing_service_pb2, rulebook_service_pb2
from routing_service.server.app import running_app
from routing_service.server.metric_names import RULEBOOK_STALE
from routing_service.settings import DeskSettings
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, Client, opened, serving, settings
from tests.e2e.errors import error_info, failure

SERVING = health_pb2.HealthCheckResponse.SERVING
OTHER_PACK = Path(__file__).parents[2] / "rules" / "itsm"
MANY = 50
"""Requests answered before the service is told to stop."""
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROUTING_MASTER_KEY", raising=False)


@pytest.fixture
def on_disk(tmp_path: Path) -> dict[str, Any]:
    """Settings of a store in a folder with a key."""
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    return {"data_folder": str(tmp_path / "data"), "key_file": str(key)}


async def refusal(**changes: Any) -> RoutingError:
    """Why a service with these settings does not start."""
    with pytest.raises(RoutingError) as caught:
        async with running_app(settings(**changes)):
            pass
    return caught.value


def stale(desk: Client) -> float | None:
    """Whether the metrics say that the folder's rules are not in force."""
    return desk.app.metrics.registry.get_sample_value(RULEBOOK_STALE.name, {"desk": DESK})


async def in_force(desk: Client) -> dict[str, str]:
    """The files of the active rulebook."""
    active = await desk.rulebooks.Get(rulebook_service_pb2.RulebookServiceGetRequest(desk=DESK))
    return dict(active.files)


async def health(desk: Client, service: str = "") -> int:
    stub = health_pb2_grpc.HealthStub(desk.channel)
    reply = await stub.Check(health_pb2.HealthCheckRequest(service=service))
    return int(reply.status)


async def test_ready_service_says_so_for_each_of_its_services(desk: Client) -> None:
    assert await health(desk) == SERVING
    assert await health(desk, "routing.v1.RoutingService") == SERVING
    assert await health(desk, "liveness") == SERVING


async def test_unknown_service_has_no_health(desk: Client) -> None:
    error = await failure(
        health_pb2_grpc.HealthStub(desk.channel).Check(
            health_pb2.HealthCheckRequest(service="moon")
        )
    )

    assert error.code() == grpc.StatusCode.NOT_FOUND


async def test_drain_is_told_to_health_watchers_and_ends_event_streams() -> None:
    async with AsyncExitStack() as connection:
        async with running_app(settings()) as app:
            channel = aio.insecure_channel(app.address)
            desk = Client(await connection.enter_async_context(channel), app)
            streams, health_watch = await _open_streams(desk)
            first = (await health_watch.read()).status
        errors = [await failure(_read_to_the_end(stream)) for stream in streams]
        second = (await health_watch.read()).status

    assert [error.code() for error in errors] == [grpc.StatusCode.UNAVAILABLE] * 2
    assert [error_info(error).reason for error in errors] == ["DRAINING"] * 2
    assert [first, second] == [SERVING, NOT_SERVING]


async def _open_streams(desk: Client) -> tuple[list[Any], Any]:
    """A Watch and a Work stream; a health watch."""
    watching = await desk.watch()
    await desk.put_agent()
    working = desk.work("ann")
    await working.start()
    stub = health_pb2_grpc.HealthStub(desk.channel)
    return [watching.call, working.call], stub.Watch(health_pb2.HealthCheckRequest())


async def _read_to_the_end(call: Any) -> None:
    while await call.read() is not aio.EOF:
        pass


async def test_state_and_cursors_survive_a_restart(on_disk: dict[str, Any]) -> None:
    async with serving(**on_disk) as desk:
        watching = await desk.watch()
        await desk.put_agent()
        result = await desk.submit()
        before = await desk.trace()
    async with serving(**on_disk) as desk:
        after = await desk.trace()
        again = desk.resume(after=watching.cursor)
        made = await again.until("offer_made")

        assert after == before
        assert made.offer_made.offer.item_id == result.item_id


async def test_agent_connected_before_a_restart_has_one_grace(on_disk: dict[str, Any]) -> None:
    async with serving(**on_disk) as desk:
        await desk.put_agent()
        working = desk.work("ann")
        await working.start()
        await desk.submit()
        await working.until("offer_made")
        cursor = (await desk.submit()).cursor
    async with serving(**on_disk) as desk:
        watching = desk.resume(after=cursor)
        event = await watching.until("agent_changed", agent_id="ann")

        assert event.agent_changed.step == event_pb2.AGENT_STEP_LOSE


async def test_dev_journal_is_refused_in_production(on_disk: dict[str, Any]) -> None:
    async with serving(**on_disk):
        pass
    error = await refusal(**on_disk, dev=False)

    assert error.reason == "DEV_JOURNAL"
    assert "data folder" in error.message


async def test_second_service_on_the_same_folder_is_refused(on_disk: dict[str, Any]) -> None:
    async with serving(**on_disk):
        error = await refusal(**on_disk)

    assert error.reason == "STORE_LOCKED"


async def test_wrong_key_is_refused(on_disk: dict[str, Any], tmp_path: Path) -> None:
    async with serving(**on_disk):
        pass
    other = tmp_path / "other.key"
    save_master_key(other, generate_master_key())
    error = await refusal(**on_disk | {"key_file": str(other)})

    assert error.reason == "STORE_KEY_WRONG"


async def test_missing_key_is_refused(on_disk: dict[str, Any], tmp_path: Path) -> None:
    error = await refusal(**on_disk | {"key_file": str(tmp_path / "nowhere")})

    assert error.reason == "STORE_KEY_MISSING"


@pytest.mark.parametrize("name", ["listen", "metrics_listen"])
async def test_port_in_use_is_refused(name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        error = await refusal(**{name: address})

    assert error.reason == "PORT_IN_USE"
    assert address in error.message


async def test_broken_pack_is_refused_at_the_first_start(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("pack: [")
    error = await refusal(desks={DESK: DeskSettings(rules=str(tmp_path))})

    assert error.reason == "RULEBOOK_INVALID"


async def test_broken_pack_leaves_the_journaled_rules_in_force(
    on_disk: dict[str, Any], tmp_path: Path
) -> None:
    async with serving(**on_disk) as desk:
        digest = await desk.app_query(lambda world: world.digest)
    broken = tmp_path / "pack"
    broken.mkdir()
    (broken / "pack.yaml").write_text("pack: [")
    async with serving(**on_disk, desks={DESK: DeskSettings(rules=str(broken))}) as desk:
        await desk.submit()

        assert await desk.app_query(lambda world: world.digest) == digest
        assert stale(desk) == 1

        await desk.rulebooks.Activate(
            rulebook_service_pb2.ActivateRequest(
                desk=DESK, request_id="again", files=await in_force(desk)
            )
        )

        assert stale(desk) == 0


async def test_log_tells_how_to_mend_a_pack_that_was_refused_at_a_restart(
    on_disk: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(**on_disk) as desk:
        digest = await desk.app_query(lambda world: world.digest)
        assert stale(desk) == 0
    broken = tmp_path / "pack"
    broken.mkdir()
    (broken / "pack.yaml").write_text("pack: [")
    async with serving(**on_disk, desks={DESK: DeskSettings(rules=str(broken))}):
        pass
    (line,) = [vars(each) for each in caplog.records if each.message == "rulebook_kept"]

    assert (line["reason"], line["pack"]) == ("RULEBOOK_INVALID", str(broken))
    assert line["findings"][0].startswith("pack.yaml:2:1 RB105")
    assert line["digest_in_force"] == digest
    assert line["hint"] == f"routing-service check {broken}"


async def test_log_names_the_queue_that_keeps_new_rules_out_at_a_restart(
    on_disk: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(**on_disk) as desk:
        queue = (await desk.submit()).queue
    other = {DESK: DeskSettings(rules=str(OTHER_PACK))}
    async with serving(**on_disk, desks=other) as desk:
        assert stale(desk) == 1
    (line,) = [vars(each) for each in caplog.records if each.message == "rulebook_kept"]

    assert (line["reason"], line["details"]["queue"]) == ("QUEUE_IN_USE", queue)


async def test_metrics_are_served_on_their_own_port() -> None:
    async with serving(metrics_listen="127.0.0.1:0") as desk:
        await desk.submit()
        host, _, port = desk.app.metrics_address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
        text = (await reader.read()).decode()
        writer.close()
        await writer.wait_closed()

        assert 'routing_items_submitted_total{channel="email",desk="default"' in text


async def test_what_was_acknowledged_during_a_drain_is_there_afterwards(
    on_disk: dict[str, Any],
) -> None:
    acknowledged: list[str] = []
    codes: set[grpc.StatusCode] = set()
    under_way = asyncio.Event()

    async def send(desk: Client, worker: int) -> None:
        """Until the service goes away."""
        for number in itertools.count():
            event = opened(event_id=f"event-{worker}-{number}", text="hello")
            request = routing_service_pb2.SubmitRequest(desk=DESK, event=event)
            call = desk.routing.Submit(request)
            code = await call.code()
            if code is not grpc.StatusCode.OK:
                codes.add(code)
                return
            acknowledged.append((await call).result.item_id)
            if len(acknowledged) == MANY:
                under_way.set()

    async with AsyncExitStack() as connection:
        async with running_app(settings(**on_disk)) as app:
            channel = aio.insecure_channel(app.address)
            desk = Client(await connection.enter_async_context(channel), app)
            working = [asyncio.create_task(send(desk, worker)) for worker in range(8)]
            await under_way.wait()
        await asyncio.gather(*working)
    async with serving(**on_disk) as desk:
        kept = await desk.app_query(lambda world: set(world.items))

    assert set(acknowledged) <= kept
    assert codes <= {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
