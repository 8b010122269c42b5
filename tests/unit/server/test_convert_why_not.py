"""A why-not on the wire says all that core says."""

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.choice.why_not import Lack, LackKind, NearMiss, WhyNot
from routing_service.core.records.model import Requirement
from routing_service.server.convert_why_not import from_wire, to_wire
from tests.builders import HOUR, NOON

PRESENCE = Block(
    kind=BlockKind.PRESENCE,
    skill="hvac",
    needed=3,
    has=2,
    until=NOON + 1,
    detail="away",
    reason="lunch",
)
FULL = WhyNot(
    item="it1",
    queues=("service", "second"),
    requirements=(Requirement("hvac", 3),),
    lack=Lack(kind=LackKind.SKILL_OF_NOBODY, skill="hvac", level=3, agent="ann", until=NOON + HOUR),
    in_queue=4,
    qualified=3,
    available=2,
    free=1,
    nearest=(
        NearMiss(agent="ann", blocks=(PRESENCE, Block(kind=BlockKind.COOL_DOWN))),
        NearMiss(agent="ben", blocks=()),
    ),
    relaxes_at=NOON,
)
BARE = WhyNot(
    item="it1",
    queues=("service",),
    requirements=(),
    lack=Lack(kind=LackKind.NOBODY_FREE),
    in_queue=0,
    qualified=0,
    available=0,
    free=0,
    nearest=(),
)


def test_what_is_told_is_what_was_found_out() -> None:
    assert FULL == from_wire("it1", to_wire(FULL))


def test_instant_that_is_not_known_is_absent() -> None:
    told = to_wire(BARE)

    assert not told.HasField("relaxes_at")
    assert not told.lack.HasField("until")
    assert BARE == from_wire("it1", told)
