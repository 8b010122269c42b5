"""Journal records in which rules decided on an item, and why they did. Pure.

Reading the journal and finding the rulebook of that time are the server's business.
"""

import msgspec

from routing_service.core.journal.commands import Escalate, Submit
from routing_service.core.journal.events import ItemMessaged, ItemOpened
from routing_service.core.journal.record import Record
from routing_service.core.records.model import EscalationVerdict, Verdict
from routing_service.rulebook.explain import explain_escalation, explain_intake
from routing_service.rulebook.explanation import Explanation
from routing_service.rulebook.model import Rulebook


def decides(record: Record, item: str) -> bool:
    """Whether rules were asked about the item: at its opening, a contact, an update, a trigger."""
    match record.command:
        case Submit(verdict=Verdict()) as asked:
            return asked.item == item or any(
                isinstance(event, ItemOpened | ItemMessaged) and event.item == item
                for event in record.events
            )
        case Escalate() as asked:
            return asked.trigger.item == item
        case _:
            return False


def digest_of(record: Record) -> str:
    """The rulebook that was asked; of a record without decision, and when it failed, "" ."""
    match record.command:
        case (
            Submit(verdict=Verdict(digest=digest))
            | Escalate(verdict=EscalationVerdict(digest=digest))
        ):
            return digest
        case _:
            return ""


def explained(record: Record, rulebook: Rulebook) -> Explanation:
    """Why, by the facts in the record and the rulebook it was decided under.

    ValueError for a record in which rules decided nothing.
    """
    match record.command:
        case Submit(verdict=Verdict() as verdict, facts=facts):
            told = explain_intake(rulebook, facts)
            failed, agrees = verdict.failed, _as_intake(told, verdict)
        case Escalate(verdict=verdict, facts=facts):
            told = explain_escalation(rulebook, facts)
            failed, agrees = not verdict.digest, _as_escalation(told, verdict)
        case _:
            raise ValueError(type(record.command).__name__)
    return msgspec.structs.replace(
        told,
        digest=digest_of(record) or told.digest,
        at=record.now,
        failed=failed,
        agrees=agrees,
    )


def _as_intake(told: Explanation, verdict: Verdict) -> bool:
    """Whether the explanation comes to the same; labels follow from the rules that fired."""
    outcome = told.outcome
    return (
        told.fired == verdict.fired
        and (outcome.priority, outcome.queue) == (verdict.priority, verdict.queue)
        and (outcome.requirements, outcome.clocks) == (verdict.requirements, verdict.clocks)
    )


def _as_escalation(told: Explanation, verdict: EscalationVerdict) -> bool:
    outcome = told.outcome
    return (
        told.fired == verdict.fired
        and (outcome.alerts, outcome.boost) == (verdict.alerts, verdict.boost)
        and (outcome.opens, outcome.labels) == (verdict.opens, verdict.labels)
        and (outcome.priority, outcome.queue) == (verdict.priority, verdict.queue)
    )
