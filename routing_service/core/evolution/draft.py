"""A draft: the events of one decision about one item, with the item as it will be after them.

Uses the same `evolve` as apply, so that a decision and its replay cannot disagree.
"""

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.evolution.evolve import ItemEvent, evolve_item
from routing_service.core.journal.events import (
    AnyEvent,
    ClockMoved,
    HoldMoved,
    ItemMoved,
    OfferMoved,
)
from routing_service.core.records.lifecycle import (
    HOLD,
    ITEM,
    OFFER,
    HoldState,
    HoldStep,
    ItemStep,
    OfferState,
    OfferStep,
    advance,
)
from routing_service.core.records.model import Clock, Item


class Draft:
    """Collects events; `item` is always up to date. Nothing of World is changed."""

    def __init__(self, world: World, item: Item, now: int) -> None:
        self.world = world
        self.item = item
        self.now = now
        self.events: list[AnyEvent] = []
        self._holds: dict[str, HoldState] = {}

    def add(self, event: ItemEvent) -> None:
        """Append an event of this item and evolve it."""
        self.item = evolve_item(self.item, event, self.now)
        self.events.append(event)

    def add_clock(self, event: ClockMoved, clock: Clock) -> None:
        """Append a clock's step whose outcome is known already (`evolve_clock` of the event)."""
        self.item = replace(self.item, clocks={**self.item.clocks, event.clock: clock})
        self.events.append(event)

    def note(self, event: AnyEvent) -> None:
        """Append an event about something other than the item's own record."""
        self.events.append(event)

    def move(self, step: ItemStep, reason: str = "", owner: str = "", until: int = 0) -> None:
        """Take a step of the ITEM table; WrongState when there is no such row."""
        state = advance(ITEM, self.item.state, step, self.item.number)
        moved = ItemMoved(
            item=self.item.id, step=step, state=state, reason=reason, owner=owner, until=until
        )
        self.add(moved)

    def hold(
        self, agent: str, step: HoldStep, *, until: int = 0, ready_at: int = 0, renewals: int = 0
    ) -> None:
        """Take a step of the HOLD table for the capacity `agent` holds for this item."""
        held = self.world.agents[agent].holds.get(self.item.id)
        cost = held.cost if held else self.world.cost(self.item)
        state = advance(HOLD, self.held(agent), step, agent)
        self._holds[agent] = HoldState.NONE if state is HoldState.RELEASED else state
        self.note(
            HoldMoved(
                agent=agent,
                item=self.item.id,
                step=step,
                state=state,
                cost=cost,
                until=until,
                ready_at=ready_at,
                renewals=renewals,
                channel=self.item.channel,
                queue=self.item.queue if step is HoldStep.RESERVE else "",
            )
        )

    def held(self, agent: str) -> HoldState:
        """How this item holds the agent's capacity after the events so far."""
        known = self.world.agents.get(agent)
        held = known.holds.get(self.item.id) if known else None
        return self._holds.get(agent, held.state if held else HoldState.NONE)

    def end_offer(self, agent: str, step: OfferStep, reason: str = "", retry_at: int = 0) -> None:
        """The agent's open offer ends, his capacity back, the item too if it was the last one."""
        self.drop_offer(agent, step, reason, retry_at)
        if self.item.offers:
            return
        self.move(ItemStep.UNOFFER, reason)
        if self.item.handover is not None and self.item.handover.until <= self.now:
            self.move(ItemStep.RETAIN, "nobody_accepted")

    def drop_offer(self, agent: str, step: OfferStep, reason: str, retry_at: int = 0) -> None:
        """The agent's open offer ends, and the item stays offered: to others, or to be taken."""
        offer = self.item.offers[agent]
        self.hold(agent, HoldStep.RELEASE)
        self.add(
            OfferMoved(
                offer=offer,
                item=self.item.id,
                agent=agent,
                step=step,
                state=advance(OFFER, OfferState.PENDING, step, offer),
                reason=reason,
                retry_at=retry_at,
                open=len(self.item.offers) - 1,
                before=self.item.routed_at,
            )
        )
