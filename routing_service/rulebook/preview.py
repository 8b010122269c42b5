"""What another rulebook would change for the items that are open: nothing is changed here.

Asks both rulebooks about each item, and lets core move its clocks on a copy. Pure.
"""

from collections.abc import Iterable, Sequence

import msgspec

from routing_service.core.apply import apply
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.journal.events import RulebookActivated
from routing_service.core.promises import new_terms
from routing_service.core.records.lifecycle import ClockState
from routing_service.core.records.model import Clock, Item, Verdict
from routing_service.core.steering.facts import item_facts
from routing_service.rulebook.model import Rulebook

EXAMPLES = 5
"""Items shown of each kind of change, unless more are asked for."""

_UNTIMED = frozenset({ClockState.IDLE, ClockState.PAUSED, ClockState.CANCELLED})


class PromiseChange(msgspec.Struct, frozen=True, kw_only=True):
    """One clock before and after; due instants in microseconds, None = it has none."""

    clock: str
    state_before: ClockState
    state_after: ClockState
    due_before: int | None
    due_after: int | None

    @property
    def broken(self) -> bool:
        """Whether the promise would be broken at once."""
        return (
            self.state_after is ClockState.BREACHED and self.state_before is not ClockState.BREACHED
        )


class ItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """What would be otherwise for one item: the rules' choice now and then, and its promises."""

    item: str
    number: str
    queue: tuple[str, str] | None = None
    priority: tuple[str, str] | None = None
    promises: tuple[PromiseChange, ...] = ()


class Preview(msgspec.Struct, kw_only=True):
    """Counts over all open items, and the first few of each kind as examples."""

    open_items: int = 0
    other_queue: int = 0
    other_priority: int = 0
    other_due: int = 0
    broken_at_once: int = 0
    examples: list[ItemChange] = []


def preview(
    active: Rulebook,
    wanted: Rulebook,
    items: Iterable[Item],
    now: int,
    *,
    examples: int = EXAMPLES,
) -> Preview:
    """Look at each open item under both rulebooks; `now` in microseconds.

    Queue and priority are what the rules would say of the item as it is: activation moves none of
    them. Promises are what activation itself does to its clocks.
    """
    world = World("preview")
    apply(world, RulebookActivated(digest=wanted.digest, plan=wanted.plan, source=b""))
    found = Preview()
    for item in items:
        _count(found, _change(active, wanted, Draft(world, item, now)), examples)
    return found


def _change(active: Rulebook, wanted: Rulebook, draft: Draft) -> ItemChange:
    item = draft.item
    before, after = _verdict(active, item), _verdict(wanted, item)
    new_terms.retarget(draft)
    return ItemChange(
        item=item.id,
        number=item.number,
        queue=_differing(before.queue, after.queue),
        priority=_differing(before.priority, after.priority),
        promises=_promises(item, draft.item),
    )


def _verdict(rulebook: Rulebook, item: Item) -> Verdict:
    """What the rules say of the item; a label that they set themselves is no fact to them."""
    return rulebook.intake(item_facts(rulebook.plan, item, {}, (), item.contacts))


def _differing(before: str, after: str) -> tuple[str, str] | None:
    return None if before == after else (before, after)


def _promises(before: Item, after: Item) -> tuple[PromiseChange, ...]:
    pairs = [(name, before.clocks.get(name), clock) for name, clock in after.clocks.items()]
    told = [_promise(name, old, new) for name, old, new in pairs if old is not new]
    return tuple(
        change
        for change in told
        if (change.state_before, change.due_before) != (change.state_after, change.due_after)
    )


def _promise(name: str, before: Clock | None, after: Clock) -> PromiseChange:
    return PromiseChange(
        clock=name,
        state_before=before.state if before else ClockState.IDLE,
        state_after=after.state,
        due_before=_due(before) if before else None,
        due_after=_due(after),
    )


def _due(clock: Clock) -> int | None:
    return None if clock.state in _UNTIMED else clock.due


def _count(found: Preview, change: ItemChange, examples: int) -> None:
    found.open_items += 1
    counts: Sequence[int] = ()
    if change.queue:
        found.other_queue += 1
        counts = (*counts, found.other_queue)
    if change.priority:
        found.other_priority += 1
        counts = (*counts, found.other_priority)
    if change.promises:
        found.other_due += 1
        found.broken_at_once += any(promise.broken for promise in change.promises)
        counts = (*counts, found.other_due)
    if any(count <= examples for count in counts):
        found.examples.append(change)
