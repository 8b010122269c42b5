"""Places in a desk's log as opaque strings. A place is (seq, index): everything up to that event.

`index` counts the public events of one record from 1; WHOLE stands for all of them.
"""

import base64
import binascii
import zlib

import msgspec

from routing_service.core.records.errors import Invalid

WHOLE = 1 << 30
"""Above any number of events one record can have."""
FORMAT = 1
MAX_LENGTH = 512


class Place(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Everything before it is known: records below `seq`, and `index` events of record `seq`."""

    seq: int
    index: int = WHOLE


class _Written(msgspec.Struct, frozen=True, array_like=True):
    """What a cursor holds."""

    form: int
    desk: str
    seq: int
    index: int


def write(desk: str, place: Place) -> str:
    """The place as a cursor."""
    body = msgspec.msgpack.encode(_Written(FORMAT, desk, place.seq, place.index))
    check = zlib.crc32(body).to_bytes(4, "big")
    return base64.urlsafe_b64encode(check + body).decode().rstrip("=")


def read(desk: str, cursor: str) -> Place:
    """The place a cursor names; Invalid(CURSOR_INVALID) when it is not one of this desk's."""
    written = _decoded(cursor)
    if written is None or written.form != FORMAT or written.seq < 0 or written.index < 0:
        raise Invalid("CURSOR_INVALID", "Give a cursor exactly as the service sent it.")
    if written.desk != desk:
        raise Invalid("CURSOR_INVALID", "The cursor belongs to another desk.")
    return Place(written.seq, written.index)


def _decoded(cursor: str) -> _Written | None:
    if len(cursor) > MAX_LENGTH:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        check, body = raw[:4], raw[4:]
        if zlib.crc32(body).to_bytes(4, "big") != check:
            return None
        return msgspec.msgpack.decode(body, type=_Written)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
