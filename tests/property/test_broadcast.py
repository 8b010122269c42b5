"""Many are asked at once, in whatever order they answer: one has the item, and nobody else pays.

Every command of these lives is checked as all are (life.py, witness.py): index and brute force
offer the same, nobody is over his capacity, what is reserved has an open offer, no two handle an
item, and the journal tells it all.
"""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from routing_service.core.journal.commands import Accept, PutAgents, SwitchStrategy
from routing_service.core.plans.plan import Strategy
from routing_service.core.records.lifecycle import HoldState, ItemState, OfferState, Presence
from tests.builders import MINUTE
from tests.property.life import SPARSE, Life
from tests.property.moves import SPANS, Move

pytestmark = pytest.mark.timeout(300)  # many lives: a busy machine takes its time, a hunt more

_DICE = st.integers(0, 11)
_BRIEF = SPANS.index(10 * MINUTE) + 1
_MOVES = {
    "open": 8,
    "accept": 3,
    "decline": 4,
    "wait": 4,
    "until_due": 5,
    "jump": 2,
    "late_tick": 1,
    "resolve": 3,
    "reopen": 2,
    "update": 2,
    "transfer": 2,
    "presence": 2,
    "sign_in": 4,
    "put": 1,
    "lose": 2,
    "remove": 1,
    "cancel": 1,
    "abandon": 1,
    "activate": 1,
}


def brief(move: Move) -> Move:
    """In hours of waiting there would be hundreds of rounds, one like the other."""
    return move._replace(how=move.how % _BRIEF) if move.name == "wait" else move


CROWDED = st.builds(
    Move,
    st.sampled_from([name for name, weight in _MOVES.items() for _ in range(weight)]),
    *(_DICE, _DICE, _DICE, _DICE),
).map(brief)
"""Lives in which several have an offer of one item, and lose it in every way."""


def crowd(strategies: list[Strategy]) -> Life:
    """A desk whose three queues ask several at once."""
    life = Life()
    switch(life, strategies)
    return life


def switch(life: Life, strategies: list[Strategy]) -> None:
    for queue, strategy in zip(("service", "second", "strict"), strategies, strict=True):
        life.do(SwitchStrategy(queue=queue, strategy=strategy))


def fill(life: Life, strategies: list[Strategy]) -> None:
    """All are there with room, by whatever rulebook it is by now, and more comes in."""
    switch(life, strategies)
    for agent in list(life.world.agents.values()):
        life.do(PutAgents(agents=(replace(agent, capacity=99, maximum={}, cap=0, cap_window=0),)))
        life.presence(agent.id, Presence.AVAILABLE)
    for number, queue in enumerate(life.world.plan.queues):
        life.open(queue=queue, customer=f"late-{number}")
    life.wait(MINUTE)


def race(life: Life, item: str, order: int) -> tuple[str, list[str]]:
    """All who are offered the item accept at this instant; (whose answer came first, refusals)."""
    offers = [life.world.offers[offer] for offer in life.item(item).offers.values()]
    first = order % len(offers)
    refused = len(life.refused)
    for offer in (*offers[first:], *offers[:first]):
        life.do(Accept(offer=offer.id, agent=offer.agent, version=offer.version))
    ended = [life.world.ended_offers[offer.id].state for offer in offers]
    assert 1 == ended.count(OfferState.ACCEPTED)
    assert len(offers) - 1 == ended.count(OfferState.RESCINDED)
    return offers[first].agent, life.refused[refused:]


_SEVERAL = st.sampled_from((Strategy.BROADCAST, Strategy.PROGRESSIVE_BROADCAST))


@given(st.lists(_SEVERAL, min_size=3, max_size=3), st.lists(CROWDED, max_size=20), _DICE)
def test_of_all_who_accept_at_one_instant_the_first_has_the_item(
    strategies: list[Strategy], played: list[Move], order: int
) -> None:
    life = crowd(strategies)
    life.play(played)
    fill(life, strategies)

    for item in list(life.world.items.values()):
        asked = life.world.items[item.id].offers if item.id in life.world.items else {}
        if not asked:
            continue
        event(f"{len(asked)} accept at once")
        first, refused = race(life, item.id, order)
        held = [agent.holds.get(item.id) for agent in life.world.agents.values()]

        assert (ItemState.ASSIGNED, first) == (life.item(item.id).state, life.item(item.id).owner)
        assert ["OFFER_NOT_PENDING"] * (len(asked) - 1) == refused
        assert not [hold for hold in held if hold and hold.state is HoldState.RESERVED]


@settings(max_examples=settings().max_examples // 2)
@given(st.lists(_SEVERAL, min_size=3, max_size=3), st.lists(CROWDED, min_size=10, max_size=40))
def test_a_round_asks_no_more_than_it_may_and_its_journal_tells_it(
    strategies: list[Strategy], played: list[Move]
) -> None:
    life = crowd(strategies)
    for move in played:
        life.play([move])
        for item in life.world.items.values():
            bound = life.world.plan.queues[item.queue].choice.broadcast.at_most
            event(f"{len(item.offers)} open")
            assert len(item.offers) <= bound

    life.check_journal(every=SPARSE)
