"""Long work in a thread beside the event loop, in a way that the loop hardly notices.

A thread that computes keeps the interpreter until somebody waits for longer than the switch
interval, and each full garbage collection stops everybody: both are held down while it runs.
"""

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

SWITCH_SECONDS = 0.0005
"""How long the loop waits for the interpreter; ten times shorter than usual."""
_USUAL_SECONDS = sys.getswitchinterval()

_lock = threading.Lock()
_running = 0
"""Threads that do such work now."""


async def beside(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call it in a thread."""

    def courteously() -> T:
        with courtesy():
            return call(*args, **kwargs)

    return await asyncio.to_thread(courteously)


@contextmanager
def courtesy() -> Iterator[None]:
    """Quick switches and no collection within; garbage is found afterwards. Several may overlap."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _running  # noqa: PLW0603 - there is one interpreter, and so one count of who works in it
    with _lock:
        _running += change
        if _running:
            gc.disable()
            sys.setswitchinterval(SWITCH_SECONDS)
        else:
            gc.enable()
            sys.setswitchinterval(_USUAL_SECONDS)
