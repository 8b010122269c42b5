"""The life-cycle tables allow exactly their rows, and no way leads out of an end."""

from collections.abc import Mapping
from enum import Enum
from itertools import product
from typing import Any

import pytest

from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import (
    CLOCK,
    ENDED_ITEM_STATES,
    HOLD,
    ITEM,
    OFFER,
    OPEN_ITEM_STATES,
    ClockState,
    ClockStep,
    HoldState,
    HoldStep,
    ItemState,
    ItemStep,
    OfferState,
    OfferStep,
    advance,
)

Table = Mapping[tuple[Any, Any], Any]
TABLES: tuple[tuple[Table, type[Enum], type[Enum]], ...] = (
    (ITEM, ItemState, ItemStep),
    (OFFER, OfferState, OfferStep),
    (CLOCK, ClockState, ClockStep),
    (HOLD, HoldState, HoldStep),
)
LEGAL = [(table, *row) for table, _, _ in TABLES for row in table]
ILLEGAL = [
    (table, *pair)
    for table, states, steps in TABLES
    for pair in product(states, steps)
    if pair not in table
]


def named(value: object) -> str:
    return f"{type(value).__name__}.{value.value}" if isinstance(value, Enum) else "in"


@pytest.mark.parametrize(("table", "state", "step"), LEGAL, ids=named)
def test_a_row_of_the_table_can_be_taken(table: Table, state: Any, step: Any) -> None:
    assert advance(table, state, step, "x") is table[state, step]


@pytest.mark.parametrize(("table", "state", "step"), ILLEGAL, ids=named)
def test_a_step_without_a_row_is_refused(table: Table, state: Any, step: Any) -> None:
    with pytest.raises(WrongState) as refused:
        advance(table, state, step, "C00001")

    assert refused.value.reason == "ILLEGAL_TRANSITION"
    assert refused.value.details == {"state": state.value, "step": step.value}


@pytest.mark.parametrize("ended", sorted(ENDED_ITEM_STATES), ids=named)
def test_an_ended_item_takes_no_step(ended: ItemState) -> None:
    assert not any(state is ended for state, _ in ITEM)


def test_an_open_item_can_be_cancelled_abandoned_and_resolved_once_it_has_no_offer() -> None:
    wanted = {ItemStep.CANCEL, ItemStep.ABANDON, ItemStep.RESOLVE}

    for state in OPEN_ITEM_STATES - {ItemState.OFFERED}:
        assert {step for step in wanted if (state, step) in ITEM} == wanted


def test_an_answered_offer_takes_no_further_answer() -> None:
    assert {state for state, _ in OFFER} == {OfferState.PENDING}


def test_a_breach_is_never_undone() -> None:
    after_breach = {
        after
        for (before, _), after in CLOCK.items()
        if before in (ClockState.BREACHED, ClockState.MET_LATE)
    }

    assert after_breach == {ClockState.MET_LATE, ClockState.BREACHED, ClockState.CANCELLED}


@pytest.mark.parametrize(("table", "states"), [(t, s) for t, s, _ in TABLES], ids=named)
def test_every_state_is_reached_by_some_row(table: Table, states: type[Enum]) -> None:
    starts = {ItemState.QUEUED, OfferState.PENDING, ClockState.IDLE, HoldState.NONE}

    assert set(table.values()) | starts >= set(states)
