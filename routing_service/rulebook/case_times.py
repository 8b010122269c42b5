"""How cases write time: an instant with offset, then hours of that day or of later days."""

import datetime
import re

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_LATER = re.compile(r"(?:\+(\d{1,4})d )?(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)


def instant(text: str) -> datetime.datetime | None:
    """An ISO instant; None without offset, or when it is none."""
    try:
        read = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def later(text: str, start: datetime.datetime) -> datetime.datetime | None:
    """The hour of "15:30" on the day of `start`, of "+2d 09:00" two days on; or an instant."""
    found = _LATER.fullmatch(text)
    if found is None:
        return instant(text)
    days, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        time = datetime.time(hour, minute, second, tzinfo=start.tzinfo)
    except ValueError:
        return None
    return datetime.datetime.combine(start.date() + datetime.timedelta(days=days), time)


def microseconds(at: datetime.datetime) -> int:
    """Microseconds UTC since 1970."""
    return (at - _EPOCH) // datetime.timedelta(microseconds=1)
