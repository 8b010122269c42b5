"""Names a rulebook by its content: equal digest = equal decisions.

The digest covers the canonical sources, the number of the rule format and the version of the time
zone data, since each of them can move a decision. Cases and requirements do not belong to it.
"""

import hashlib
import importlib.metadata
from collections.abc import Mapping

import msgspec

FORMAT = 1
"""Raise it when the same text compiles to something else."""


def canonical(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The sources by name, in order, with one kind of line end."""
    return {
        name: contents[name].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        for name in sorted(contents)
    }


def digest(sources: Mapping[str, str]) -> str:
    """The rulebook's name: sha256 in hex."""
    zones = importlib.metadata.version("tzdata")
    return hashlib.sha256(msgspec.msgpack.encode([FORMAT, zones, dict(sources)])).hexdigest()


def bundle(sources: Mapping[str, str]) -> bytes:
    """The sources as one value for the journal."""
    return msgspec.msgpack.encode(dict(sources))


def unbundle(source: bytes) -> dict[str, bytes]:
    """The contents of a bundle; msgspec.DecodeError or ValidationError when it is none."""
    texts = msgspec.msgpack.decode(source, type=dict[str, str])
    return {name: text.encode("utf-8") for name, text in texts.items()}
