"""The master key: made once, kept outside the data folder, and the keys derived from it.

Nothing here writes to the data folder, and no key ever enters a message or a log.
"""

import binascii
import os
import secrets
import stat
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from routing_service.store.errors import KeyExposed, KeyMissing, KeyWrong
from routing_service.store.files import sync_folder

KEY_BYTES = 32
VARIABLE = "ROUTING_MASTER_KEY"
_UNREADABLE = f"The master key must be {KEY_BYTES} bytes in hexadecimal or base64."


def generate_master_key() -> bytes:
    """Return 32 fresh random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def save_master_key(path: Path, key: bytes) -> None:
    """Write the key in hexadecimal, mode 0600; raises FileExistsError, never overwrites."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def load_master_key(path: Path | None, environment: Mapping[str, str]) -> bytes:
    """The key from ROUTING_MASTER_KEY when that is set, else from the file.

    Raises `KeyMissing`, `KeyExposed` (the file's mode lets others in) or `KeyWrong`.
    """
    text = environment.get(VARIABLE, "").strip()
    if text:
        return _parse(text)
    if path is None:
        raise KeyMissing
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise KeyMissing from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyExposed
    return _parse(text)


def derive_key(master_key: bytes, purpose: str, desk: str) -> bytes:
    """A 32-byte key for one purpose of one desk (HKDF, RFC 5869); knowing it tells no other."""
    label = f"routing-service/1/{purpose}/{desk}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(master_key)


def _parse(text: str) -> bytes:
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise KeyWrong(_UNREADABLE) from error
    if len(key) != KEY_BYTES:
        raise KeyWrong(_UNREADABLE)
    return key
