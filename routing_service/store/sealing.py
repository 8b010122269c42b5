"""Sealing bytes under a key, and keys under a key. Pure; no files, no cache.

Sealed form: 1 byte version, 8 bytes key id, 12 bytes nonce, ciphertext with 16 bytes tag.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from routing_service.store.errors import StoreDamaged

VERSION = b"\x01"
ID_BYTES = 8
NONCE_BYTES = 12
_HEAD = len(VERSION) + ID_BYTES


class SealingKey:
    """One AES-256-GCM key and the id by which sealed bytes name it."""

    __slots__ = ("_aead", "_secret", "id")

    def __init__(self, key_id: bytes, secret: bytes) -> None:
        self.id = key_id
        self._secret = secret
        self._aead = AESGCM(secret)

    @classmethod
    def generate(cls) -> "SealingKey":
        """A fresh random key."""
        return cls(secrets.token_bytes(ID_BYTES), AESGCM.generate_key(256))

    @classmethod
    def unwrap(cls, wrapped: bytes, outer: "SealingKey", bound_to: bytes) -> "SealingKey":
        """Undo `wrap`; raises `StoreDamaged`."""
        secret = outer.open(wrapped, bound_to)
        return cls(secret[:ID_BYTES], secret[ID_BYTES:])

    def wrap(self, outer: "SealingKey", bound_to: bytes) -> bytes:
        """This key, sealed under another and bound to its owner."""
        return outer.seal(self.id + self._secret, bound_to)

    def seal(self, plaintext: bytes, bound_to: bytes) -> bytes:
        """Encrypt under a fresh nonce; opens only with the same `bound_to`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + self.id + nonce + self._aead.encrypt(nonce, plaintext, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Decrypt; raises `StoreDamaged` when a single bit differs."""
        nonce, ciphertext = sealed[_HEAD : _HEAD + NONCE_BYTES], sealed[_HEAD + NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, ciphertext, bound_to)
        except (InvalidTag, ValueError) as error:
            raise StoreDamaged from error


def key_id_of(sealed: bytes) -> bytes:
    """Which key sealed these bytes; raises `StoreDamaged` when they are not of our form."""
    if not sealed.startswith(VERSION) or len(sealed) < _HEAD + NONCE_BYTES:
        raise StoreDamaged
    return sealed[len(VERSION) : _HEAD]
