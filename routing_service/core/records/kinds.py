"""What items are for: the kinds of linked items, as values. See model.py."""

from enum import StrEnum

import msgspec


class ItemKind(StrEnum):
    """What an item is for; all but a request are made for another item, their parent."""

    REQUEST = "request"
    COLLABORATION = "collaboration"
    CONSULT = "consult"
    CALLBACK = "callback"
    SURVEY = "survey"
    APPROVAL = "approval"
    INCIDENT = "incident"


class LinkOrder(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An item that a rule opens for another one, such as a survey."""

    kind: ItemKind
    role: str = ""
