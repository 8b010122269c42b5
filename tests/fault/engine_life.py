"""Builds, asks and closes rule engines over and over; prints what went wrong and what it grew.

A process of its own: `MALLOC_PERTURB_` fills freed and fresh memory, so that reading either shows.
"""

import itertools
import os
import sys
from pathlib import Path

from routing_service.rulebook.matcher import ReferenceEngine
from tests.property.candidates import Compared
from tests.property.random_rules import facts, rulebooks

ASKED = 20
WARM_UP = 0.25
"""Share of the rounds after which memory is measured first: allocators keep what they have."""


def main(rounds: int) -> None:
    """One line: wrong answers, engines that gave up, KiB grown since the warm-up."""
    random = list(itertools.islice(rulebooks(9), 10))
    wrong = broken = before = 0
    for number in range(rounds):
        stages = random[number % len(random)]
        engine, reference = Compared(stages), ReferenceEngine(stages)
        if number % 3:  # every third is closed unasked
            for rules in stages.values():
                for asked in itertools.islice(facts(rules, number), ASKED):
                    right = reference.evaluate(rules.stage, asked)
                    wrong += engine.evaluate(rules.stage, asked) != right
        engine.close()
        broken += engine.gave_up
        if number == int(rounds * WARM_UP):
            before = resident_kib()
    print(wrong, broken, resident_kib() - before)


def resident_kib() -> int:
    """Memory of this process that is in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 10


if __name__ == "__main__":
    main(int(sys.argv[1]))
