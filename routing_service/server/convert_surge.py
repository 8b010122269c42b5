"""Loads, their levels and what customers are told because of them, as messages of the wire."""

from collections.abc import Mapping

from routing_service.core.desk.world import World
from routing_service.core.journal import events as core
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Plan
from routing_service.core.records.errors import NotFound
from routing_service.core.records.model import FactValue
from routing_service.core.records.surge import NORMAL, SurgeAnswer, SurgeCause, SurgeNotice
from routing_service.core.steering.facts import SURGE
from routing_service.pb.routing.v1 import event_pb2, rulebook_service_pb2
from routing_service.pb.routing.v1 import surge_pb2 as pb
from routing_service.server import convert_requests, wire

SURGE_CAUSE = wire.pairs(SurgeCause, pb.SurgeCause, "SURGE_CAUSE")


def loads(world: World) -> list[pb.Load]:
    """All loads as they stand, in the order of the rulebook."""
    return [
        moved(
            core.SurgeMoved(
                load=name,
                queue=plan.queue,
                skill=plan.skill,
                skill_level=plan.skill_level if plan.skill else 0,
                surge=world.surges.get(name, NORMAL),
                cause=SurgeCause.LOAD,
                demand=world.loads.figures[name].demand,
                units=world.loads.figures[name].units,
            )
        ).load
        for name, plan in world.plan.loads.items()
    ]


def moved(happened: core.SurgeMoved) -> event_pb2.SurgeMoved:
    """A load stands at another level, or under other terms."""
    surge = happened.surge
    return event_pb2.SurgeMoved(
        load=pb.Load(
            name=happened.load,
            queue=happened.queue,
            skill=happened.skill,
            skill_level=happened.skill_level,
            level=surge.standing,
            level_by_load=surge.level,
            demand_units=happened.demand,
            units=happened.units,
            switched_until=wire.stamp_if(surge.until),
            switched_by=surge.by,
            reason=surge.reason,
        ),
        level_before=happened.before,
        cause=SURGE_CAUSE[happened.cause],
        by=happened.by,
        reason=happened.reason,
    )


def notice(told: SurgeNotice | None) -> pb.SurgeNotice | None:
    """What the customer of an item is told; None = nothing."""
    if told is None:
        return None
    return pb.SurgeNotice(
        load=told.load,
        level=told.level,
        deflected_to=told.deflected_to,
        offer=told.offer,
        message=told.message,
    )


def answer(decided: SurgeAnswer | None) -> pb.SurgeNotice | None:
    """What the surge stage would say of an item that is not there; its sentence as written."""
    if decided is None:
        return None
    return pb.SurgeNotice(
        load=decided.load,
        level=decided.level,
        deflected_to=decided.deflect,
        offer=decided.offer,
        message=decided.tell,
    )


def supposed(levels: Mapping[str, str], plan: Plan) -> dict[str, FactValue]:
    """Facts of loads that stand at these levels.

    NotFound(LOAD_NOT_FOUND, LEVEL_NOT_FOUND) for what the rulebook does not have.
    """
    for load, level in levels.items():
        if load not in plan.loads:
            raise NotFound("LOAD_NOT_FOUND", "The rulebook has no such load.", load=load[:64])
        if plan.loads[load].index(level) < 0:
            raise NotFound("LEVEL_NOT_FOUND", "The load has no such level.", level=level[:64])
    return {f"{SURGE}{load}": level for load, level in levels.items()}


def switch(request: rulebook_service_pb2.SwitchSurgeRequest) -> SwitchSurge:
    """The command; what it says too little of is refused when it is decided."""
    has_end = request.HasField("until")
    return SwitchSurge(
        load=convert_requests.optional_identifier(request.load, "load"),
        level=convert_requests.optional_identifier(request.level, "level"),
        reason=convert_requests.reason(request.reason),
        until=wire.instant_of(request.until, "until") if has_end else 0,
        release=request.release,
    )
