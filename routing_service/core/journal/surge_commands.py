"""The command about surges. See commands.py."""

from routing_service.core.journal.command import Command


class SwitchSurge(Command, frozen=True, gc=False, kw_only=True, tag="switch_surge"):
    """A load stands at this level, whatever it is, until `until`; then it goes by itself again.

    `load` empty = every load that has the level. `level` empty = at none. `release`: give back what
    was switched before, at once.
    """

    load: str = ""
    level: str = ""
    reason: str = ""
    until: int = 0
    release: bool = False
