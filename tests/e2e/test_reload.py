"""Changed rule files of a running desk: when they are taken, and that a broken one is not."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import pytest

from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.rulebook.engines import AVAILABLE
from routing_service.rulebook.model import Rulebook
from routing_service.server import metric_names as names
from routing_service.server.engine_figures import durable_of
from routing_service.server.partition import Partition
from routing_service.settings import DeskSettings
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, PATIENCE, Client, label, serving
from tests.e2e.errors import failure, findings
from tests.e2e.test_life_of_the_process import SERVING, health

FLAWS = sorted((PACK.parent / "bad_rules").iterdir())
LOOKS = 0.05
"""Seconds between two looks at the folder."""
ROUTE = (PACK / "route.yaml").read_text("utf-8")
EXPERTS = ROUTE.replace("default: {queue: front}", "default: {queue: experts}")


class Told(logging.Handler):
    """Log lines about changes of rules, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the fields of a line."""
        if record.getMessage() == "activate_rulebook":
            self._lines.put_nowait({"level": record.levelname, **vars(record)})

    async def next(self) -> dict[str, object]:
        """The next line, when it comes."""
        return await asyncio.wait_for(self._lines.get(), PATIENCE)


@pytest.fixture
def told() -> Iterator[Told]:
    handler = Told()
    logger = logging.getLogger("routing_service.server.activation")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder of the desk's rules."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


@pytest.fixture
async def desk(pack: Path, told: Told) -> AsyncIterator[Client]:
    """A desk that looks at its folder all the time."""
    rules = {DESK: DeskSettings(rules=str(pack))}
    async with serving(desks=rules, reload_seconds=LOOKS) as client:
        await told.next()  # of the start
        yield client


async def digest(desk: Client) -> str:
    return (await desk.rulebooks.Get(pb.RulebookServiceGetRequest(desk=DESK))).digest


def figure(desk: Client, family: names.Family, **labels: str) -> float | None:
    return desk.app.metrics.registry.get_sample_value(family.name, {"desk": DESK, **labels})


def loads(desk: Client) -> tuple[float | None, float | None]:
    """Rulebooks put in force, and refused ones."""
    return (
        figure(desk, names.RULEBOOK_LOADS, result="ok"),
        figure(desk, names.RULEBOOK_LOADS, result="failed"),
    )


async def test_saved_change_is_in_force_a_moment_later(
    desk: Client, pack: Path, told: Told
) -> None:
    before = await digest(desk)
    (pack / "route.yaml").write_text(EXPERTS)
    line = await told.next()
    result = await desk.submit()

    assert (line["cause"], line["digest"]) == ("folder", await digest(desk))
    assert line["digest"] != before
    assert result.queue == "experts"


async def test_broken_change_leaves_the_rules_and_says_where_until_it_is_mended(
    desk: Client, pack: Path, told: Told
) -> None:
    before = await digest(desk)
    (pack / "route.yaml").write_text(ROUTE.replace("queue: front", "queue: moon"))
    line = await told.next()
    broken = await digest(desk), figure(desk, names.RULEBOOK_STALE), loads(desk)
    (pack / "route.yaml").write_text(EXPERTS)
    await told.next()
    mended = await digest(desk), figure(desk, names.RULEBOOK_STALE), loads(desk)

    assert (line["level"], line["reason"]) == ("WARNING", "RULEBOOK_INVALID")
    assert "route.yaml:9:18 RB306 error: 'moon' is no queue" in str(line["findings"])
    assert broken == (before, 1, (1, 1))
    assert mended[0] != before
    assert mended[1:] == (0, (2, 1))


async def test_hangup_reads_every_folder_again(pack: Path, told: Told) -> None:
    rules = {DESK: DeskSettings(rules=str(pack)), "north": DeskSettings(rules=str(pack))}
    async with serving(desks=rules) as desk:  # nobody looks at the folders
        starts = [await told.next(), await told.next()]
        (pack / "route.yaml").write_text(EXPERTS)
        desk.app.hangup.set()
        lines = [await told.next(), await told.next()]

    assert {str(line["desk"]) for line in starts} == {"default", "north"}
    assert [(line["desk"], line["cause"], line["unchanged"]) for line in lines] == [
        ("default", "signal", False),
        ("north", "signal", False),
    ]


async def test_broken_folder_of_one_desk_does_not_keep_another_from_its_rules(
    tmp_path: Path, told: Told
) -> None:
    packs = {name: Path(shutil.copytree(PACK, tmp_path / name)) for name in (DESK, "north")}
    rules = {name: DeskSettings(rules=str(pack)) for name, pack in packs.items()}
    async with serving(desks=rules) as desk:
        _ = [await told.next(), await told.next()]
        (packs[DESK] / "route.yaml").write_text("stage: route\nrules: [")
        (packs["north"] / "route.yaml").write_text(EXPERTS)
        desk.app.hangup.set()
        lines = [await told.next(), await told.next()]

    assert [(line["desk"], line["level"]) for line in lines] == [
        ("default", "WARNING"),
        ("north", "INFO"),
    ]


async def test_every_broken_rule_file_leaves_the_old_rules_and_its_line_is_told(
    desk: Client, pack: Path
) -> None:
    before = await digest(desk)
    reload = pb.ActivateRequest(desk=DESK)
    wrong = []
    for flaw in FLAWS:
        with broken(pack, flaw):
            reload.request_id = flaw.name
            error = await failure(desk.rulebooks.Activate(reload))
            places = [
                f"{each.code} {each.file}:{each.line}:{each.column}" for each in findings(error)
            ]
        if places != (flaw / "expected").read_text("utf-8").splitlines():
            wrong.append(flaw.name)
        if await digest(desk) != before or await health(desk) != SERVING:
            wrong.append(f"{flaw.name}: not the old rules")

    assert len(FLAWS) >= 30
    assert wrong == []
    assert figure(desk, names.RULEBOOK_LOADS, result="failed") >= len(FLAWS)
    assert figure(desk, names.RULEBOOK_STALE) == 1
    assert (await desk.submit()).queue == "front"


class broken:  # noqa: N801 - reads as a phrase
    """The pack with the flaw in it, for a while."""

    def __init__(self, pack: Path, flaw: Path) -> None:
        self._pack = pack
        self._files = [file for file in flaw.iterdir() if file.name != "expected"]

    def __enter__(self) -> None:
        for file in self._files:
            shutil.copy(file, self._pack / file.name)

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            (self._pack / file.name).unlink()
            if (PACK / file.name).exists():
                shutil.copy(PACK / file.name, self._pack / file.name)


async def test_two_activations_at_once_come_one_after_the_other(desk: Client) -> None:
    files = {file.name: file.read_text("utf-8") for file in PACK.glob("*.yaml")}
    requests = [
        pb.ActivateRequest(
            desk=DESK,
            request_id=queue,
            files=files
            | {"route.yaml": ROUTE.replace("queue: front}", f"queue: {queue}}}  # {queue}")},
        )
        for queue in ("experts", "front")
    ]
    before = await digest(desk)
    replies = await asyncio.gather(*(desk.rulebooks.Activate(request) for request in requests))
    chain = [before, *(reply.digest for reply in replies)]

    assert [reply.previous_digest for reply in replies] == chain[:2]
    assert await digest(desk) == chain[-1]


async def test_activation_goes_on_when_its_caller_hangs_up(desk: Client, told: Told) -> None:
    files = {file.name: file.read_text("utf-8") for file in PACK.glob("*.yaml")}
    request = pb.ActivateRequest(desk=DESK, request_id="k", files=files | {"route.yaml": EXPERTS})
    call = desk.rulebooks.Activate(request, timeout=0.02)
    error = await failure(call)
    line = await told.next()

    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert (line["cause"], line["digest"]) == ("call", await digest(desk))


@pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
async def test_engine_of_the_former_rules_is_closed_when_the_new_ones_are_in_force(
    desk: Client, pack: Path, told: Told
) -> None:
    former = running(desk).rulebook
    (pack / "route.yaml").write_text(EXPERTS)
    await told.next()
    latter = running(desk).rulebook

    assert not held(former)
    assert held(latter)


@pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
async def test_restart_serves_at_once_and_gets_its_engine_soon_after(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    stored = {"data_folder": str(tmp_path / "data"), "key_file": str(key)}
    async with serving(**stored):
        pass
    async with serving(**stored) as desk:
        first = await desk.submit()
        partition = running(desk)
        async with asyncio.timeout(PATIENCE):
            while durable_of(partition.rulebook) is None:  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(LOOKS)
        second = await desk.submit()

    assert (first.queue, first.priority) == (second.queue, second.priority)


@pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
async def test_engine_that_was_odd_is_built_anew_while_the_desk_goes_on(desk: Client) -> None:
    durable = durable_of(running(desk).rulebook)
    assert durable is not None
    before = await desk.submit(labels={"topic": label("fault")})
    for shard in (shard for stage in durable._stages.values() for shard in stage.shards):
        shard.is_sound = False  # as after an answer that no sound engine gives
    meanwhile = await desk.submit(labels={"topic": label("fault"), "users": label(7)})
    async with asyncio.timeout(PATIENCE):
        while not figure(desk, names.RULE_QUARANTINES) or durable.quarantined:  # noqa: ASYNC110 - nobody is told of it
            await asyncio.sleep(LOOKS)
    after = await desk.submit(labels={"topic": label("fault"), "users": label(8)})

    assert before.queue == meanwhile.queue == after.queue
    assert durable.counts.rebuilt >= 1
    assert held(running(desk).rulebook)


def running(desk: Client) -> Partition:
    """The writer of the only desk."""
    return next(iter(desk.app.desks)).partition


def held(rulebook: Rulebook) -> list[object]:
    """Handles of the C engine that the rulebook has and may call."""
    durable = durable_of(rulebook)
    assert durable is not None
    shards = [shard for stage in durable._stages.values() for shard in stage.shards]
    return [shard for shard in shards if shard.is_sound]
