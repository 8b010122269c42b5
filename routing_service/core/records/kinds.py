"""What items are for, and for whom they are kept: kinds, as values. See model.py."""

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


class Kept(StrEnum):
    """As what an agent is the one whom an item is kept for at first."""

    OWNER = "owner"
    """It comes back to him."""
    NAMED = "named"
    """People named him."""
    LAST_HANDLER = "last_handler"
    LABEL = "label"


MEANT = (Kept.OWNER, Kept.NAMED)
"""Of him the item asks for no more than at its last step, and he is left for no others."""


class LinkOrder(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An item that a rule opens for another one, such as a survey."""

    kind: ItemKind
    role: str = ""
