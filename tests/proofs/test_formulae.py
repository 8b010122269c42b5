"""The formulae themselves, against worked values of others and against each other."""

import pytest

from tests.proofs.erlang import Load, erlang_a, erlang_b, erlang_c, mean_wait


def test_erlang_b_of_one_server_is_known() -> None:
    assert erlang_b(Load(1, 1.0, 1.0)) == pytest.approx(0.5)


def test_erlang_c_of_one_server_is_its_load_and_the_wait_that_of_pollaczek() -> None:
    load = Load(1, 0.8, 1.0)

    assert erlang_c(load) == pytest.approx(0.8)
    assert mean_wait(load) == pytest.approx(0.8 / (1 - 0.8))


def test_erlang_b_and_c_of_ten_servers_are_those_of_the_tables() -> None:
    load = Load(10, 7.0, 1.0)

    assert erlang_b(load) == pytest.approx(0.0787, abs=5e-5)
    assert erlang_c(load) == pytest.approx(0.2217, abs=5e-5)


def test_without_patience_nobody_waits_and_without_limit_nobody_gives_up() -> None:
    impatient, patient = Load(10, 8.5, 1.0, 1e9), Load(10, 8.5, 1.0, 1e-9)

    assert erlang_a(impatient).abandons == pytest.approx(erlang_b(impatient), rel=1e-6)
    assert erlang_a(patient).waits == pytest.approx(erlang_c(patient), rel=1e-6)
    assert erlang_a(patient).answered_after == pytest.approx(mean_wait(patient), rel=1e-6)
