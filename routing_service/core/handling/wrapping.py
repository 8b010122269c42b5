"""Decisions about wrap-ups: how one begins by the queue's mode, and how it ends or begins anew."""

from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import resting
from routing_service.core.journal.commands import WrapUp, WrapUpAct
from routing_service.core.journal.events import AnyEvent, HoldMoved
from routing_service.core.plans.plan import QueuePlan, WrapUpMode
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import HOLD, HoldState, HoldStep, advance
from routing_service.core.records.model import Hold


def begin(draft: Draft, agent: str, plan: QueuePlan) -> None:
    """Handling is over: the agent's capacity stays in use for the queue's wrap-up."""
    until, ready_at = _times(plan, draft.now)
    draft.hold(
        agent,
        HoldStep.COMPLETE,
        until=until,
        ready_at=ready_at,
        renewals=plan.wrap_up_renewals,
    )


def _times(plan: QueuePlan, now: int) -> tuple[int, int]:
    """(when it ends by itself, from when the agent may end it); 0 = never."""
    match plan.wrap_up_mode:
        case WrapUpMode.TIMED:
            return now + plan.wrap_up, 0
        case WrapUpMode.OPTIONAL:
            return now + plan.wrap_up, now
        case WrapUpMode.MANDATORY:
            return 0, now + plan.wrap_up


def wrap_up(world: World, command: WrapUp, now: int) -> list[AnyEvent]:
    """What the agent does about his wrap-up; WrongState when there is none or it is not his to."""
    agent = world.agent(command.agent)
    resting.check_epoch(agent, command.epoch)
    hold = agent.holds.get(command.item)
    if hold is None or hold.state is not HoldState.WRAP_UP:
        raise WrongState("NOT_WRAPPING_UP", "The agent is not wrapping this item up now.")
    if command.act is WrapUpAct.RENEW:
        return [_renewed(world, agent.id, hold, now)]
    if not hold.ready_at or now < hold.ready_at:
        raise WrongState(
            "WRAP_UP_NOT_OVER",
            "The queue's wrap-up cannot be ended yet: wait until it is over.",
        )
    return over(world, agent.id, hold.item, now)


def _renewed(world: World, agent: str, hold: Hold, now: int) -> HoldMoved:
    plan = world.plan.queues.get(hold.queue)
    if plan is None or not hold.renewals:
        raise WrongState("WRAP_UP_NOT_RENEWABLE", "The wrap-up cannot begin anew (any more).")
    until, ready_at = _times(plan, now)
    return HoldMoved(
        agent=agent,
        item=hold.item,
        step=HoldStep.RENEW,
        state=advance(HOLD, hold.state, HoldStep.RENEW, agent),
        cost=hold.cost,
        until=until,
        ready_at=ready_at,
        renewals=hold.renewals - 1,
    )


def over(world: World, agent: str, item_id: str, now: int) -> list[AnyEvent]:
    """The wrap-up is over: the capacity is free, after the queue's cool-down."""
    hold = world.agents[agent].holds[item_id]
    state = advance(HOLD, hold.state, HoldStep.RELEASE, agent)
    freed = HoldMoved(agent=agent, item=item_id, step=HoldStep.RELEASE, state=state, cost=hold.cost)
    return [freed, *resting.cool_down(world, agent, hold.queue, "completed", now)]
