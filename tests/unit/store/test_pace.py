"""When the next commit may start."""

from routing_service.store.sqlite.pace import REMEMBERED_COMMITS, Pace


def test_an_idle_writer_commits_at_once() -> None:
    pace = Pace(1_500)

    assert pace.rest_us(now=0) == 0


def test_one_caller_at_a_time_never_waits() -> None:
    pace = Pace(1_500)
    for now in range(10_000, 20_000, 500):
        pace.committed(now, records=1)

        assert pace.rest_us(now) == 0


def test_after_a_shared_commit_the_next_waits_for_the_rest_of_the_pause() -> None:
    pace = Pace(1_500)
    pace.committed(now=10_000, records=2)

    assert [pace.rest_us(now) for now in (10_000, 11_000, 11_500, 20_000)] == [1_500, 500, 0, 0]


def test_single_records_between_shared_commits_do_not_end_the_busy_time() -> None:
    pace = Pace(1_500)
    pace.committed(now=10_000, records=50)
    for now in range(12_000, 12_000 + REMEMBERED_COMMITS - 1):
        pace.committed(now, records=1)

        assert pace.rest_us(now) == 1_500

    pace.committed(now=20_000, records=1)

    assert pace.rest_us(now=20_000) == 0


def test_a_pace_of_zero_never_waits() -> None:
    pace = Pace(0)
    pace.committed(now=10_000, records=50)

    assert pace.rest_us(now=10_000) == 0
