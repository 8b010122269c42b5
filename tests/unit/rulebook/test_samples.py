"""What a trial asks of a stage: all facts where they are few, else some drawn near its rules."""

from routing_service.core.records.model import FactValue
from routing_service.rulebook.trial import DRAWN, drawn
from tests.unit.rulebook.staged import at_least, equal, every, stage


def written(facts: dict[str, FactValue]) -> str:
    """With its types: 1 is not true."""
    return ", ".join(f"{name}={facts[name]!r}" for name in sorted(facts))


def test_few_facts_are_asked_in_every_combination_with_other_types_and_missing_ones() -> None:
    asked = [
        written(facts) for facts in drawn(stage(every(at_least("age", 2), equal("vip", True))))
    ]

    ages = {"", *(f"age={age!r}" for age in (1, 2, 3, "1", "2", "3", True, "", 2**53, ()))}
    vips = {"", *(f"vip={vip!r}" for vip in (True, False, 1, 0, "true", "false", "", 2**53, ()))}
    wanted = {", ".join(filter(None, (age, vip))) for age in ages for vip in vips}
    assert sorted(wanted) == sorted(asked)


def test_stage_without_conditions_is_asked_once() -> None:
    assert [{}] == list(drawn(stage(every())))


def test_many_facts_are_drawn_the_same_ones_each_time() -> None:
    rules = stage(*(equal(f"label-{number}", "a", "b", "c") for number in range(9)))

    asked = [written(facts) for facts in drawn(rules)]

    assert DRAWN < len(asked) <= DRAWN + 2 + 2 * 9
    assert asked == [written(facts) for facts in drawn(rules)]
    assert len(set(asked)) > DRAWN / 2
