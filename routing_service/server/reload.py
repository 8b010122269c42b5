"""Puts changed rule files in force without a restart: on SIGHUP, and when a folder has changed.

Says when to read a folder again; what happens then is activation.py's business.
"""

import asyncio
import logging
from collections.abc import Iterable

from routing_service.core.records.errors import RoutingError, Unavailable
from routing_service.server.desks import Desk
from routing_service.server.pack_folder import PackFolder

log = logging.getLogger(__name__)


async def reload_all(desks: Iterable[Desk], cause: str) -> None:
    """Read every desk's folder again, one after the other. A refusal stops nothing."""
    for desk in desks:
        await reload(desk, cause)


async def reload(desk: Desk, cause: str) -> bool:
    """Read the desk's folder again. False = the desk could not take it now, whatever it holds."""
    try:
        await desk.activation.activate({}, cause=cause)
    except Unavailable:
        return False
    except RoutingError:
        return True  # activation has logged it, with the findings
    except Exception:  # a bug of ours must not end the watch
        log.exception("reload failed", extra={"action": "reload", "desk": desk.name})
    return True


async def on_hangup(hangup: asyncio.Event, desks: Iterable[Desk]) -> None:
    """For ever: reload all desks each time the event is set."""
    while True:
        await hangup.wait()
        hangup.clear()
        await reload_all(desks, "signal")


async def watch(desk: Desk, folder: PackFolder, seconds: float) -> None:
    """For ever: look at the folder so often, and reload when it has changed and stands still."""
    while True:
        await asyncio.sleep(seconds)
        if await asyncio.to_thread(folder.changed) and not await reload(desk, "folder"):
            await asyncio.to_thread(folder.forget)
