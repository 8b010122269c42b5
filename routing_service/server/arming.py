"""Between a compiled rulebook and its use: the trial of its engine, then the engine itself.

All of it in threads: nothing here holds up the desk for longer than one slice of the build.
"""

import time
from collections import OrderedDict
from pathlib import Path

from routing_service.rulebook import canary
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.engines import Kind, default_kind, equipping
from routing_service.rulebook.findings import RulebookInvalid
from routing_service.rulebook.golden import golden
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.trial import Golden
from routing_service.server.beside import beside
from routing_service.settings import SettingsInvalid

PASSED_KEPT = 1_000
REST_SECONDS = 0.0005
"""Between two slices of a build: the event loop gets its turn."""

_passed: "OrderedDict[str, None]" = OrderedDict()
"""Digests whose engine passed its trial in this process: it would pass again."""


def chosen_kind(setting: str) -> Kind:
    """The engine that the settings name; SettingsInvalid when it does not import here."""
    kind = Kind(setting) if setting else default_kind()
    if kind is Kind.DURABLE and not AVAILABLE:
        raise SettingsInvalid(
            "SETTINGS_INVALID",
            "Settings: engine: durable_rules does not import here (it needs Python 3.11 or 3.12 and"
            " a compiler at its install); write reference, or leave the setting out.",
        )
    return kind


class Arming:
    """Gives rulebooks the engine that the settings name."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    async def arm(self, rulebook: Rulebook, folder: Path | None = None) -> Rulebook:
        """The rulebook on its engine, tried before; RulebookInvalid when the trial found something.

        `folder` has the cases whose facts the trial asks besides drawn ones.
        """
        if self.kind is Kind.DURABLE and rulebook.digest not in _passed:
            asked = await beside(_golden, rulebook, folder) if folder else ()
            found = await canary.try_out(rulebook.source, asked)
            if found:
                raise RulebookInvalid(found)
            _passed[rulebook.digest] = None
            if len(_passed) > PASSED_KEPT:
                _passed.popitem(last=False)
        return await beside(_equipped, rulebook, self.kind)


def _golden(rulebook: Rulebook, folder: Path) -> Golden:
    """What the pack's cases ask; nothing when they have findings, which refuse no rulebook."""
    try:
        return golden(load_cases(folder, rulebook), rulebook)
    except RulebookInvalid:
        return ()


def _equipped(rulebook: Rulebook, kind: Kind) -> Rulebook:
    steps = equipping(rulebook, kind)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            equipped: Rulebook = done.value
            return equipped
        time.sleep(REST_SECONDS)
