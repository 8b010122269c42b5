"""What was done to an item is found from its last act back to its opening."""

from hypothesis import event, given
from hypothesis import strategies as st

from routing_service.core.journal.events import OfferMade
from routing_service.core.journal.record import Record
from routing_service.core.journal.routing_acts import RoutingAct, acts_of, instant_before
from routing_service.core.records.model import Item
from tests.property.life import Life
from tests.property.moves import Move, moves


@given(st.lists(moves, min_size=20, max_size=40))
def test_acts_of_an_item_are_found_from_the_last_one_back_to_its_opening(
    played: list[Move],
) -> None:
    life = Life()
    life.play(played)

    for item in life.world.items.values():
        done = [act for record in life.records for act in acts_of(record, item.id)]
        event(f"{min(len(done), 9)} acts")
        assert done == followed_back(life.records, item)
        assert done[0].at == item.received_at


def followed_back(records: list[Record], item: Item) -> list[RoutingAct]:
    """What a reader finds who knows the item, and the records of each instant that he is led to."""
    at, found = item.routed_at or item.received_at, list[RoutingAct]()
    while at:
        here = [act for each in records if each.now == at for act in acts_of(each, item.id)]
        assert here, "an instant without acts"
        found = here + found
        at = instant_before(here, at, item.received_at)
    return found


@given(st.lists(moves, min_size=20, max_size=40))
def test_every_offer_says_how_many_each_filter_left_and_who_was_best(played: list[Move]) -> None:
    life = Life()
    life.play(played)
    made = [
        each for record in life.records for each in record.events if isinstance(each, OfferMade)
    ]

    for offer in made:
        why = offer.why
        assert why.in_queue >= why.skilled >= why.available >= why.free > why.declined >= 0
        assert offer.agent == (why.top[why.place - 1] if why.place <= 5 else why.top[-1]).agent
        assert [each.score for each in why.top] == sorted(each.score for each in why.top)
        assert why.kept_as or len(why.top) == min(5, why.free - why.declined - why.asked)
