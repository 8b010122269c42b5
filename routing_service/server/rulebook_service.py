"""RulebookService: what is in force, what it would decide, and how to change it.

Loading runs in a thread: a large pack must not hold up the desk. A broken one replaces nothing.
"""

# ruff: noqa: N802 - methods are named as on the wire
import asyncio
import logging
from collections.abc import Mapping

from routing_service.core.errors import Invalid, RoutingError
from routing_service.core.facts import submit_facts
from routing_service.core.world import World
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceServicer
from routing_service.rulebook.digest import bundle, unbundle
from routing_service.rulebook.findings import RulebookInvalid
from routing_service.rulebook.loader import load_pack, load_source
from routing_service.rulebook.model import Rulebook
from routing_service.server import convert
from routing_service.server import metric_names as names
from routing_service.server.convert_requests import (
    check_text,
    declared_channel,
    identifier,
    labels,
)
from routing_service.server.desks import Desk, Desks
from routing_service.server.identity import caller
from routing_service.server.metrics import Metrics
from routing_service.server.requests import ActivateRequest

log = logging.getLogger(__name__)

MAX_FILES = 200
FINDINGS_TOLD = 3
"""Findings of a refused pack that a log line holds; `check` prints all."""


class RulebookServicer(RulebookServiceServicer):
    """What rule authors' tools call."""

    def __init__(self, desks: Desks, metrics: Metrics) -> None:
        self._desks = desks
        self._metrics = metrics

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
        before = await desk.partition.query(lambda world: world.digest)
        rulebook, seq = await activate(desk, request.files, self._metrics, caller().actor, key)
        return pb.ActivateResponse(
            digest=rulebook.digest,
            previous_digest=before,
            pack=rulebook.plan.pack,
            version=rulebook.plan.version,
            cursor=desk.cursor(seq) if seq else "",
        )

    async def Evaluate(self, request: pb.EvaluateRequest, context: object) -> pb.EvaluateResponse:
        """Tells what the rules would decide on a new request."""
        desk = self._desks.named(request.desk)
        rulebook = await _asked(desk, request.files)
        channel = declared_channel(identifier(request.channel, "channel"), rulebook.plan, "channel")
        check_text(request.text)
        known = labels(request.labels, rulebook.plan.labels, desk.keys)
        signals = rulebook.signals(request.text)
        verdict = rulebook.intake(submit_facts(World(desk.name), channel, known, signals))
        return pb.EvaluateResponse(
            digest=rulebook.digest,
            fired_rules=verdict.fired,
            labels=convert.labels(verdict.labels),
            priority=verdict.priority,
            queue=verdict.queue,
            requirements=convert.requirements(verdict.requirements),
            clocks=verdict.clocks,
            signals=signals,
        )


async def activate(
    desk: Desk, files: Mapping[str, str], metrics: Metrics, actor: str, key: str = ""
) -> tuple[Rulebook, int]:
    """Load and put in force; the rulebook and its record's seq, 0 when it was in force already.

    A `key` that put it in force before does not do so again.
    """
    try:
        rulebook = await _loaded(desk, files)
        active = await desk.partition.query(lambda world: world.digest)
        fingerprint = desk.keys.fingerprint(rulebook.digest.encode())
        request = ActivateRequest(
            actor=actor, request_id=key, fingerprint=fingerprint, rulebook=rulebook
        )
        seq = 0
        if rulebook.digest != active:
            seq = await desk.partition.ask(request)
    except RoutingError as error:
        metrics.add(names.RULEBOOK_LOADS, desk.name, "failed")
        if not files:
            metrics.put(names.RULEBOOK_STALE, 1, desk.name)
        why = {"reason": error.reason, "why": error.message, "details": error.details}
        told = {"desk": desk.name, "findings": first_findings(error), **why}
        log.warning("activate_rulebook", extra=told)
        raise
    metrics.put(names.RULEBOOK_STALE, 0, desk.name)
    metrics.add(names.RULEBOOK_LOADS, desk.name, "ok")
    log.info("activate_rulebook", extra={"desk": desk.name, "digest": rulebook.digest})
    return rulebook, seq


def first_findings(error: RoutingError) -> list[str]:
    """The first few findings of a refused pack, as `check` prints them; none of other errors."""
    found = error.findings if isinstance(error, RulebookInvalid) else ()
    return [str(finding) for finding in found[:FINDINGS_TOLD]]


async def _asked(desk: Desk, files: Mapping[str, str]) -> Rulebook:
    return await _loaded(desk, files) if files else desk.partition.rulebook


async def _loaded(desk: Desk, files: Mapping[str, str]) -> Rulebook:
    """The rulebook of these files, or of the desk's folder when there are none."""
    if len(files) > MAX_FILES:
        raise Invalid("MAP_TOO_LARGE", f"A pack has at most {MAX_FILES} files.", field="files")
    if not files:
        return await asyncio.to_thread(load_pack, desk.pack)
    return await asyncio.to_thread(load_source, bundle(dict(files)))
