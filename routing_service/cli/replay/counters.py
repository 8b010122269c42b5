"""The service's own count of RPCs, read from its metrics page, against what was sent."""

import asyncio
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping

from routing_service.core.records.errors import Unavailable

HANDLED = "grpc_server_handled_total"
TRIES = 50
PAUSE_SECONDS = 0.1
"""A call is counted when its handler ends: perhaps a moment after its caller has the answer."""

_LINE = re.compile(r"(\w+)\{([^}]*)\} (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')

Handled = Counter[tuple[str, str]]
"""("Service/Method", code) -> calls."""


def handled(page: str) -> Handled:
    """The counter of handled RPCs on a metrics page."""
    found: Handled = Counter()
    for name, labels, value in _LINE.findall(page):
        if name == HANDLED:
            told = dict(_LABEL.findall(labels))
            service = told["grpc_service"].rpartition(".")[2]
            found[f"{service}/{told['grpc_method']}", told["grpc_code"]] += int(float(value))
    return found


async def read(address: str) -> Handled:
    """The counter as it stands at host:port; Unavailable(NO_METRICS) when there is no such page."""
    try:
        page = await asyncio.to_thread(_page, f"http://{address}/metrics")
    except (OSError, urllib.error.URLError) as error:
        raise Unavailable("NO_METRICS", f"No metrics at {address}: {error}.") from error
    return handled(page)


def _page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - http, built above
        text: str = answer.read().decode()
        return text


async def settled(address: str, before: Handled, sent: Mapping[tuple[str, str], int]) -> Handled:
    """What was handled since `before` of the methods in `sent`, as soon as it equals `sent`.

    After five seconds whatever it is then.
    """
    methods = {method for method, _ in sent}
    since: Handled = Counter()
    for _ in range(TRIES):
        since = await read(address) - before
        since = Counter({key: count for key, count in since.items() if key[0] in methods})
        if since == Counter(sent):
            break
        await asyncio.sleep(PAUSE_SECONDS)
    return since
