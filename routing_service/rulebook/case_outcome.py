"""What became of a case in its run. Values only."""

import msgspec

from routing_service.core.choice.why_not import WhyNot
from routing_service.rulebook.case_check import Mismatch
from routing_service.rulebook.cases import Case
from routing_service.rulebook.tree import Place


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one step: `refused` is the error it met, `mismatches` what is otherwise.

    `why_not` tells of an item that should be with somebody and waits.
    """

    at: int
    do: str
    place: Place
    refused: str = ""
    mismatches: tuple[Mismatch, ...] = ()
    why_not: WhyNot | None = None

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.refused and not self.mismatches


class CaseOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """A case after its run; it ends with the first step that the engine refuses."""

    case: Case
    steps: tuple[StepOutcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every step passed."""
        return all(step.passed for step in self.steps)
