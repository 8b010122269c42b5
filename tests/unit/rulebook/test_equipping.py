"""A rulebook gets its engine: other speed, same verdicts."""

import itertools
from pathlib import Path

import pytest

from routing_service.core.records.model import Facts
from routing_service.rulebook.engine import AVAILABLE, DurableEngine
from routing_service.rulebook.engines import Kind, default_kind, equip, equipping
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.memo import SHADOW_EVERY, Memo
from routing_service.rulebook.model import Rulebook
from tests.unit.rulebook.packs import ITSM, SMALL
from tests.unit.rulebook.staged import run

PLAIN = load_pack(SMALL)


def requests(rulebook: Rulebook) -> list[Facts]:
    """Requests with all declared values of the labels, each alone and two at a time."""
    facts = [
        (name, value)
        for name, label in rulebook.plan.labels.items()
        if not label.derived
        for value in (*label.values, True, False, 1, 10, 100)
    ]
    pairs = itertools.islice(itertools.combinations(facts, 2), 400)
    return [{}, *(dict([fact]) for fact in facts), *(dict(pair) for pair in pairs)]


def behind(rulebook: Rulebook) -> object:
    assert isinstance(rulebook.engine, Memo)
    return rulebook.engine.engine


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("pack", [SMALL, ITSM], ids=lambda path: path.name)
def test_verdicts_are_those_of_the_plain_rulebook(pack: Path, kind: Kind) -> None:
    plain = load_pack(pack)
    equipped = equip(plain, kind)
    asked = requests(plain)

    assert [plain.intake(facts) for facts in asked] == [equipped.intake(facts) for facts in asked]
    assert plain.digest == equipped.digest


@pytest.mark.parametrize("pack", ["itsm", "after_sales", "request_toolkit"])
def test_shipped_pack_has_no_rule_that_the_engine_cannot_take(pack: str) -> None:
    durable = behind(equip(load_pack(ITSM.parent / pack), "durable"))

    assert isinstance(durable, DurableEngine)
    assert () == durable.quarantined


def test_durable_is_what_serves_where_it_is_installed() -> None:
    assert (Kind.DURABLE if AVAILABLE else Kind.REFERENCE) == default_kind()


def test_reference_kind_has_no_other_engine() -> None:
    assert isinstance(behind(equip(PLAIN, "reference")), ReferenceEngine)


def test_engine_is_built_in_slices_and_serves_after_the_last() -> None:
    steps = equipping(PLAIN, "durable")

    assert run(steps) > len(PLAIN.stages)


def test_equipped_rulebook_can_be_equipped_anew() -> None:
    once = equip(PLAIN, "durable")
    twice = equip(once, "durable")
    once.close()

    assert PLAIN.intake({}) == twice.intake({})
    assert behind(once) is not behind(twice)


def test_stage_seen_to_be_wrong_is_left_to_the_reference_for_good() -> None:
    equipped = equip(PLAIN, "durable")
    durable = behind(equipped)
    assert isinstance(equipped.engine, Memo)
    assert isinstance(durable, DurableEngine)
    for kept in equipped.engine._stages.values():
        kept.young = kept.old = Wrong()
    for _ in range(SHADOW_EVERY):
        equipped.engine.evaluate("route", {})

    assert 1 == equipped.engine.counts.diverged
    assert (("route",), False) == (durable.quarantined, durable.needs_rebuild)


class Wrong(dict[tuple[int, ...], tuple[str, ...]]):
    """A memory of what was never decided."""

    def get(self, *_):
        return ("no-such-rule",)


def test_closed_rulebook_still_answers() -> None:
    equipped = equip(PLAIN, "durable")
    equipped.close()
    durable = behind(equipped)

    assert PLAIN.intake({"vip": True}) == equipped.intake({"vip": True})
    assert isinstance(durable, DurableEngine)
    assert durable.counts.decisions == 0


def test_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="fastest"):
        equip(PLAIN, "fastest")
