"""Every signal of every pack is proven by what customers write: different words, and near misses.

The texts of a signal stand in `cases/signals_<signal>.yaml` of its pack.
"""

import dataclasses
import functools
from collections.abc import Iterator

import pytest

from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.cases import Case
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.parts import expand, parts
from routing_service.rulebook.reading import read
from routing_service.rulebook.signals import SignalSet
from routing_service.rulebook.tree import Shape
from tests.golden.figures import PACKS, RULES

ENOUGH = 5
NEGATED = ("不", "没", "無", "无", "未", "not", "no ", "n't")

Patterns = dict[str, tuple[str, ...]]


@functools.cache
def rulebook(pack: str) -> Rulebook:
    return load_pack(RULES / pack)


@functools.cache
def patterns(pack: str) -> tuple[Patterns, Patterns]:
    """What each signal of the pack looks for, and what it leaves out."""
    file = RULES / pack / "signals.yaml"
    if not file.exists():
        return {}, {}
    findings = Findings()
    tree = read(file.read_bytes(), file.name, findings)
    assert tree is not None
    named = parts(tree, findings)
    looked: Patterns = {}
    left_out: Patterns = {}
    for name, node in tree.table("signals").entries.items():
        written = node.listed("any") if node.shape is Shape.TABLE else node.many
        looked[name] = tuple(expand(item, named, findings) for item in written)
        left_out[name] = tuple(expand(item, named, findings) for item in node.listed("except"))
    return looked, left_out


SIGNALS = [(pack, name) for pack in PACKS for name in patterns(pack)[0]]


@functools.cache
def cases_of(pack: str) -> tuple[Case, ...]:
    return load_cases(RULES / pack, rulebook(pack))


@functools.cache
def told(pack: str, name: str) -> tuple[list[Case], list[Case]]:
    """The cases of the signal's own file: those whose text shows it, and those whose does not."""
    own = [case for case in cases_of(pack) if case.place.file == f"cases/signals_{name}.yaml"]
    shows = [case for case in own if name in rulebook(pack).signals(case.event.text)]
    return shows, [case for case in own if case not in shows]


def failing(cases: list[Case], pack: str, name: str, looked: str) -> list[Case]:
    """The cases that fail once the signal looks for something else."""
    every, left_out = patterns(pack)
    others = SignalSet({**every, name: (looked,)}, {**left_out, name: ()})
    changed = dataclasses.replace(rulebook(pack), signal_set=others)
    return [case for case in cases if not run_case(case, changed).passed]


def texts_shown(
    pack: str, name: str, looked: tuple[str, ...], left_out: tuple[str, ...]
) -> list[str]:
    changed = SignalSet({name: looked}, {name: left_out})
    texts = [case.event.text for cases in told(pack, name) for case in cases]
    return [text for text in texts if name in changed.matching(text)]


def without_one(found: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place, pattern in enumerate(found):
        yield pattern, found[:place] + found[place + 1 :]


@pytest.mark.parametrize(("pack", "name"), SIGNALS)
def test_signal_is_known_by_different_words_and_not_by_near_misses(pack: str, name: str) -> None:
    shows, near = told(pack, name)

    assert (len(shows) >= ENOUGH, len(near) >= ENOUGH) == (True, True)
    assert any(word in case.event.text for case in near for word in NEGATED)


@pytest.mark.parametrize(("pack", "name"), SIGNALS)
def test_cases_of_a_signal_fail_when_it_is_never_or_always_seen(pack: str, name: str) -> None:
    shows, near = told(pack, name)

    assert failing(shows, pack, name, "nobody writes this") == shows
    assert len(failing(near, pack, name, "(?s).")) >= ENOUGH


@pytest.mark.parametrize(("pack", "name"), SIGNALS)
def test_no_pattern_of_a_signal_is_idle(pack: str, name: str) -> None:
    looked, left_out = (found[name] for found in patterns(pack))
    as_it_is = texts_shown(pack, name, looked, left_out)
    idle = [
        pattern
        for pattern, rest in without_one(looked)
        if texts_shown(pack, name, rest, left_out) == as_it_is
    ] + [
        pattern
        for pattern, rest in without_one(left_out)
        if texts_shown(pack, name, looked, rest) == as_it_is
    ]

    assert idle == []
