"""Equips a rulebook with the engine that the settings name; the rules stay what they are."""

import dataclasses
from collections.abc import Generator
from enum import StrEnum

from routing_service.rulebook.engine import AVAILABLE, DurableEngine
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.planner import plan_stage


class Kind(StrEnum):
    """Which engine decides."""

    DURABLE = "durable"
    REFERENCE = "reference"


def default_kind() -> Kind:
    """The fast one where its module imports."""
    return Kind.DURABLE if AVAILABLE else Kind.REFERENCE


def equip(rulebook: Rulebook, kind: str) -> Rulebook:
    """The rulebook with a memo over the engine of this kind, ready to answer.

    Close it when its last question is answered. ImportError for "durable" where the module does not
    import, ValueError for an unknown kind.
    """
    steps = equipping(rulebook, kind)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            equipped: Rulebook = done.value
            return equipped


def equipping(rulebook: Rulebook, kind: str) -> Generator[None, None, Rulebook]:
    """The same in slices of some milliseconds: others may run between two steps."""
    reference = ReferenceEngine(rulebook.stages)
    yield
    if Kind(kind) is Kind.REFERENCE:
        memo = Memo(reference, rulebook.stages, reference)
        return dataclasses.replace(rulebook, engine=memo)
    plans = []
    for stage in rulebook.stages.values():
        plans.append(plan_stage(stage))
        yield
    durable = DurableEngine(rulebook.stages, plans, reference)
    yield from durable.build()
    memo = Memo(durable, rulebook.stages, reference)
    memo.on_divergence = durable.retire
    return dataclasses.replace(rulebook, engine=memo)
