"""What every event has in common. Nothing else enters here."""

import msgspec


class Event(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="ev", omit_defaults=True
):
    """Something that happened."""
