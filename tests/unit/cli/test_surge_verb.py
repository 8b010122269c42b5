"""What `surge` asks of a service, and what it prints of its loads."""

import datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.cli import parse
from routing_service.cli.surge import asked, lines
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1.surge_pb2 import Load

UNTIL = "2030-02-28T09:00:00Z"
SOON = ("--for", "2h")


def load(**fields: Any) -> Load:
    return Load(name="front", queue="service", demand_units=3, units=2, **fields)


def test_without_a_wish_nothing_is_switched() -> None:
    assert asked(parse(["surge"])) is None


def test_a_level_is_asked_for_until_an_instant() -> None:
    switch = asked(parse(["surge", "peak", "--load", "front", "--until", UNTIL, "--reason", "x"]))

    assert switch is not None
    assert (switch.level, switch.load, switch.reason) == ("peak", "front", "x")
    assert switch.until.ToJsonString() == UNTIL


def test_a_level_is_asked_for_for_a_time_from_now() -> None:
    before = datetime.datetime.now(datetime.UTC)
    switch = asked(parse(["surge", "--at-none", "--for", "1h30m", "--reason", "calm"]))
    after = datetime.datetime.now(datetime.UTC)

    assert switch is not None
    span = datetime.timedelta(minutes=90)
    assert before + span <= switch.until.ToDatetime(datetime.UTC) <= after + span
    assert (switch.level, switch.release) == ("", False)


def test_a_release_needs_no_end() -> None:
    switch = asked(parse(["surge", "--release", "--reason", "over"]))

    assert switch is not None
    assert switch.release
    assert not switch.HasField("until")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["peak", "--release"], "FLAGS_CONFLICT"),
        (["peak", "--at-none", *SOON], "FLAGS_CONFLICT"),
        (["--load", "front"], "FLAGS_CONFLICT"),
        (["peak"], "FIELD_REQUIRED"),
        (["peak", *SOON, "--until", UNTIL], "FIELD_REQUIRED"),
        (["peak", "--for", "soon"], "FIELD_OUT_OF_RANGE"),
        (["peak", "--until", "tomorrow"], "FIELD_OUT_OF_RANGE"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_called(
    words: list[str], reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        asked(parse(["surge", *words]))

    assert refused.value.reason == reason


def test_a_load_is_told_with_its_level_and_what_it_is_made_of() -> None:
    (told,) = lines([load(level="peak", level_by_load="peak", skill="hvac", skill_level=2)])

    assert told == (
        "front  at peak, 150 % (3 units to do, 2 signed in), queue service for hvac from level 2"
    )


def test_a_load_with_nobody_there_has_no_percentage() -> None:
    (told,) = lines([Load(name="front", queue="service", demand_units=3)])

    assert told == "front  at no level, 3 units to do and nobody signed in, queue service"


def test_who_switched_a_load_is_told_and_what_it_would_be_by_itself() -> None:
    until = Timestamp()
    until.FromJsonString(UNTIL)
    switched = load(level="peak", switched_by="lead", switched_until=until, reason="fire")
    _, *told = lines([switched])

    assert told == [
        f"  switched by lead until {UNTIL}: fire",
        "  by itself it would be at no level",
    ]


def test_a_desk_without_loads_says_what_would_give_it_some() -> None:
    (told,) = lines([])

    assert "surge.yaml" in told
