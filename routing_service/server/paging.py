"""Lists page by page: how much is asked for, and the token that says where to go on."""

import base64
import binascii

from routing_service.core.records.errors import Invalid


def size(asked: int, *, default: int, most: int) -> int:
    """How many a page may hold, 0 standing for the default; Invalid(FIELD_OUT_OF_RANGE)."""
    if not 0 <= asked <= most:
        raise Invalid("FIELD_OUT_OF_RANGE", f"page_size is 1 to {most}, or 0.", field="page_size")
    return asked or default


def write_token(place: str) -> str:
    """The place as a token that callers give back."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_token(token: str) -> str:
    """The place, empty for the beginning; Invalid(CURSOR_INVALID)."""
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise invalid_token() from error


def invalid_token() -> Invalid:
    """What to say of a token that this service did not send."""
    return Invalid(
        "CURSOR_INVALID", "Give page_token exactly as the service sent it.", field="page_token"
    )
