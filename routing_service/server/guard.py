"""Rules as the partition asks them: timed, and never able to lose a request or silence a promise.

A rulebook that raises is a bug of ours; the item is then classified by fallback, visibly, and a
trigger without answer becomes an alert to the supervisor.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from routing_service.core.records.model import AlertOrder, EscalationVerdict, Facts, Verdict
from routing_service.rulebook.model import Rulebook

log = logging.getLogger(__name__)

ObserveVerdict = Callable[[str, float], None]
"""Told after each evaluation: "intake" or "escalate", seconds."""


def unobserved(stage: str, seconds: float) -> None:
    """Nobody measures."""


class GuardedRules:
    """The active rulebook of a desk, or none yet."""

    def __init__(
        self, rulebook: Rulebook | None = None, observe: ObserveVerdict = unobserved
    ) -> None:
        self.rulebook = rulebook
        self._observe = observe

    def under(self, rulebook: Rulebook) -> "GuardedRules":
        """The same, with another rulebook."""
        return GuardedRules(rulebook, self._observe)

    @property
    def _active(self) -> Rulebook:
        if self.rulebook is None:
            raise LookupError
        return self.rulebook

    def signals(self, text: str) -> tuple[str, ...]:
        """Signals of the text; none before the first rulebook, or when they cannot be computed."""
        try:
            return self.rulebook.signals(text) if self.rulebook is not None else ()
        except Exception:  # whatever a pattern does, the request is not lost
            log.exception("signals failed", extra={"action": "classify"})
            return ()

    def intake(self, facts: Facts) -> Verdict | None:
        """The verdict on an item; None before the first rulebook (core then refuses)."""
        if self.rulebook is None:
            return None
        started = perf_counter()
        try:
            return self.rulebook.intake(facts)
        except Exception:  # whatever a rule does, the request is not lost
            log.exception("rules failed at intake", extra={"action": "classify"})
            return self.rulebook.fallback()
        finally:
            self._observe("intake", perf_counter() - started)

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """What to do about a trigger."""
        started = perf_counter()
        try:
            return self._active.escalate(facts)
        except Exception:  # a promise is never silenced by a failing rule
            log.exception("rules failed at escalation", extra={"action": "escalate"})
            alert = AlertOrder(rule="engine/no-answer", to=("supervisor",), severity="critical")
            return EscalationVerdict(digest="", alerts=(alert,))
        finally:
            self._observe("escalate", perf_counter() - started)
