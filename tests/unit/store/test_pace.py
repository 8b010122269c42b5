"""When the next commit may start."""

from routing_service.store.sqlite.pace import Pace


def test_an_idle_writer_commits_at_once() -> None:
    pace = Pace(1_500)

    assert pace.rest_us(now=0) == 0


def test_after_a_commit_of_few_records_the_next_may_follow_at_once() -> None:
    pace = Pace(1_500)
    pace.committed(now=10_000, records=2)

    assert pace.rest_us(now=10_000) == 0


def test_after_a_busy_commit_the_next_waits_for_the_rest_of_the_pause() -> None:
    pace = Pace(1_500)
    pace.committed(now=10_000, records=3)

    assert [pace.rest_us(now) for now in (10_000, 11_000, 11_500, 20_000)] == [1_500, 500, 0, 0]


def test_one_quiet_commit_ends_the_busy_time() -> None:
    pace = Pace(1_500)
    pace.committed(now=10_000, records=50)
    pace.committed(now=12_000, records=1)

    assert pace.rest_us(now=12_000) == 0


def test_a_pace_of_zero_never_waits() -> None:
    pace = Pace(0)
    pace.committed(now=10_000, records=50)

    assert pace.rest_us(now=10_000) == 0
