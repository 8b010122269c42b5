"""Tries a rulebook's engine in a process of its own, within limits, before the desk relies on it.

A hang, a crash, too much memory or a wrong answer becomes a finding; the caller's process never
loads what it has not tried. `python -m routing_service.rulebook.canary` is that other process:
one request on standard input, one line for each stage on standard output.
"""

import asyncio
import contextlib
import itertools
import math
import os
import resource
import signal
import sys
import time
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import msgspec

from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook import digest, reading
from routing_service.rulebook.compile import compile_rulebook
from routing_service.rulebook.engine import DurableEngine
from routing_service.rulebook.findings import Finding, Findings, RulebookInvalid
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.messages import DEFAULT_LANGUAGE
from routing_service.rulebook.planner import plan_stage
from routing_service.rulebook.rules import StageRules
from routing_service.rulebook.tree import Place
from routing_service.rulebook.trial import Build, GaveUp, Golden, drawn, try_stage

SECONDS = 20.0
PATIENCE = 5
"""Wall time for each second of processor time: a busy machine is no reason to refuse a rulebook."""
MEGABYTES = 512
NICENESS = 5
"""The desk in service comes first."""
COMMAND = (sys.executable, "-P", "-m", "routing_service.rulebook.canary")
"""`-P`: what lies in the working folder is not imported."""
_DRAWING = 0.4
"""Share of the time for drawn facts; the rest is for start, loading and building."""
_PIECE = 1 << 16
_PACK = "pack"
"""Where a trial is before its first stage."""


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the other process is to try."""

    source: bytes
    golden: list[tuple[str, dict[str, FactValue]]]
    seconds: float
    megabytes: int


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """One line from it: the stage it has come to, and the code of what it found there, if any."""

    stage: str
    code: str = ""
    ended: bool = False
    arguments: dict[str, str] = {}


async def try_out(
    source: bytes,
    golden: Golden,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    command: Sequence[str] = COMMAND,
) -> tuple[Finding, ...]:
    """Try the rulebook of a bundle (`Rulebook.source`); () when the C engine may be relied on.

    One finding otherwise, at the file of the stage. `seconds` of processor time (PATIENCE times as
    much on the clock), `megabytes` of address space. `command` starts the other process, which
    ends with whoever waits here.
    """
    asked = _Asked(
        source=source,
        golden=[(stage, dict(facts)) for stage, facts in golden],
        seconds=seconds,
        megabytes=megabytes,
    )
    told = await _run(command, asked)
    findings = Findings()
    if told.code:
        place = Place(f"{told.stage}.yaml")
        findings.add(told.code, place, "", **{"stage": told.stage, **told.arguments})
    return findings.told(DEFAULT_LANGUAGE)


async def _run(command: Sequence[str], asked: _Asked) -> _Told:
    """How the trial ended."""
    limit = {"seconds": f"{asked.seconds:g}"}
    said = bytearray()
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
    except OSError as refused:
        return _Told(stage=_PACK, code="RB704", arguments={"problem": str(refused)})
    try:
        request = msgspec.msgpack.encode(asked)
        patience = asked.seconds * PATIENCE
        complaint = await asyncio.wait_for(_talk(process, request, said), patience)
    except TimeoutError:
        return _last(bytes(said), "RB702", limit)
    finally:
        if process.returncode is None:  # it has taken too long, or nobody wants to know any more
            process.kill()
            await process.wait()
    if process.returncode == -signal.SIGXCPU:
        return _last(bytes(said), "RB702", limit)
    return _last(bytes(said), "RB704", {"problem": _death(process.returncode or 0, complaint)})


async def _talk(process: Process, request: bytes, said: bytearray) -> bytes:
    """Ask, note in `said` whatever comes at once, and return its complaints when it has ended."""
    told = cast("StreamWriter", process.stdin)  # all three are pipes
    heard = cast("StreamReader", process.stdout)
    complained = cast("StreamReader", process.stderr)

    async def ask() -> None:
        told.write(request)
        with contextlib.suppress(ConnectionError):  # how it died is what counts
            await told.drain()
        told.close()

    async def hear() -> None:
        while piece := await heard.read(_PIECE):
            said.extend(piece)

    complaint, *_ = await asyncio.gather(complained.read(), ask(), hear())
    await process.wait()
    return complaint


def _last(output: bytes, code: str, arguments: dict[str, str]) -> _Told:
    """The last word of the process; unless it was the end, it died there of `code`."""
    lines = [line for line in output.split(b"\n") if line]
    try:
        told = msgspec.json.decode(lines[-1], type=_Told) if lines else _Told(stage=_PACK)
    except msgspec.DecodeError:  # cut off within a line, or not ours: no end in any case
        told = _Told(stage=_PACK)
    if told.ended:
        return told
    return _Told(stage=told.stage, code=code, arguments=arguments)


def _death(code: int, complaint: bytes) -> str:
    """Signal or exit code, with the last line of complaint."""
    if code < 0:
        return signal.Signals(-code).name
    last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
    return f"exit {code} {last}".strip()


def serve(build: Build) -> int:
    """The other process: read the request, try every stage, tell."""
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Asked)
    _confine(asked)
    stage = _PACK
    try:
        stages = _stages(asked.source)
        drawing = asked.seconds * _DRAWING / len(stages)
        for stage, rules in stages.items():
            _tell(_Told(stage=stage))
            golden = [facts for name, facts in asked.golden if name == stage]
            questions = itertools.chain(golden, _within(drawing, drawn(rules)))
            if (told := _tried(rules, questions, build)) is not None:
                _tell(told)
                return 0
    except MemoryError:
        _limit(resource.RLIMIT_AS, None)  # telling needs some too
        limit = {"megabytes": str(asked.megabytes)}
        _tell(_Told(stage=stage, code="RB703", ended=True, arguments=limit))
        return 0
    _tell(_Told(stage=stage, ended=True))
    return 0


def _stages(source: bytes) -> Mapping[str, StageRules]:
    """The rules of a bundle whose files the asking process has found to be in order."""
    contents, findings = digest.unbundle(source), Findings()
    trees = reading.trees(contents, findings)
    rulebook = compile_rulebook(trees, digest.canonical(contents), findings)
    if rulebook is None:
        raise RulebookInvalid(findings.told(DEFAULT_LANGUAGE))
    return rulebook.stages


class Durable:
    """The engine that the desk would rely on, without memo, as a trial wants it."""

    def __init__(self, stages: Mapping[str, StageRules]) -> None:
        """Plan and build all of it."""
        plans = [plan_stage(rules) for rules in stages.values()]
        self._engine = DurableEngine(stages, plans, ReferenceEngine(stages))
        for _ in self._engine.build():
            pass

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        return self._engine.evaluate(stage, facts)

    @property
    def gave_up(self) -> bool:
        """See Candidate."""
        engine = self._engine
        return engine.counts.fallbacks > 0 or engine.counts.quarantined > 0 or bool(engine.faults)

    def close(self) -> None:
        """See Candidate."""
        self._engine.close()


def _within(seconds: float, facts: Iterable[Facts]) -> Iterator[Facts]:
    """As many as can be asked in this time: a big rulebook is asked less, not refused."""
    until: float | None = None
    for each in facts:
        until = until or time.process_time() + seconds
        if time.process_time() > until:
            return
        yield each


def _tried(rules: StageRules, questions: Iterable[Facts], build: Build) -> _Told | None:
    """What was found in one stage."""
    try:
        found = try_stage(rules, questions, build)
    except GaveUp:
        return _Told(stage=rules.stage, code="RB705", ended=True)
    if found is None:
        return None
    arguments = {
        "given": ", ".join(found.given) or "-",
        "expected": ", ".join(found.expected) or "-",
        "facts": _written(found.facts),
    }
    return _Told(stage=rules.stage, code="RB701", ended=True, arguments=arguments)


def _written(facts: Facts) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in facts.items())


def _confine(asked: _Asked) -> None:
    """Limit this process: processor time in case nobody is left to stop it, memory, no core."""
    _limit(resource.RLIMIT_AS, asked.megabytes << 20)
    _limit(resource.RLIMIT_CPU, math.ceil(asked.seconds))
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(NICENESS)


def _limit(kind: int, most: int | None) -> None:
    """Set the soft limit, as far as the hard one allows; None = as far as that.

    The hard one stays: past it a process is killed without a word.
    """
    _, hard = resource.getrlimit(kind)
    wanted = hard if most is None else most
    bounded = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (bounded, hard))


def _tell(told: _Told) -> None:
    """At once: the process may die of the next step."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(serve(Durable))
