"""What flags become on the wire."""

from pathlib import Path

import pytest

from routing_service.cli import parse
from routing_service.cli.connection import connection
from routing_service.cli.labels import labels, tags
from routing_service.cli.submit import event
from routing_service.cli.watch import request
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import event_service_pb2, request_event_pb2, work_item_pb2
from routing_service.pb.routing.v1.work_item_pb2 import LabelValue, StringList


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("impact=high", LabelValue(text="high")),
        ("note=a=b", LabelValue(text="a=b")),
        ("count=3", LabelValue(text="3")),
        ("count:=3", LabelValue(integer=3)),
        ("vip:=true", LabelValue(boolean=True)),
        ('code:="7"', LabelValue(text="7")),
        ('parts:=["a","b"]', LabelValue(list=StringList(values=["a", "b"]))),
    ],
)
def test_label_has_the_type_it_is_written_with(told: str, value: LabelValue) -> None:
    assert list(labels([told]).values()) == [value]


@pytest.mark.parametrize("told", ["impact", "=high", ":=3", "count:=3.5", "count:=", "x:={}"])
def test_label_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(Invalid) as refused:
        labels([told])

    assert refused.value.reason == "LABEL_VALUE"


def test_tag_needs_a_name() -> None:
    assert tags(["a=1", "b="]) == {"a": "1", "b": ""}
    with pytest.raises(Invalid, match="name=text"):
        tags(["=1"])


def test_submit_sends_what_its_flags_say() -> None:
    words = "submit --channel phone --customer c7 --label impact=high --text hello --tag ref=9"
    told = event(parse([*words.split(), "--occurred-at", "2016-02-29T10:00:00+01:00"]))

    assert told.kind == request_event_pb2.REQUEST_KIND_OPENED
    assert (told.channel, told.customer_id, told.text) == ("phone", "c7", "hello")
    assert told.labels["impact"].text == "high"
    assert told.tags["ref"] == "9"
    assert told.occurred_at.ToJsonString() == "2016-02-29T09:00:00Z"


def test_submit_says_of_a_new_item_what_it_is_for_and_when() -> None:
    words = "submit --item-kind callback --parent it1 --role promised"
    times = ["--scheduled-for", "2016-02-29T10:00Z", "--waiting-since", "2016-02-29T08:00Z"]
    told = event(parse([*words.split(), *times]))

    assert told.item_kind == work_item_pb2.ITEM_KIND_CALLBACK
    assert (told.parent_item_id, told.role) == ("it1", "promised")
    assert told.scheduled_for.ToJsonString() == "2016-02-29T10:00:00Z"
    assert told.waiting_since.ToJsonString() == "2016-02-29T08:00:00Z"


def test_submit_says_which_version_of_the_item_was_seen() -> None:
    words = "submit --kind message --item it1 --expected-version 7"

    assert event(parse(words.split())).expected_version == 7


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2020-01-01T00:00Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01 01:00:00.5+01:00", "2020-01-01T00:00:00.500Z"),
    ],
)
def test_occurred_at_is_any_iso_time_with_offset(told: str, at: str) -> None:
    assert event(parse(["submit", "--occurred-at", told])).occurred_at.ToJsonString() == at


@pytest.mark.parametrize(
    "told", ["yesterday", "2020-01-01", "2020-01-01T00:00", "0001-01-01T00:00+05:00"]
)
def test_occurred_at_that_is_no_instant_is_refused(told: str) -> None:
    with pytest.raises(Invalid, match="2016-02-29T09:00Z"):
        event(parse(["submit", "--occurred-at", told]))


@pytest.mark.parametrize("target", ["abc", ":7400", "h:", "h:0", "h:99999", "h:x"])
def test_target_that_is_no_address_is_refused(target: str) -> None:
    with pytest.raises(Invalid, match="write host:port"):
        connection(parse(["watch", "--target", target]))


@pytest.mark.parametrize("target", ["localhost:7400", "[::1]:7400", "10.0.0.1:65535"])
def test_target_is_a_host_and_a_port(target: str) -> None:
    assert connection(parse(["watch", "--target", target])).target == target


def test_each_submit_has_a_key_of_its_own_unless_told() -> None:
    keys = {event(parse(["submit"])).event_id for _ in range(3)}

    assert len(keys) == 3
    assert event(parse(["submit", "--event-id", "e1"])).event_id == "e1"


def test_watch_asks_for_what_its_flags_say() -> None:
    words = "watch --kind item_moved --queue group-1 --item it1 --consumer pager --snapshot"
    told = request("default", parse(words.split()), "")

    assert told.filter.kinds == [event_service_pb2.EVENT_KIND_ITEM_MOVED]
    assert (list(told.filter.queues), list(told.filter.item_ids)) == (["group-1"], ["it1"])
    assert (told.consumer, told.include_snapshot) == ("pager", True)


def test_watch_that_goes_on_asks_for_no_second_snapshot() -> None:
    told = request("default", parse(["watch", "--snapshot"]), "place")

    assert (told.after, told.include_snapshot) == ("place", False)


def test_token_goes_along_with_every_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("from-file\n")
    monkeypatch.setenv("ROUTING_TOKEN", "from-environment")
    without = connection(parse(["watch"]))
    with_file = connection(parse(["watch", "--token-file", str(file)]))

    assert without.metadata == (("authorization", "Bearer from-environment"),)
    assert with_file.metadata == (("authorization", "Bearer from-file"),)
    monkeypatch.delenv("ROUTING_TOKEN")
    assert connection(parse(["watch"])).metadata == ()
