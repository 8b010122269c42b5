"""Compares what a case expects with what is: one mismatch per thing that is otherwise.

Reads an item and its alerts; changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.records.lifecycle import ClockState, ItemState
from routing_service.core.records.model import AlertOrder, Item
from routing_service.core.records.surge import NORMAL
from routing_service.rulebook.cases import ABSENT, NOBODY, Expectation, ExpectedAlert
from routing_service.rulebook.local_time import LocalTime

_WITH_DUE = (ClockState.RUNNING, ClockState.BREACHED)
"""Whoever stopped, paused or cancelled a clock left nothing to be due, whatever is kept of it."""


class Mismatch(msgspec.Struct, frozen=True):
    """One thing that is otherwise: its name in the case, what was expected, what it is."""

    name: str
    expected: str
    actual: str


def differences(
    world: World, item: Item, alerts: Sequence[AlertOrder], expect: Expectation
) -> tuple[Mismatch, ...]:
    """Everything said in `expect` that does not hold; `alerts` are those since the last look."""
    found = [
        *_plain(world, item, expect),
        *_labels(item, expect),
        *_signals(item, expect),
        *_clocks(item, expect, world.plan.zone),
        *_surge(world, item, expect),
        *_alerts(alerts, expect),
    ]
    return tuple(found)


def _plain(world: World, item: Item, expect: Expectation) -> Iterator[Mismatch]:
    actual = {
        "number": item.number,
        "priority": item.priority,
        "queue": item.queue,
        "agent": agent_of(world, item),
        "state": item.state.value,
    }
    for name, value in actual.items():
        expected = getattr(expect, name)
        if expected and expected != value:
            yield Mismatch(name, expected, value)
    place = world.waiting.position(item)
    if expect.position not in (None, place):
        yield Mismatch("position", str(expect.position), str(place))
    if expect.fired is not None and expect.fired != item.fired:
        yield Mismatch("fired", _listed(expect.fired), _listed(item.fired))


def agent_of(world: World, item: Item) -> str:
    """Who has the item: the owner, or the first agent it is offered to; NOBODY while queued."""
    match item.state:
        case ItemState.QUEUED:
            return NOBODY
        case ItemState.OFFERED:
            return next(iter(item.offers))
        case _:
            return item.owner or NOBODY


def _labels(item: Item, expect: Expectation) -> Iterator[Mismatch]:
    for name, value in expect.labels.items():
        if item.labels.get(name, ABSENT) != value:
            yield Mismatch(f"labels.{name}", str(value), str(item.labels.get(name, ABSENT)))


def _signals(item: Item, expect: Expectation) -> Iterator[Mismatch]:
    for name, shown in expect.signals.items():
        if (name in item.signals) is not shown:
            yield Mismatch(f"signals.{name}", _shown(shown), _shown(not shown))


def _shown(shown: bool) -> str:
    return "shown" if shown else "not shown"


def _clocks(item: Item, expect: Expectation, zone: str) -> Iterator[Mismatch]:
    for name, state in expect.clocks.items():
        clock = item.clocks.get(name)
        actual = clock.state.value if clock else ABSENT
        if actual != state:
            yield Mismatch(name, state, actual)
    for name, due in expect.due.items():
        clock = item.clocks.get(name)
        actual_due = clock.due if clock and clock.state in _WITH_DUE else None
        if actual_due != due:
            yield Mismatch(f"due.{name}", instant(due, zone), instant(actual_due, zone))


def _surge(world: World, item: Item, expect: Expectation) -> Iterator[Mismatch]:
    for load, level in expect.surge.items():
        stands = world.surges.get(load, NORMAL).standing or NOBODY
        if stands != level:
            yield Mismatch(f"surge.{load}", level, stands)
    told = {} if item.surge is None else msgspec.to_builtins(item.surge)
    for name, expected in expect.notice.items():
        if told.get(name, "") != expected:
            yield Mismatch(f"notice.{name}", expected, told.get(name, ABSENT))


def _alerts(alerts: Sequence[AlertOrder], expect: Expectation) -> Iterator[Mismatch]:
    """Each expected alert takes one that was raised; what is left on either side is a mismatch."""
    if expect.alerts is None:
        return
    rest = list(alerts)
    missing = []
    for wanted in sorted(expect.alerts, key=_vague):
        match = next((alert for alert in rest if _is(alert, wanted)), None)
        if match is None:
            missing.append(wanted.rule)
        else:
            rest.remove(match)
    if missing or rest:
        expected = _listed(_wanted(alert) for alert in expect.alerts)
        yield Mismatch("alerts", expected, _listed(_told(alert) for alert in alerts))


def _vague(alert: ExpectedAlert) -> int:
    """The precise ones choose first, so that a vague one does not take theirs."""
    return -bool(alert.to) - bool(alert.severity)


def _is(alert: AlertOrder, wanted: ExpectedAlert) -> bool:
    return (
        alert.rule.rpartition("/")[2] == wanted.rule
        and (not wanted.to or set(wanted.to) == set(alert.to))
        and (not wanted.severity or wanted.severity == alert.severity)
    )


def _wanted(alert: ExpectedAlert) -> str:
    to = f" to {'+'.join(alert.to)}" if alert.to else ""
    severity = f" ({alert.severity})" if alert.severity else ""
    return f"{alert.rule}{to}{severity}"


def _told(alert: AlertOrder) -> str:
    return f"{alert.rule} to {'+'.join(alert.to)} ({alert.severity})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or NOBODY


def instant(at: int | None, zone: str) -> str:
    """An ISO instant with the offset of the zone; NOBODY for None."""
    return NOBODY if at is None else LocalTime(zone).exact(at)
