"""Instants as people of a desk read them: in its zone, as short as they are clear. Pure."""

import datetime
import zoneinfo

from routing_service.core.records.model import SECOND

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class LocalTime:
    """Instants in one zone, told at the instant `as_of`, 0 = whenever."""

    def __init__(self, zone: str, as_of: int = 0) -> None:
        self._zone = _zone(zone)
        self._today = self._at(as_of).date() if as_of else None

    @property
    def zone(self) -> str:
        """Its name; UTC where the one asked for is not known here."""
        return str(self._zone)

    def tell(self, at: int) -> str:
        """`09:00` of the day it is told on, `2023-10-02 09:00` of others; seconds unless 0."""
        local = self._at(at)
        exact = "%H:%M:%S" if at % (60 * SECOND) else "%H:%M"
        if local.date() != self._today:
            exact = f"%Y-%m-%d {exact}"
        return local.strftime(exact)

    def exact(self, at: int) -> str:
        """To the microsecond, as flags and fields take it: `2023-10-02T09:00:00+08:00`."""
        return self._at(at).isoformat().replace("+00:00", "Z")

    def _at(self, instant: int) -> datetime.datetime:
        return (_EPOCH + datetime.timedelta(microseconds=instant)).astimezone(self._zone)


def _zone(name: str) -> datetime.tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):  # of a service with other zone data
        return datetime.UTC
