"""The trial's process with an engine that has one illness: `python -m ... hanging`.

Only tests can start it: the product's own command names no engine.
"""

import os
import signal
import sys
from collections.abc import Mapping

from routing_service.core.records.model import Facts
from routing_service.rulebook import canary
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.rules import StageRules

SICK_STAGE = "route"


class Healthy:
    """Answers as the reference does."""

    def __init__(self, stages: Mapping[str, StageRules]) -> None:
        self.gave_up = False
        self._right = ReferenceEngine(stages)
        self.sick = SICK_STAGE in stages

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        if stage == SICK_STAGE:
            self.fall_ill()
        return self._right.evaluate(stage, facts)

    def fall_ill(self) -> None:
        """What the illness does when the stage is asked."""

    def close(self) -> None:
        """Nothing to free."""


class Hanging(Healthy):
    def fall_ill(self) -> None:
        while True:
            pass


class Crashing(Healthy):
    def fall_ill(self) -> None:
        os.kill(os.getpid(), signal.SIGSEGV)


class CrashingAtClose(Healthy):
    def close(self) -> None:
        if self.sick:
            os.abort()


class Raising(Healthy):
    def fall_ill(self) -> None:
        raise RuntimeError("code 303")


class Hungry(Healthy):
    def fall_ill(self) -> None:
        eaten = []
        while True:
            eaten.append(bytearray(1 << 20))


class GivingUp(Healthy):
    def fall_ill(self) -> None:
        self.gave_up = True


class Lying(Healthy):
    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine; wrong about phone calls alone."""
        right = super().evaluate(stage, facts)
        return () if stage == SICK_STAGE and facts.get("channel") == "phone" else right


class Chattering(Healthy):
    def fall_ill(self) -> None:
        print("DEBUG: matching", flush=True)
        os.abort()


ILLNESSES = {
    "healthy": Healthy,
    "hanging": Hanging,
    "crashing": Crashing,
    "crashing-at-close": CrashingAtClose,
    "raising": Raising,
    "hungry": Hungry,
    "giving-up": GivingUp,
    "lying": Lying,
    "chattering": Chattering,
}

if __name__ == "__main__":
    sys.exit(canary.serve(ILLNESSES[sys.argv[1]]))
