"""Long work beside the event loop: the loop gets its turn soon, and nothing stays changed."""

import gc
import sys
import threading

import pytest

from routing_service.server.beside import SWITCH_SECONDS, beside, courtesy

State = tuple[bool, float]


def state() -> State:
    """Whether the collector runs, and after how long the interpreter changes hands."""
    return gc.isenabled(), sys.getswitchinterval()


USUAL = state()
COURTEOUS = (False, pytest.approx(SWITCH_SECONDS))


async def test_work_runs_in_a_thread_of_its_own() -> None:
    assert await beside(threading.get_ident) != threading.get_ident()


async def test_interpreter_is_shared_well_while_it_runs_and_as_usual_afterwards() -> None:
    within = await beside(state)

    assert within == COURTEOUS
    assert state() == USUAL


def test_courtesy_lasts_until_the_last_of_several_is_done() -> None:
    first, second = courtesy(), courtesy()
    with first:
        with second:
            both = state()
        one = state()

    assert (both, one) == (COURTEOUS, COURTEOUS)
    assert state() == USUAL


async def test_failure_reaches_the_caller_and_changes_nothing() -> None:
    with pytest.raises(ValueError, match="moon"):
        await beside(int, "moon")

    assert state() == USUAL
