"""Instants, spans, enums and cursors between the wire and core."""

import base64
import zlib

import msgspec
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from routing_service.core.records.errors import Invalid
from routing_service.core.records.lifecycle import Presence
from routing_service.pb.routing.v1 import agent_pb2
from routing_service.server import cursor, wire
from routing_service.server.cursor import WHOLE, Place

LAST = wire.LAST_SECOND * wire.MICRO


@given(st.integers(min_value=1, max_value=LAST))
def test_instant_survives_the_wire(instant: int) -> None:
    assert wire.instant_of(wire.stamp(instant), "at") == instant


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_span_survives_the_wire(micros: int) -> None:
    assert wire.micros_of(wire.span(micros), "by") == micros


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_span_is_a_valid_duration(micros: int) -> None:
    assert wire.span(micros).ToMicroseconds() == micros


def test_epoch_itself_is_not_taken_for_absent() -> None:
    assert wire.instant_of(Timestamp(), "at") == 1


@pytest.mark.parametrize(
    "stamp",
    [
        Timestamp(seconds=wire.LAST_SECOND + 1),
        Timestamp(seconds=-(10**12)),
        Timestamp(nanos=-1),
        Timestamp(nanos=10**9),
    ],
)
def test_instant_outside_of_its_definition_is_refused(stamp: Timestamp) -> None:
    with pytest.raises(Invalid) as refusal:
        wire.instant_of(stamp, "at")

    assert (refusal.value.reason, refusal.value.details) == ("FIELD_OUT_OF_RANGE", {"field": "at"})


@pytest.mark.parametrize("duration", [Duration(seconds=10**12), Duration(nanos=10**9)])
def test_duration_outside_of_its_definition_is_refused(duration: Duration) -> None:
    with pytest.raises(Invalid, match="by"):
        wire.micros_of(duration, "by")


@pytest.mark.parametrize(("number", "reason"), [(0, "FIELD_REQUIRED"), (99, "FIELD_OUT_OF_RANGE")])
def test_enum_without_meaning_is_refused(number: int, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        wire.chosen(wire.PRESENCE_OF, number, "presence")

    assert refusal.value.reason == reason


def test_enum_with_a_meaning_is_cores_own() -> None:
    assert wire.chosen(wire.PRESENCE_OF, agent_pb2.PRESENCE_AWAY, "presence") is Presence.AWAY


PLACES = st.builds(
    Place, st.integers(min_value=0, max_value=2**53), st.integers(min_value=0, max_value=WHOLE)
)


@given(PLACES, st.text(max_size=100))
def test_place_survives_as_a_cursor(place: Place, desk: str) -> None:
    assert cursor.read(desk, cursor.write(desk, place)) == place


@given(PLACES, st.integers(min_value=0), st.sampled_from("AZaz09-_"))
def test_changed_cursor_is_refused(place: Place, where: int, letter: str) -> None:
    written = cursor.write("default", place)
    index = where % (len(written) - 1)  # the last letter carries unused bits
    changed = written[:index] + letter + written[index + 1 :]
    if changed != written:
        with pytest.raises(Invalid, match="cursor"):
            cursor.read("default", changed)


@given(st.text())
def test_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        cursor.read("default", text)

    assert refusal.value.reason == "CURSOR_INVALID"


@pytest.mark.parametrize("written", [[2, "default", 1, 1], [1, "default", -1, 1], [1, "d"], "x"])
def test_cursor_of_another_form_is_refused(written: object) -> None:
    body = msgspec.msgpack.encode(written)
    check = zlib.crc32(body).to_bytes(4, "big")

    with pytest.raises(Invalid, match="cursor"):
        cursor.read("default", base64.urlsafe_b64encode(check + body).decode())


def test_whole_record_lies_after_each_of_its_events() -> None:
    assert Place(3, 1) < Place(3, 2) < Place(3) < Place(4, 0)
