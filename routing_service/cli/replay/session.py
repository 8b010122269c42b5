"""One demo from beginning to end against a desk: roster, replay, the stream's end, the checks."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from routing_service.cli.connection import Connection, channel
from routing_service.cli.replay import checks, counters
from routing_service.cli.replay.acts import AnyAct
from routing_service.cli.replay.checks import Check
from routing_service.cli.replay.converter import convert
from routing_service.cli.replay.desk_client import DeskClient
from routing_service.cli.replay.figures import Result, result
from routing_service.cli.replay.incident_log import Row
from routing_service.cli.replay.observed import Observed
from routing_service.cli.replay.replay import Outcome, Replay, shifted
from routing_service.cli.replay.roster import roster
from routing_service.cli.replay.watching import Watching
from routing_service.rulebook.digest import bundle
from routing_service.rulebook.loader import load_source
from routing_service.rulebook.model import Rulebook

END = "the log has ended"
Progress = Callable[[int, int], None]
"""Told after each instant: acts done, acts in all."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What a demo found."""

    acts: list[AnyAct]
    outcome: Outcome
    seen: Observed
    result: Result
    sent: Counter[tuple[str, str]]
    checks: list[Check]


async def play(to: Connection, metrics: str, rows: Sequence[Row], progress: Progress) -> Played:
    """Replay the rows; with a metrics address the service's counters are compared, too."""
    before = await counters.read(metrics) if metrics else Counter()
    async with channel(to) as service:
        client = DeskClient(service, to)
        rulebook = load_source(bundle(await client.rule_files()))
        acts = shifted(convert(rows), await client.now())
        watching = Watching(client.events, to)
        try:
            await watching.begun()
            outcome = await _replay(client, watching, rulebook, rows, acts, progress)
        finally:
            await watching.end()
    seen = watching.seen
    found = result(seen.stories.values(), rulebook.plan.priorities)
    held = [
        *checks.of_outcome(acts, outcome, seen),
        *checks.of_figures(acts, found.total, rulebook),
    ]
    if metrics:
        counted = await counters.settled(metrics, before, client.sent)
        held.append(checks.of_counters(client.sent, counted))
    return Played(
        acts=acts, outcome=outcome, seen=seen, result=found, sent=client.sent, checks=held
    )


async def _replay(  # noqa: PLR0913 - the parts of one run
    client: DeskClient,
    watching: Watching,
    rulebook: Rulebook,
    rows: Sequence[Row],
    acts: Sequence[AnyAct],
    progress: Progress,
) -> Outcome:
    """Everybody comes to work, the log happens, and the stream tells it to the end."""
    plan = rulebook.plan
    resolvers = roster(rows, plan.queues, plan.fallback_queue)
    team = "resolvers" if "resolvers" in plan.teams else ""
    await client.put_agents(resolvers, team)
    for each in resolvers:
        await client.available(each.agent, f"roster:{each.agent}")
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progress(done, len(acts))

    outcome = await Replay(client, watching).run(acts, told)
    await client.available(resolvers[0].agent, "roster:end", END)
    await watching.remark(END)
    return outcome
