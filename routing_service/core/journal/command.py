"""What all commands have in common. See commands.py."""

import msgspec

ENGINE = "engine"
"""Actor of what the service does by itself: deadlines, escalations, items that rules open."""
RESERVED_ACTORS = frozenset({ENGINE, "system", "anonymous"})
"""No caller may have one of these names: what they do would be taken for the service's own."""


class Command(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="do", omit_defaults=True
):
    """Who asks, and under which idempotency key (empty = none). The fingerprint is keyed."""

    actor: str = ""
    request_id: str = ""
    fingerprint: bytes = b""
