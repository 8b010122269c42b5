"""EstimateWait: of an item, or of a request that would come now. Nothing is estimated here."""

import msgspec

from routing_service.core.arrival.estimating import Estimate, estimate, expected_wait, next_update
from routing_service.core.arrival.queueing import rank
from routing_service.core.desk.world import World
from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import ExpectedWait, Item, Requirement
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import wire
from routing_service.server.convert_requests import declared_channel, identifier
from routing_service.server.desks import Desk

_LAST = "~"
"""An id after those of all items: of equal rank, whoever is there already is first."""


MAX_REQUIREMENTS = 50


class _Told(msgspec.Struct, frozen=True):
    """What World says; taken there, told here."""

    position: int
    wait: ExpectedWait | None
    basis: Estimate | None
    next_update: int | None


async def estimate_wait(desk: Desk, request: pb.EstimateWaitRequest) -> pb.EstimateWaitResponse:
    """For the item; NotFound(ITEM_NOT_FOUND). Or for what is described; NotFound, Invalid."""
    if request.item_id:
        item_id = identifier(request.item_id, "item_id")
        told = await desk.partition.query(lambda world: _of(world, world.item(item_id)))
    else:
        queue = identifier(request.queue, "queue")
        now = desk.partition.clock.now()
        told = await desk.partition.query(
            lambda world: _of(world, _asked(world, request, queue, now))
        )
    response = pb.EstimateWaitResponse(
        position=told.position or None, next_update_after=wire.stamp_if(told.next_update)
    )
    if told.wait is not None:
        response.estimated_wait_p50.CopyFrom(wire.span(told.wait.p50))
        response.estimated_wait_p90.CopyFrom(wire.span(told.wait.p90))
    if told.basis is not None:
        response.basis.CopyFrom(_basis(told.basis))
    return response


def _of(world: World, item: Item) -> _Told:
    place = world.waiting.position(item)
    if item.id == _LAST:
        place = world.waiting.ahead(item.queue, (world.place(item), item.id)) + 1
    return _Told(place, expected_wait(world, item), estimate(world, item), next_update(world, item))


def _asked(world: World, request: pb.EstimateWaitRequest, queue: str, now: int) -> Item:
    """The item that such a request would be."""
    plan = world.plan
    world.queue(queue)
    priority = request.priority or plan.priorities[-1]
    if priority not in plan.priorities:
        known = ", ".join(plan.priorities)
        raise Invalid("FIELD_OUT_OF_RANGE", f"The priorities are {known}.", field="priority")
    if len(request.requirements) > MAX_REQUIREMENTS:
        raise Invalid(
            "FIELD_OUT_OF_RANGE",
            f"At most {MAX_REQUIREMENTS} requirements.",
            field="requirements",
        )
    return Item(
        id=_LAST,
        number="",
        channel=declared_channel(request.channel, plan, "channel"),
        customer="",
        labels={},
        opened_at=now,
        received_at=now,
        queue=queue,
        priority=priority,
        requirements=tuple(
            Requirement(identifier(each.skill, "requirements.skill"), max(1, each.level))
            for each in request.requirements
        ),
        enqueued_at=now,
        rank=rank(world, queue, priority, now),
    )


def _basis(found: Estimate) -> pb.EstimateBasis:
    return pb.EstimateBasis(
        items_ahead=found.ahead,
        free_agents=found.free,
        slots=found.slots,
        handling=wire.span(found.pace.handling),
        observations=found.pace.handled,
    )
