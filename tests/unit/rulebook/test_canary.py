"""The trial of an engine before it is relied on: each illness is one finding at its stage."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from routing_service.core.records.model import Facts
from routing_service.rulebook import canary
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.findings import Finding
from routing_service.rulebook.golden import golden
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.trial import Golden
from tests.unit.rulebook.packs import ITSM, ROOT, SMALL
from tests.unit.rulebook.sick_engines import ILLNESSES, SICK_STAGE

PACKS = sorted(path.parent for path in (ROOT / "rules").glob("*/pack.yaml"))
ENOUGH_S, SHORT_S = 50.0, 4.0


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_pack(SMALL)


def sick(illness: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.unit.rulebook.sick_engines", illness)


async def tried(
    rulebook: Rulebook, illness: str, asked: Golden = (), seconds: float = ENOUGH_S
) -> tuple[Finding, ...]:
    return await canary.try_out(rulebook.source, asked, seconds=seconds, command=sick(illness))


@pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
@pytest.mark.parametrize("folder", [SMALL, *PACKS], ids=lambda folder: folder.name)
async def test_every_pack_of_ours_passes_the_real_trial(folder: Path) -> None:
    rulebook = load_pack(folder)
    asked = golden(load_cases(folder, rulebook), rulebook)

    assert () == await canary.try_out(rulebook.source, asked, seconds=ENOUGH_S)


async def test_healthy_engine_is_found_without_fault(rulebook: Rulebook) -> None:
    assert () == await tried(rulebook, "healthy")


@pytest.mark.parametrize(
    ("illness", "code", "said"),
    [
        ("lying", "RB701", "channel='phone'"),
        ("hungry", "RB703", "512 MB"),
        ("crashing", "RB704", "SIGSEGV"),
        ("crashing-at-close", "RB704", "SIGABRT"),
        ("raising", "RB704", "code 303"),
        ("giving-up", "RB705", "broke"),
    ],
)
async def test_each_illness_is_one_finding_at_its_stage(
    rulebook: Rulebook, illness: str, code: str, said: str
) -> None:
    asked = [(SICK_STAGE, {"channel": "phone", "kind": "incident", "priority": "urgent"})]

    (finding,) = await tried(rulebook, illness, asked)

    assert (code, "route.yaml", "error") == (finding.code, finding.file, finding.severity)
    assert f"stage '{SICK_STAGE}'" in finding.message
    assert said in finding.message


async def test_hanging_engine_is_stopped_in_time(rulebook: Rulebook) -> None:
    (finding,) = await tried(rulebook, "hanging", seconds=SHORT_S)

    assert ("RB702", "route.yaml") == (finding.code, finding.file)


def test_hanging_trial_ends_even_when_nobody_waits_for_it(rulebook: Rulebook) -> None:
    asked = {"source": rulebook.source, "golden": [], "seconds": 1.0, "megabytes": 512}

    ended = subprocess.run(
        sick("hanging"), input=msgspec.msgpack.encode(asked), check=False, capture_output=True
    )

    assert -signal.SIGXCPU == ended.returncode


async def test_what_the_engine_prints_is_no_answer(rulebook: Rulebook) -> None:
    (finding,) = await tried(rulebook, "chattering")

    assert "RB704" == finding.code
    assert "SIGABRT" in finding.message


def test_every_illness_is_tried_here() -> None:
    tested = {"healthy", "hanging", "crashing", "crashing-at-close", "raising", "hungry"}
    tested |= {"giving-up", "lying", "chattering"}

    assert tested == ILLNESSES.keys()


async def test_finding_is_told_in_chinese(rulebook: Rulebook) -> None:
    (finding,) = await tried(rulebook, "raising")

    assert "规则引擎试运行异常终止" in finding.told_in("zh").message


async def test_process_that_cannot_start_is_a_finding(rulebook: Rulebook, tmp_path: Path) -> None:
    (finding,) = await canary.try_out(rulebook.source, (), command=(str(tmp_path / "missing"),))

    assert ("RB704", "pack.yaml") == (finding.code, finding.file)


async def test_bundle_that_does_not_load_is_a_finding() -> None:
    (finding,) = await canary.try_out(b"no bundle", (), command=sick("healthy"))

    assert ("RB704", "pack.yaml") == (finding.code, finding.file)


async def test_trial_ends_with_whoever_waits_for_it(rulebook: Rulebook, tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    body = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    trial = asyncio.create_task(
        canary.try_out(rulebook.source, (), command=(sys.executable, "-c", body))
    )
    process = int(await asyncio.to_thread(started.read_text))
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_cases_of_a_pack_are_golden_facts() -> None:
    rulebook = load_pack(ITSM)
    asked = golden(load_cases(ITSM, rulebook), rulebook)

    stages = {stage for stage, _ in asked}
    assert {"prioritise", "sla", "route", "escalate"} <= stages
    assert any(fits(facts, {"trigger": "breached"}) for _, facts in asked)


def fits(facts: Facts, wanted: Mapping[str, str]) -> bool:
    return all(facts.get(name) == value for name, value in wanted.items())
