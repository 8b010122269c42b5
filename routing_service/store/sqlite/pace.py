"""When the next commit may start. No threads, no clock of its own.

Replies that leave in groups make the whole service faster than one commit per arrival: measured
1.2 times a service that stores nothing, against half of it without the pause.
"""

REMEMBERED_COMMITS = 8
"""So many commits of a single record in a row mean one caller at a time: he shall not wait.

Judging by the last commit alone flips between two states under the same load: small groups are
committed at once, and so stay small.
"""
DEFAULT_PACE_US = 1_500


class Pace:
    """While callers overlap, a commit starts no sooner than `pace_us` after the last one ended."""

    def __init__(self, pace_us: int = DEFAULT_PACE_US) -> None:
        self._pace_us = pace_us
        self._not_before = 0
        self._overlapping = 0

    def committed(self, now: int, records: int) -> None:
        """A commit of so many records ended at `now` (microseconds)."""
        self._overlapping = REMEMBERED_COMMITS if records > 1 else max(0, self._overlapping - 1)
        self._not_before = now + self._pace_us if self._overlapping else 0

    def rest_us(self, now: int) -> int:
        """How long to let more records gather before the next commit."""
        return max(0, self._not_before - now)
