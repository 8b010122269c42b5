"""Customer keys: text is sealed before it enters the journal, and erased by destroying the key.

The keys live in a small mutable file beside the journal, wrapped by the master key. Neither
journal nor snapshot ever holds a key, and no customer name enters the file, only its keyed hash.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from routing_service.store.files import desk_file
from routing_service.store.key_table import KeyTable
from routing_service.store.leases import monotonic_us
from routing_service.store.master_key import derive_key
from routing_service.store.sealing import SealingKey, key_id_of
from routing_service.store.sqlite.database import Disk
from routing_service.store.sqlite.pace import DEFAULT_PACE_US, Pace

T = TypeVar("T")
CACHED_KEYS = 20_000
_HASH_BYTES = 16


class Keys:
    """The keys of one desk's customers, and the keyed hashes made for that desk.

    `folder` None keeps them in memory. Raises `KeyWrong` when the file has another master key.
    Methods are called from one event loop.
    """

    def __init__(
        self,
        folder: Path | None,
        desk: str,
        master_key: bytes,
        disk: Disk = Disk(),  # noqa: B008 - frozen
    ) -> None:
        def derived(purpose: str) -> bytes:
            return derive_key(master_key, purpose, desk)

        path = desk_file(folder, desk, "keys") if folder else None
        self._table = KeyTable(path, derived("keys file"), derived("key wrapping"), disk)
        self._customer_key = derived("customer")
        self._label_key = derived("label")
        self._fingerprint_key = derived("fingerprint")
        self._cache: OrderedDict[bytes, SealingKey] = OrderedDict()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keys")
        self._pace = Pace(DEFAULT_PACE_US)
        self._wanted: dict[bytes, asyncio.Future[SealingKey]] = {}
        self._making: asyncio.Task[None] | None = None

    async def seal(self, customer: str, plaintext: bytes) -> bytes:
        """Encrypt under the customer's key; its first use makes one, durable before we return."""
        owner = self._owner(customer)
        key = self._cached(owner) or await self._made(owner)
        return key.seal(plaintext, owner)

    async def open(self, customer: str, sealed: bytes) -> bytes | None:
        """Decrypt; None when the key was destroyed. Raises `StoreDamaged`."""
        owner = self._owner(customer)
        key = self._cached(owner) or await self._in_thread(partial(self._table.find, owner))
        if key is None or key.id != key_id_of(sealed):
            return None
        self._remember(owner, key)
        return key.open(sealed, owner)

    async def erase(self, customer: str) -> bool:
        """Destroy the customer's key for good; False when there was none.

        A backup of the key file made before still holds it: keep those as short as the law says.
        """
        owner = self._owner(customer)
        erased = await self._in_thread(partial(self._table.erase, owner))
        self._cache.pop(owner, None)
        return erased

    def label_hash(self, value: str) -> str:
        """32 hexadecimal digits that match equal values of this desk and tell nothing else."""
        return _keyed_hash(self._label_key, value.encode()).hex()

    def fingerprint(self, body: bytes) -> bytes:
        """16 bytes that tell whether two bodies are equal, useless without the key."""
        return _keyed_hash(self._fingerprint_key, body)

    async def close(self) -> None:
        """Let go of the file."""
        if self._making:
            await self._making
        await self._in_thread(self._table.close)
        self._thread.shutdown()

    async def _made(self, owner: bytes) -> SealingKey:
        """Ask for a key; all that is asked for during one commit is made in the next."""
        if owner not in self._wanted:
            self._wanted[owner] = asyncio.get_running_loop().create_future()
        wanted = self._wanted[owner]
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_wanted())
        return await asyncio.shield(wanted)

    async def _make_wanted(self) -> None:
        while self._wanted:
            await asyncio.sleep(self._pace.rest_us(monotonic_us()) / 1e6)
            batch, self._wanted = self._wanted, {}
            try:
                made = await self._in_thread(partial(self._table.ensure, tuple(batch)))
            except Exception as error:  # noqa: BLE001 - each waiter gets it; none may hang
                for future in batch.values():
                    future.set_exception(error)
                continue
            self._pace.committed(monotonic_us(), len(batch))
            for owner, future in batch.items():
                self._remember(owner, made[owner])
                future.set_result(made[owner])

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _owner(self, customer: str) -> bytes:
        return _keyed_hash(self._customer_key, customer.encode())

    def _cached(self, owner: bytes) -> SealingKey | None:
        key = self._cache.get(owner)
        if key:
            self._cache.move_to_end(owner)
        return key

    def _remember(self, owner: bytes, key: SealingKey) -> None:
        self._cache[owner] = key
        if len(self._cache) > CACHED_KEYS:
            self._cache.popitem(last=False)


def _keyed_hash(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, key=key, digest_size=_HASH_BYTES).digest()
