"""What a customer is told because his queue is overloaded: the rule's sentence with his own wait.

Pure. Who hears it, and how, is the adapter's business.
"""

from msgspec.structs import replace

from routing_service.core.records.model import ExpectedWait, Item
from routing_service.core.records.surge import SurgeAnswer, SurgeNotice

MINUTES = "{minutes}"
"""Stands in the sentence for the wait that nine of ten such items stay below, in whole minutes."""
_MINUTE = 60_000_000


def noticed(item: Item, answer: SurgeAnswer) -> Item:
    """The item as it is opened, with what the surge stage has to say about it."""
    notice = SurgeNotice(
        load=answer.load,
        level=answer.level,
        deflected_to=answer.deflect,
        offer=answer.offer,
        message=message(answer.tell, item.expected),
    )
    return replace(item, surge=notice)


def message(sentence: str, wait: ExpectedWait | None) -> str:
    """The sentence; empty when it names a wait that nobody can estimate."""
    if MINUTES not in sentence:
        return sentence
    if wait is None:
        return ""
    return sentence.replace(MINUTES, str(max(1, -(-wait.p90 // _MINUTE))))
