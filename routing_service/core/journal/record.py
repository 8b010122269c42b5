"""The journal record: one command, what it led to, and all that is needed to check it again."""

import msgspec

from routing_service.core.journal.commands import AnyCommand
from routing_service.core.journal.events import AnyEvent

ENGINE_VERSION = "1"
"""Changes when `decide` may answer the same command differently; verify compares within one."""


class Record(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One journaled step. `now` in microseconds UTC; `digest` of the rulebook active before it.

    `dev` marks a record written on a clock that a developer moved; production refuses such a
    journal.
    """

    seq: int
    now: int
    engine_version: str
    digest: str
    command: AnyCommand
    events: tuple[AnyEvent, ...]
    dev: bool = False
