"""Decisions about reports of the handling side: milestones, pending, resolved, closed."""

from routing_service.core.arrival import queueing
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import offers
from routing_service.core.items import parking
from routing_service.core.items.intake import not_ended, occurred
from routing_service.core.journal.commands import Report, ReportKind
from routing_service.core.journal.events import AnyEvent, ItemMoved, MilestoneReached, OwnerRemoved
from routing_service.core.plans.plan import OnReopen
from routing_service.core.promises import clocks
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import ITEM, HoldState, ItemState, ItemStep, advance
from routing_service.core.records.model import IMPLICATION, Milestone

_MILESTONES = {
    ReportKind.ACKNOWLEDGED: Milestone.ACKNOWLEDGED,
    ReportKind.RESPONDED: Milestone.RESPONDED,
    ReportKind.ENGAGED: Milestone.ENGAGED,
    ReportKind.SOLUTION_OFFERED: Milestone.SOLUTION_OFFERED,
    ReportKind.CUSTOMER_UPDATED: Milestone.CUSTOMER_UPDATED,
}


def report(  # noqa: C901 - one row per kind, nothing else
    world: World, command: Report, now: int
) -> list[AnyEvent]:
    """What the handling side did, and what follows for state, clocks and capacity."""
    item = world.item(command.item, command.version)
    at = occurred(world, command.occurred_at, now)
    draft = Draft(world, item, now)
    not_ended(item)
    match command.kind:
        case ReportKind.RESOLVED:
            resolve(draft, at, command.reason)
        case ReportKind.CONFIRMED:
            _confirm(draft, at)
        case ReportKind.PENDING:
            pend(draft, command.reason, at)
        case ReportKind.RESUMED:
            resume(draft, at)
        case ReportKind.REOPENED:
            reopen(draft, at, command.reason)
        case ReportKind.CLOSED:
            close(draft, command.reason or "reported")
        case ReportKind.SUSPENDED:
            parking.suspend(draft, command.until, command.reason, at)
        case ReportKind.SCHEDULED:
            parking.schedule(draft, command.until, command.reason)
        case ReportKind.ACTIVATED:
            parking.activate(draft, command.reason)
        case _:
            reach(draft, _MILESTONES[command.kind], at)
    return draft.events


def reach(draft: Draft, milestone: Milestone, at: int) -> None:
    """Reach a milestone and, at the same instant, the earlier ones it implies, unmet until then.

    Reached is what is told to be earliest, so that the order of the reports does not matter.
    """
    if milestone in IMPLICATION:
        for earlier in IMPLICATION[: IMPLICATION.index(milestone)]:
            if _unmet(draft, earlier, at):
                _reach_one(draft, earlier, at, implied=True)
    if _unmet(draft, milestone, at) or milestone is Milestone.CUSTOMER_UPDATED:
        _reach_one(draft, milestone, at)


def _unmet(draft: Draft, milestone: Milestone, at: int) -> bool:
    reached = draft.item.milestones.get(milestone)
    return reached is None or at < reached


def _reach_one(draft: Draft, milestone: Milestone, at: int, *, implied: bool = False) -> None:
    draft.add(MilestoneReached(item=draft.item.id, milestone=milestone, at=at, implied=implied))
    clocks.reach(draft, milestone, at)


def resolve(draft: Draft, at: int, reason: str) -> None:
    """The item is solved: its clocks stop, the owner's wrap-up begins."""
    offers.withdraw(draft, "resolved")
    offers.finish_handling(draft)
    draft.move(ItemStep.RESOLVE, reason)
    reach(draft, Milestone.RESOLVED, at)


def _confirm(draft: Draft, at: int) -> None:
    """The customer confirms: an item not yet resolved is resolved by that, then it is closed."""
    if draft.item.state is not ItemState.RESOLVED:
        resolve(draft, at, "confirmed")
    reach(draft, Milestone.CONFIRMED, at)
    close(draft, "confirmed")


def close(draft: Draft, reason: str) -> None:
    """The item ends; promises still unmet end without a verdict."""
    draft.move(ItemStep.CLOSE, reason)
    clocks.cancel(draft, "closed")


def pend(draft: Draft, reason: str, at: int) -> None:
    """The item waits for something outside; `reason` is one of the pack's."""
    holds = draft.world.plan.pending_reasons.get(reason)
    if holds is None:
        known = ", ".join(sorted(draft.world.plan.pending_reasons))
        raise Invalid("REASON_UNKNOWN", f"Pending needs one of the pack's reasons: {known}.")
    offers.withdraw(draft, "pending")
    if not holds:
        offers.release(draft)
    draft.move(ItemStep.PEND, reason)
    clocks.pend(draft, reason, at)


def resume(draft: Draft, at: int) -> None:
    """What it waited for is there: its owner goes on, or is asked first."""
    if draft.held(draft.item.owner) is HoldState.HANDLING:
        draft.move(ItemStep.CONTINUE)
        clocks.resume(draft, at)
        return
    parking.resume(draft, at)


def reopen(draft: Draft, at: int, reason: str) -> None:
    """The solution did not hold: its clocks go on as they say, its owner is asked first."""
    if draft.item.state is not ItemState.RESOLVED:
        raise WrongState(
            "ILLEGAL_TRANSITION",
            f"{draft.item.number} is {draft.item.state.value}: only a resolved item re-opens.",
            state=draft.item.state.value,
            step=ItemStep.REOPEN.value,
        )
    draft.add(
        ItemMoved(
            item=draft.item.id,
            step=ItemStep.REOPEN,
            state=advance(ITEM, draft.item.state, ItemStep.REOPEN, draft.item.number),
            reason=reason,
            owed=_owed_again(draft),
        )
    )
    owner = draft.item.owner
    if owner and owner not in draft.world.agents:  # solved, it told by whom; now it is nobody's
        draft.add(OwnerRemoved(item=draft.item.id, agent=owner))
    if Milestone.OPENED not in draft.item.milestones:  # resolved before it was to begin
        parking.begin(draft)
    clocks.reopen(draft, at)
    queueing.enqueue(draft, since=draft.now, boost=draft.item.boost, comes=queueing.Comes.RETURNS)


def _owed_again(draft: Draft) -> tuple[str, ...]:
    """What the item's clocks that do not keep their verdict wait for: an answer, if they say so."""
    plans = draft.world.plan.clocks
    running_again = [
        plans[name].stop
        for name in draft.item.clocks
        if name in plans and plans[name].on_reopen is not OnReopen.KEEP
    ]
    return tuple(dict.fromkeys(running_again))
