"""The estimated wait: how long an item will wait for its answer, told before it has waited.

Pure, over World. k = max(0, ahead + 1 - free) agents must come free; `slots` busy ones do so one
after the other, `handling / slots` apart in the mean, sooner where people ahead give up. The wait
is taken for a gamma distribution, exact for M/M/c; what is not known well is wider by one part in
the number of observations. Nobody there to serve it: no estimate. Estimates of waiting items count
from now, so they never grow by waiting.
"""

from math import sqrt

import msgspec
from msgspec.structs import replace

from routing_service.core.arrival.learning import pace_of
from routing_service.core.desk.pace import Pace
from routing_service.core.desk.world import World
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import ClockState, ItemState
from routing_service.core.records.model import ExpectedWait, Item, Milestone
from routing_service.core.staff.staffing import Serving

_HEARD = frozenset(
    {
        Milestone.ACKNOWLEDGED,
        Milestone.RESPONDED,
        Milestone.SOLUTION_OFFERED,
        Milestone.CUSTOMER_UPDATED,
        Milestone.RESOLVED,
    }
)
"""Milestones that are something for the customer."""
_Z_90 = 1.2815515655446004
"""Of the standard normal distribution: 90 % are below."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate and its basis. `ahead` counts parts of items that others may take as well."""

    wait: ExpectedWait
    ahead: float
    free: int
    slots: int
    pace: Pace


def with_expected_wait(world: World, item: Item) -> Item:
    """The item as it is opened, with what is told about its wait: it is measured against that."""
    return replace(item, expected=expected_wait(world, item))


def expected_wait(world: World, item: Item) -> ExpectedWait | None:
    """From now until an agent accepts the item; None when it does not wait, or nobody serves it."""
    if item.state is ItemState.OFFERED:
        ringing = pace_of(world, item.queue).answering
        return ExpectedWait(ringing, ringing)
    found = estimate(world, item)
    return found.wait if found else None


def estimate(world: World, item: Item) -> Estimate | None:
    """For a queued item, whether it is among the waiting already or not yet."""
    if item.state is not ItemState.QUEUED:
        return None
    signature = world.signature(item)
    serving = _serving(world, signature)
    if not serving.slots:
        return None
    pace = pace_of(world, item.queue)
    free = (world.roster.free_for(signature) & serving.agents).bit_count()
    ahead = _ahead(world, item, serving)
    wait = _wait(max(0.0, ahead + 1 - free), serving.slots, pace)
    return Estimate(wait=wait, ahead=ahead, free=free, slots=serving.slots, pace=pace)


def _serving(world: World, signature: Signature) -> Serving:
    roster = world.roster
    known = roster.staffing.known(signature)
    if known is None:
        agents = roster.profiles.fitting(roster.profiles.members_for(signature), signature)
        known = roster.staffing.learn(signature, agents)
    return known


def next_update(world: World, item: Item) -> int | None:
    """The first promise still open of which the customer will hear; None when there is none."""
    plans = world.plan.clocks
    dues = [
        clock.due
        for name, clock in item.clocks.items()
        if clock.state is ClockState.RUNNING
        and clock.due is not None
        and name in plans
        and plans[name].stop in _HEARD
    ]
    return min(dues, default=None)


def _ahead(world: World, item: Item, serving: Serving) -> float:
    """Items ranked ahead: all of its queue; of others the share of their agents who are ours."""
    waiting, roster = world.waiting, world.roster
    place = (world.place(item), item.id)
    ahead = float(waiting.ahead(item.queue, place))
    for other in waiting.queues():
        if other == item.queue:
            continue
        share = roster.staffing.share(serving, other, roster.profiles.members(other))
        if share:
            ahead += share * waiting.ahead(other, place)
    return ahead


def _wait(departures: float, slots: int, pace: Pace) -> ExpectedWait:
    """Median and nine tenths of the gamma distribution that has the mean and variance found."""
    if not departures:
        return ExpectedWait(pace.answering, pace.answering)
    mean, variance = _moves(departures, slots / pace.handling, pace.impatience)
    shape = 1 / (variance / (mean * mean) + 1 / pace.handled)
    return ExpectedWait(
        round(mean * _gamma_quantile(shape, 0.0)) + pace.answering,
        round(mean * _gamma_quantile(shape, _Z_90)) + pace.answering,
    )


def _moves(departures: float, serving: float, impatience: float) -> tuple[float, float]:
    """Mean and variance of the time of so many departures.

    With j still ahead the next one goes at the rate serving + j impatience. Summed one by one at
    first, then in blocks an eighth as wide as the sum so far: no logarithm, whose last digit would
    differ between machines.
    """
    if not impatience:
        return departures / serving, departures / (serving * serving)
    mean = variance = done = 0.0
    width = 1.0
    while done < departures:
        block = min(width, departures - done)
        rate = serving + (done + max(0.0, block - 1) / 2) * impatience
        mean += block / rate
        variance += block / (rate * rate)
        done += block
        width = max(1.0, done / 8)
    return mean, variance


def _gamma_quantile(shape: float, z: float) -> float:
    """Of a gamma distribution with mean 1, by E. B. Wilson and M. M. Hilferty, PNAS 17, 1931.

    Within 2 % for shapes from 1; far below 1 it fails, so 1/2 is the least that is asked.
    """
    shape = max(0.5, shape)
    root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))
    return root * root * root
