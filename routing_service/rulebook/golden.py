"""The facts that the cases of a pack ask of each stage: golden facts for the trial of an engine.

Runs the cases as they are; whether their expectations hold is the case runner's business.
"""

import dataclasses
from collections.abc import Iterable

from routing_service.core.records.model import Facts
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.cases import Case
from routing_service.rulebook.matcher import Engine
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.trial import Golden


def golden(cases: Iterable[Case], rulebook: Rulebook) -> Golden:
    """What the cases ask, in order, as (stage, facts)."""
    overheard = _Overheard(rulebook.engine)
    listening = dataclasses.replace(rulebook, engine=overheard)
    for case in cases:
        run_case(case, listening)
    return overheard.asked


class _Overheard:
    """An engine that notes what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.asked: list[tuple[str, Facts]] = []

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        self.asked.append((stage, dict(facts)))
        return self._engine.evaluate(stage, facts)

    def close(self) -> None:
        """See Engine; the engine behind belongs to the rulebook."""
