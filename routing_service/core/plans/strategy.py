"""The names of the strategies. What each compares is in core/choice/ranking.py."""

from enum import StrEnum
from typing import Final


class Strategy(StrEnum):
    """Which of the qualified free agents is tried first."""

    LONGEST_IDLE = "longest_idle"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"
    BEST_SKILL = "best_skill"
    FIXED_ORDER = "fixed_order"
    WEIGHTED_RANDOM = "weighted_random"
    WEIGHTED_SCORE = "weighted_score"
    SKILL_FIRST = "skill_first"
    IDLE_FIRST = "idle_first"
    TERRITORY = "territory"
    BALANCED = "balanced"
    BROADCAST = "broadcast"
    PROGRESSIVE_BROADCAST = "progressive_broadcast"


BROADCASTS: Final = frozenset({Strategy.BROADCAST, Strategy.PROGRESSIVE_BROADCAST})
"""Offer an item to several agents at once, ranked by another strategy."""
