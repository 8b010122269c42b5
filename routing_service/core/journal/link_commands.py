"""Commands about items that have to do with each other. See commands.py."""

from routing_service.core.journal.command import Command


class Merge(Command, frozen=True, gc=False, kw_only=True, tag="merge"):
    """The item is about the same as `into`, which goes on. `version` 0 = whatever it is."""

    item: str
    into: str
    reason: str = ""
    version: int = 0


class Link(Command, frozen=True, gc=False, kw_only=True, tag="link"):
    """The item belongs to `parent`; empty = to none. `version` 0 = whatever it is."""

    item: str
    parent: str
    role: str = ""
    version: int = 0


class SetCollaborators(Command, frozen=True, gc=False, kw_only=True, tag="set_collaborators"):
    """Who works on the item beside its owner: agent -> role. `version` 0 = whatever it is."""

    item: str
    collaborators: dict[str, str]
    version: int = 0
