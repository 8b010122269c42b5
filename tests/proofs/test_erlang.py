"""Simulated queues against Erlang C (all wait), Erlang B (none waits), Erlang A (they give up).

The engine's journeys equal the recursion's to the microsecond, customer by customer; the recursion,
run long enough for a 99 % confidence interval within 2 %, contains the formula. Load 0.7 runs with
every test run, 0.85 and 0.95 by `make proofs`. Seeds are fixed: a failure comes back.
"""

import os
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from tests.proofs.desks import journeys, same_customers, simulated
from tests.proofs.erlang import Load, erlang_a, erlang_b, erlang_c, mean_wait
from tests.proofs.evidence import long_run
from tests.proofs.intervals import Interval
from tests.proofs.recursion import Model, waits

SERVERS = 5
HANDLING = 60_000_000
ITEMS = 3_000
SLOW_ITEMS = int(os.environ.get("ROUTING_PROOF_ITEMS", "100000"))
WITHIN = 0.02
MILLION = 1_000_000
slow = pytest.mark.slow_proof


class Proof(NamedTuple):
    """A load, how patient people are, and how many customers the interval needs."""

    load: float
    patience: int | None
    customers: int


ALL_WAIT = (
    Proof(0.7, None, 3_200_000),
    pytest.param(Proof(0.85, None, 10 * MILLION), marks=slow),
    pytest.param(Proof(0.95, None, 40 * MILLION), marks=slow),
)
NONE_WAITS = (
    Proof(0.7, 0, MILLION // 2),
    pytest.param(Proof(0.85, 0, MILLION // 2), marks=slow),
    pytest.param(Proof(0.95, 0, MILLION // 2), marks=slow),
)
SOME_GIVE_UP = (
    Proof(0.7, 2 * HANDLING, 3 * MILLION // 2),
    pytest.param(Proof(0.85, 2 * HANDLING, 3 * MILLION // 2), marks=slow),
    pytest.param(Proof(0.95, 2 * HANDLING, 3 * MILLION // 2), marks=slow),
)


def model(proof: Proof) -> Model:
    return Model(SERVERS, round(HANDLING / SERVERS / proof.load), HANDLING, patience=proof.patience)


def by_formula(of: Model) -> Load:
    patience = 1 / of.patience if of.patience else 0.0
    return Load(of.servers, 1 / of.gap, 1 / of.handling, patience)


def contain(found: Sequence[tuple[Interval, float]]) -> bool:
    """All intervals are narrow enough and hold their figures."""
    return all(interval.relative <= WITHIN and figure in interval for interval, figure in found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("proof", ALL_WAIT, ids=str)
def test_erlang_c_tells_who_waits_and_how_long(proof: Proof) -> None:
    of = model(proof)
    found = long_run(of, proof.customers)
    expected = by_formula(of)

    assert contain(
        [(found.waits, erlang_c(expected)), (found.served_after, mean_wait(expected))]
    ), found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("proof", NONE_WAITS, ids=str)
def test_erlang_b_tells_who_is_lost(proof: Proof) -> None:
    of = model(proof)
    found = long_run(of, proof.customers)

    assert contain([(found.gives_up, erlang_b(by_formula(of)))]), found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("proof", SOME_GIVE_UP, ids=str)
def test_erlang_a_tells_who_waits_who_gives_up_and_how_long(proof: Proof) -> None:
    of = model(proof)
    found = long_run(of, proof.customers)
    expected = erlang_a(by_formula(of))

    assert contain(list(zip(found, expected, strict=True))), found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("proof", [*ALL_WAIT, *NONE_WAITS, *SOME_GIVE_UP], ids=str)
def test_engine_serves_every_customer_when_the_recursion_does(
    proof: Proof, request: pytest.FixtureRequest
) -> None:
    of = model(proof)
    items = SLOW_ITEMS if request.node.get_closest_marker("slow_proof") else ITEMS

    assert list(waits(of.servers, same_customers(of, items))) == journeys(simulated(of, items))
