"""Waking those who wait for a journal to grow. Event loop only."""

import asyncio


class Growth:
    """The last durable seq of one desk and the waiters that want to see it pass a mark."""

    def __init__(self, durable: int = 0) -> None:
        self.durable = durable
        self._waiters: list[tuple[int, asyncio.Future[int]]] = []

    def advance(self, seq: int) -> None:
        """The journal is durable up to `seq`; wake whoever waited for that."""
        self.durable = max(self.durable, seq)
        waiting, self._waiters = self._waiters, []
        for after, waiter in waiting:
            if waiter.done():
                continue
            if self.durable > after:
                waiter.set_result(self.durable)
            else:
                self._waiters.append((after, waiter))

    async def past(self, after_seq: int) -> int:
        """Return the durable seq once it is above `after_seq`."""
        if self.durable > after_seq:
            return self.durable
        waiter: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiters.append((after_seq, waiter))
        return await waiter

    def fail(self, error: Exception) -> None:
        """Nothing will come any more: tell every waiter why."""
        waiting, self._waiters = self._waiters, []
        for _, waiter in waiting:
            if not waiter.done():
                waiter.set_exception(error)
