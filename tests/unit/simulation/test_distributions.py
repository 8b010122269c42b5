"""Drawn durations: their means are what was asked for, and each purpose has a chance of its own."""

from statistics import fmean, stdev

import pytest

from routing_service.simulation.distributions import (
    Deterministic,
    Distribution,
    Empirical,
    Exponential,
    Lognormal,
    stream,
)
from tests.builders import MINUTE, SECOND

DRAWS = 20_000


def drawn(of: Distribution) -> list[int]:
    chance = stream(3, "test")
    return [of.draw(chance) for _ in range(DRAWS)]


def test_exponential_has_its_mean_as_deviation_too() -> None:
    found = drawn(Exponential(MINUTE))

    assert pytest.approx(MINUTE, rel=0.03) == fmean(found)
    assert pytest.approx(MINUTE, rel=0.03) == stdev(found)


def test_lognormal_has_mean_and_deviation_of_the_duration_itself() -> None:
    found = drawn(Lognormal(mean=5 * MINUTE, deviation=3 * MINUTE))

    assert pytest.approx(5 * MINUTE, rel=0.03) == fmean(found)
    assert pytest.approx(3 * MINUTE, rel=0.05) == stdev(found)


def test_empirical_draws_what_was_seen_as_often_as_it_was_seen() -> None:
    found = drawn(Empirical((SECOND, SECOND, SECOND, MINUTE)))

    assert {SECOND, MINUTE} == set(found)
    assert pytest.approx(0.75, abs=0.02) == found.count(SECOND) / DRAWS


def test_deterministic_is_always_the_same() -> None:
    assert {MINUTE} == set(drawn(Deterministic(MINUTE)))


def test_purposes_have_chances_of_their_own() -> None:
    assert stream(1, "arrivals").random() != stream(1, "handling").random()
    assert stream(1, "arrivals").random() == stream(1, "arrivals").random()
