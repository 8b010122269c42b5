"""What must hold after a replay, whatever the log: the demo fails when one of these does not."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from routing_service.cli.replay.acts import AnyAct, Opened, Reported, Updated
from routing_service.cli.replay.figures import Figures
from routing_service.cli.replay.observed import Observed
from routing_service.cli.replay.replay import Outcome
from routing_service.core.journal.commands import ReportKind
from routing_service.core.records.model import FactValue
from routing_service.rulebook.model import Rulebook

MANY = 20
"""So many incidents hold at least one promise that was warned of and one that was broken."""


class Check(msgspec.Struct, frozen=True):
    """One thing that must hold."""

    name: str
    passed: bool
    told: str
    shown: bool = True
    """False when the log has nothing of the kind: it passes, and shows nothing."""


def of_outcome(acts: list[AnyAct], outcome: Outcome, seen: Observed) -> Iterator[Check]:
    """The service took all there was, or told itself why not."""
    opened = sum(isinstance(act, Opened) for act in acts)
    yield Check("every incident became one item", opened == len(seen.stories), f"{opened}")
    unexplained = [
        refusal for refusal in outcome.refusals if not seen.stories[refusal.item].closed_by_itself
    ]
    refused = len(outcome.refusals)
    name = "refused only what it had closed by itself"
    yield Check(name, not unexplained, f"{refused} refused, {len(unexplained)} unexplained")
    missed = len(outcome.unoffered)
    yield Check("whoever took an incident was offered it", not missed, f"{missed} were not")


def of_counters(sent: Counter[tuple[str, str]], handled: Counter[tuple[str, str]]) -> Check:
    """RPCs as the service counted them equal those sent, by method and outcome."""
    differ = {key for key in sent.keys() | handled.keys() if sent[key] != handled[key]}
    told = f"{sum(sent.values())} calls"
    if differ:
        told += ": " + ", ".join(
            f"{method} {code} sent {sent[method, code]}, counted {handled[method, code]}"
            for method, code in sorted(differ)
        )
    return Check("the service counted every call sent", not differ, told)


def of_figures(acts: list[AnyAct], total: Figures, rulebook: Rulebook) -> Iterator[Check]:
    """Something of every kind happened, where the log has it: a replay without it shows nothing."""
    kinds = Counter(act.kind for act in acts if isinstance(act, Reported))
    opened = sum(isinstance(act, Opened) for act in acts)
    many = opened >= MANY
    yield _some("a warning", total.warnings, of=opened, expected=many)
    yield _some("a breach", total.breaches, of=opened, expected=many)
    yield _some("a pause", total.pauses, of=opened, expected=kinds[ReportKind.PENDING] > 0)
    yield _some("a re-opening", total.reopens, of=opened, expected=kinds[ReportKind.REOPENED] > 0)
    changes = priority_changes(acts, rulebook)
    yield _some("a change of priority", total.priority_changes, of=opened, expected=changes > 0)


def _some(what: str, count: int, *, of: int, expected: bool) -> Check:
    if not count and not expected:
        return Check(f"{what} occurred", passed=True, told=f"not in these {of}", shown=False)
    return Check(f"{what} occurred", count > 0, f"{count}")


def priority_changes(acts: Iterable[AnyAct], rulebook: Rulebook) -> int:
    """How often the rules answer another priority when the labels change."""
    labels: dict[str, dict[str, FactValue]] = {}
    priority: dict[str, str] = {}
    changes = 0
    for act in acts:
        if isinstance(act, Opened | Updated):
            channel: dict[str, FactValue] = {}
            if isinstance(act, Opened):
                channel["channel"] = act.channel
            labels[act.incident] = {**labels.get(act.incident, {}), **act.labels, **channel}
            told = rulebook.intake(labels[act.incident]).priority
            changes += priority.setdefault(act.incident, told) != told
            priority[act.incident] = told
    return changes
