"""A why-not in words of the catalogue, as a tree of lines. Pure; knows no terminal."""

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.choice.why_not import NearMiss, WhyNot
from routing_service.core.records.model import Requirement
from routing_service.rulebook import messages
from routing_service.rulebook.explain_words import Branch, Tone, printable
from routing_service.rulebook.local_time import LocalTime


def why_not_tree(told: WhyNot, number: str, language: str, time: LocalTime) -> Branch:
    """The reason, the funnel, and the nearest agents with what keeps each of them."""
    return _Teller(language, time).tree(told, number)


class _Teller:
    def __init__(self, language: str, time: LocalTime) -> None:
        self._language = language
        self._time = time

    def _say(self, key: str, **arguments: str | int) -> str:
        pattern = messages.message(f"WHY_NOT_{key}", self._language)
        return pattern.format_map(
            {name: printable(str(value)) for name, value in arguments.items()}
        )

    def tree(self, told: WhyNot, number: str) -> Branch:
        lack = told.lack
        words: dict[str, str | int] = {
            "skill": lack.skill,
            "level": lack.level,
            "agent": lack.agent,
        }
        reason = self._until(self._say(f"LACK_{lack.kind.name}", **words), lack.until)
        counts = {
            "in_queue": told.in_queue,
            "qualified": told.qualified,
            "available": told.available,
            "free": told.free,
        }
        below = [
            Branch(self._say("QUEUES", queues=", ".join(told.queues), needs=self._needs(told))),
            Branch(self._say("FUNNEL", **counts)),
            *([Branch(self._relaxes(told.relaxes_at))] if told.relaxes_at else []),
            *(self._miss(miss) for miss in told.nearest),
            Branch(self._say("ZONE", zone=self._time.zone), Tone.FALSE),
        ]
        return Branch(self._say("TITLE", number=number, lack=reason), Tone.HEAD, tuple(below))

    def _relaxes(self, at: int) -> str:
        return self._say("RELAXES", at=self._time.tell(at))

    def _needs(self, told: WhyNot) -> str:
        needs = ", ".join(self._need(need) for need in told.requirements)
        return needs or self._say("NEEDS_NOTHING")

    def _need(self, need: Requirement) -> str:
        return self._say("NEED", skill=need.skill, level=need.level)

    def _until(self, reason: str, until: int) -> str:
        return self._say("UNTIL", reason=reason, at=self._time.tell(until)) if until else reason

    def _miss(self, miss: NearMiss) -> Branch:
        if not miss.blocks:
            return Branch(self._say("NEXT", agent=miss.agent), Tone.TRUE)
        title = self._say("NEAREST", agent=miss.agent, count=len(miss.blocks))
        return Branch(title, branches=tuple(Branch(self._block(each)) for each in miss.blocks))

    def _block(self, block: Block) -> str:
        key = block.kind.name
        if block.kind is BlockKind.SKILL and not block.has:
            key = "SKILL_MISSING"
        if block.kind is BlockKind.PRESENCE and block.reason:
            key = "PRESENCE_REASON"
        said = self._say(
            f"BLOCK_{key}",
            skill=block.skill,
            needed=block.needed,
            has=block.has,
            detail=block.detail,
            reason=block.reason,
        )
        return self._until(said, block.until)
