"""A why-not as people read it, in either language."""

import pytest

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.choice.why_not import Lack, LackKind, NearMiss, WhyNot
from routing_service.core.records.model import Requirement
from routing_service.rulebook.local_time import LocalTime
from routing_service.rulebook.why_not_words import why_not_tree
from tests.builders import at

EIGHT = at("2024-05-16T08:00+08:00")
NINE = at("2024-05-16T09:00+08:00")


def lines(lack: Lack, *blocks: Block, language: str = "en") -> list[str]:
    told = WhyNot(
        item="it1",
        queues=("service",),
        requirements=(Requirement("hvac", 6),),
        lack=lack,
        in_queue=3,
        qualified=2,
        available=1,
        free=0,
        nearest=(NearMiss(agent="ann", blocks=blocks),),
        relaxes_at=NINE,
    )
    root = why_not_tree(told, "C00001", language, LocalTime("Asia/Shanghai", EIGHT))
    below = [each.text for branch in root.branches for each in (branch, *branch.branches)]
    return [root.text, *below]


def test_reason_funnel_and_nearest_agents_are_told() -> None:
    told = lines(
        Lack(kind=LackKind.NOBODY_ON_SHIFT, until=NINE),
        Block(kind=BlockKind.OFF_SHIFT, until=NINE),
        Block(kind=BlockKind.SKILL, skill="hvac", needed=6, has=5),
    )

    assert [
        "C00001: with nobody. Nobody qualified is on shift until 09:00",
        "queue service, asking for hvac from level 6",
        "3 agents in the queue, 2 of them qualified, 1 of these available, 0 of these with room",
        "asks for less at 09:00",
        "ann: 2 in the way",
        "off shift until 09:00",
        "skill hvac at level 5, asked for 6",
        "times of Asia/Shanghai",
    ] == told


def test_skill_that_nobody_has_in_chinese() -> None:
    told = lines(
        Lack(kind=LackKind.SKILL_OF_NOBODY, skill="hvac", level=6),
        Block(kind=BlockKind.SKILL, skill="hvac", needed=6),
        language="zh",
    )

    assert told[0] == "C00001：尚无人受理。没有人具备 hvac 6 级"
    assert told[-2] == "缺少技能 hvac，要求 6 级"


def test_agent_without_blocks_is_next() -> None:
    told = lines(Lack(kind=LackKind.ABOUT_TO_BE_OFFERED))

    assert told[-2] == "ann: is about to be offered it"


def test_text_of_others_cannot_command_the_terminal() -> None:
    told = lines(
        Lack(kind=LackKind.NOBODY_AVAILABLE),
        Block(kind=BlockKind.PRESENCE, detail="away", reason="\x1b[2J"),
    )

    assert told[-2] == "is away: \\u001b[2J"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", LackKind)
def test_every_reason_has_words(kind: LackKind, language: str) -> None:
    said = lines(Lack(kind=kind, skill="hvac", level=6, agent="ben"), language=language)[0]

    assert "{" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", BlockKind)
def test_every_block_has_words(kind: BlockKind, language: str) -> None:
    block = Block(kind=kind, skill="hvac", needed=6, has=5, detail="ben")
    said = lines(Lack(kind=LackKind.NOBODY_FREE), block, language=language)[-1]

    assert said
    assert "{" not in said
