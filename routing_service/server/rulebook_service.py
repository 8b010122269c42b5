"""RulebookService: what is in force, what it would decide, what another would change, changing it.

Loading and comparing run in threads: a large pack or desk must not hold up the others.
"""

# ruff: noqa: N802 - methods are named as on the wire
import dataclasses
import time
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from routing_service.core.decide import check_queues_in_use
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import SwitchStrategy
from routing_service.core.plans.plan import Plan
from routing_service.core.records.errors import Invalid, RoutingError
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES
from routing_service.core.records.model import Agent, Item
from routing_service.core.steering.facts import submit_facts
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1 import strategy_pb2
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceServicer
from routing_service.rulebook.changes import Change, changes, places
from routing_service.rulebook.digest import unbundle
from routing_service.rulebook.findings import Finding
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.preview import EXAMPLES, Preview, preview
from routing_service.rulebook.serving import unserved
from routing_service.server import convert, convert_rulebooks, convert_surge, wire
from routing_service.server.beside import beside
from routing_service.server.convert_requests import (
    check_text,
    declared_channel,
    identifier,
    labels,
)
from routing_service.server.desks import Desks
from routing_service.server.failures import failure
from routing_service.server.identity import caller
from routing_service.server.requests import SeqCommandRequest

MAX_EXAMPLES = 100
REST_EVERY = 16
"""Items of a preview looked at between two rests, about a millisecond."""
REST_SECONDS = 0.001


class RulebookServicer(RulebookServiceServicer):
    """What rule authors' tools call."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def Get(
        self, request: pb.RulebookServiceGetRequest, context: object
    ) -> pb.RulebookServiceGetResponse:
        """Gives the active rulebook."""
        active = self._desks.named(request.desk).partition.rulebook
        files = {name: text.decode() for name, text in unbundle(active.source).items()}
        return pb.RulebookServiceGetResponse(
            digest=active.digest,
            pack=active.plan.pack,
            version=active.plan.version,
            files=files,
        )

    async def Activate(self, request: pb.ActivateRequest, context: object) -> pb.ActivateResponse:
        """Puts a rulebook in force."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        done = await desk.activation.activate(
            request.files, cause="call", actor=caller().actor, key=key
        )
        return pb.ActivateResponse(
            digest=done.rulebook.digest,
            previous_digest=done.previous,
            pack=done.rulebook.plan.pack,
            version=done.rulebook.plan.version,
            cursor=desk.cursor(done.seq) if done.seq else "",
        )

    async def SwitchStrategy(
        self, request: pb.SwitchStrategyRequest, context: object
    ) -> pb.SwitchStrategyResponse:
        """Makes a queue choose by another strategy."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        queue = identifier(request.queue, "queue")
        wanted = request.strategy != strategy_pb2.STRATEGY_UNSPECIFIED
        strategy = wire.chosen(wire.STRATEGY_OF, request.strategy, "strategy") if wanted else None
        asked = SwitchStrategy(queue=queue, strategy=strategy)
        seq = await desk.partition.ask(desk.signed(key, SeqCommandRequest(asked=asked)))
        now = await desk.partition.query(lambda world: world.strategy(world.queue(queue)))
        return pb.SwitchStrategyResponse(strategy=wire.STRATEGY[now], cursor=desk.cursor(seq))

    async def SwitchSurge(
        self, request: pb.SwitchSurgeRequest, context: object
    ) -> pb.SwitchSurgeResponse:
        """Puts loads at a level for a time, or gives them back."""
        desk = self._desks.named(request.desk)
        key = identifier(request.request_id, "request_id")
        asked = convert_surge.switch(request)
        seq = await desk.partition.ask(desk.signed(key, SeqCommandRequest(asked=asked)))
        loads = await desk.partition.query(convert_surge.loads)
        return pb.SwitchSurgeResponse(loads=loads, cursor=desk.cursor(seq))

    async def ListLoads(
        self, request: pb.ListLoadsRequest, context: object
    ) -> pb.ListLoadsResponse:
        """Gives the loads as they stand."""
        partition = self._desks.named(request.desk).partition
        return pb.ListLoadsResponse(loads=await partition.query(convert_surge.loads))

    async def Preview(self, request: pb.PreviewRequest, context: object) -> pb.PreviewResponse:
        """Tells what Activate would change."""
        desk = self._desks.named(request.desk)
        if not 0 <= request.max_examples <= MAX_EXAMPLES:
            raise Invalid(
                "FIELD_OUT_OF_RANGE",
                f"max_examples lies between 0 and {MAX_EXAMPLES}.",
                field="max_examples",
            )
        wanted = await desk.activation.load(request.files)
        active = desk.partition.rulebook
        met = await desk.partition.query(lambda world: _meet(world, wanted.plan))
        examples = request.max_examples or EXAMPLES
        now = desk.partition.clock.now()
        found, seen = await beside(_compared, active, wanted, met.items, now, examples)
        told = _told(active, wanted, met.refusal, found, seen)
        lacking = await beside(_unserved, wanted, met.agents)
        told.warnings.extend(map(convert_rulebooks.finding, lacking))
        return told

    async def Evaluate(self, request: pb.EvaluateRequest, context: object) -> pb.EvaluateResponse:
        """Tells what the rules would decide on a new request."""
        desk = self._desks.named(request.desk)
        rulebook = desk.partition.rulebook
        if request.files:
            rulebook = await desk.activation.load(request.files)
        channel = declared_channel(identifier(request.channel, "channel"), rulebook.plan, "channel")
        check_text(request.text)
        known = labels(request.labels, rulebook.plan.labels, desk.keys)
        signals = rulebook.signals(request.text)
        facts = submit_facts(World(desk.name), channel, known, signals)
        facts |= convert_surge.supposed(request.surge_levels, rulebook.plan)
        verdict = rulebook.intake(facts)
        return pb.EvaluateResponse(
            digest=rulebook.digest,
            fired_rules=verdict.fired,
            labels=convert.labels(verdict.labels),
            priority=verdict.priority,
            queue=verdict.queue,
            requirements=convert.requirements(verdict.requirements),
            clocks=verdict.clocks,
            signals=signals,
            surge=convert_surge.answer(verdict.surge),
            green=verdict.green,
        )


class _Met(msgspec.Struct, frozen=True):
    """The open items and agents of a desk, and why it stands against the plan, if it does."""

    items: Sequence[Item]
    agents: Sequence[Agent]
    refusal: RoutingError | None = None


def _meet(world: World, plan: Plan) -> _Met:
    """Read in the writer, and quickly: the rest is done with what is found here."""
    items = [item for item in world.items.values() if item.state not in ENDED_ITEM_STATES]
    agents = list(world.agents.values())
    try:
        check_queues_in_use(world, plan)
    except RoutingError as error:
        return _Met(items, agents, error)
    return _Met(items, agents)


def _compared(
    active: Rulebook, wanted: Rulebook, items: Iterable[Item], now: int, examples: int
) -> tuple[Sequence[Change], Preview]:
    """In a thread; so the rules in force are asked through an engine of its own."""
    own = dataclasses.replace(active, engine=ReferenceEngine(active.stages), merged={})
    seen = preview(own, wanted, _paced(items), now, examples=examples)
    return changes(active.source, wanted.source), seen


def _unserved(wanted: Rulebook, agents: Sequence[Agent]) -> Sequence[Finding]:
    """What nobody who is known here could ever serve."""
    return unserved(wanted, agents, places(wanted.source, "queue"))


def _paced(items: Iterable[Item]) -> Iterator[Item]:
    """With rests in which the event loop goes on."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % REST_EVERY == 0:
            time.sleep(REST_SECONDS)


def _told(
    active: Rulebook,
    wanted: Rulebook,
    refusal: RoutingError | None,
    found: Iterable[Change],
    seen: Preview,
) -> pb.PreviewResponse:
    return pb.PreviewResponse(
        digest=wanted.digest,
        active_digest=active.digest,
        pack=wanted.plan.pack,
        version=wanted.plan.version,
        warnings=[convert_rulebooks.finding(each) for each in wanted.warnings],
        changes=convert_rulebooks.changes(found),
        refusal=None if refusal is None else failure(refusal),
        open_items=seen.open_items,
        other_queue=seen.other_queue,
        other_priority=seen.other_priority,
        other_due=seen.other_due,
        broken_at_once=seen.broken_at_once,
        examples=[convert_rulebooks.item_preview(each) for each in seen.examples],
    )
