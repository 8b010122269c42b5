"""Moves as commands: each maker reads World as a caller could and says what he would ask next."""

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import (
    Accept,
    AckEvents,
    ActivateRulebook,
    AnyCommand,
    Cancel,
    Complete,
    ConnectAgent,
    Decline,
    LoseAgent,
    PutAgents,
    RemoveAgents,
    Report,
    ReportKind,
    RequestKind,
    SetOutsideWork,
    SetPresence,
    Submit,
    Transfer,
    WrapUp,
    WrapUpAct,
)
from routing_service.core.records.lifecycle import HoldState, ItemState, Presence
from routing_service.core.records.model import FactValue, Offer, QueueTerms
from routing_service.core.steering.facts import Newcomer, submit_facts
from tests.builders import HOUR, MINUTE, SECOND
from tests.property.families import OPEN, collaborate, item_of, link, made_for, merge, park, rare
from tests.property.moves import AGO, Move, chosen, pick
from tests.property.rich import AGENTS, PLANS, Rules
from tests.property.switches import switch, switch_surge


def _labels(move: Move) -> dict[str, FactValue]:
    labels: dict[str, FactValue] = {"urgency": 1 + move.how % 3}
    if move.when % 4:
        labels["topic"] = chosen(("hardware", "software", "vip"), move.when)
    if move.also % 3 == 0:
        labels["level"] = 1 + move.also // 3 % 3
    return labels


def _open(world: World, move: Move, now: int) -> AnyCommand:
    labels = _labels(move)
    channel = chosen(("web", "phone", "chat"), move.also)
    signals = ("angry",) if move.which == 0 else ()
    customer = f"customer-{move.which // 3}"
    new = Newcomer(customer, now)
    facts = submit_facts(world, channel, labels, signals, "", new)
    return Submit(
        actor="adapter",
        request_id=f"event-{world.seq}" if move.which % 2 else "",
        fingerprint=b"body",
        kind=RequestKind.OPENED,
        channel=channel,
        customer=customer,
        occurred_at=now - chosen(AGO, move.also),
        labels=labels,
        signals=signals,
        sealed=b"sealed",
        facts=facts,
        waiting_since=now - 10 * MINUTE if move.how % 4 == 0 else 0,
        scheduled_for=now + HOUR if move.how == 7 else 0,
        verdict=Rules(world.digest).intake(facts),
    )


def _submit(world: World, move: Move, now: int, kind: RequestKind) -> AnyCommand | None:
    item = item_of(world, move, *OPEN)
    if item is None:
        return None
    at = now - chosen(AGO, move.when)
    command = Submit(actor="adapter", kind=kind, item=item.id, occurred_at=at, sealed=b"more")
    if kind is RequestKind.LABELLED:
        return replace(command, labels=_labels(move), version=item.version)
    if kind is not RequestKind.UPDATED:
        return command
    labels = _labels(move)
    facts = submit_facts(world, "", labels, (), item.id)
    verdict = Rules(world.digest).intake(facts)
    return replace(command, labels=labels, facts=facts, verdict=verdict)


def _report(
    world: World, move: Move, now: int, kind: ReportKind, *states: ItemState
) -> AnyCommand | None:
    item = item_of(world, move, *(states or OPEN))
    if item is None:
        return None
    reasons = ("waiting_customer", "waiting_parts", "thinking", "waiting_customer", "unheard_of")
    reason = chosen(reasons, move.how) if kind is ReportKind.PENDING else ""
    at = now - chosen(AGO, move.when)
    return Report(actor="tool", kind=kind, item=item.id, occurred_at=at, reason=reason)


def _any_report(world: World, move: Move, now: int) -> AnyCommand | None:
    return _report(world, move, now, chosen(tuple(ReportKind), move.how))


def _transfer(world: World, move: Move, _now: int) -> AnyCommand | None:
    """Blind or warm, to a queue, an agent or nobody in particular; at times to who cannot."""
    item = item_of(world, move, ItemState.ASSIGNED, ItemState.ASSIGNED, ItemState.QUEUED)
    if item is None:
        return None
    return Transfer(
        item=item.id,
        queue=chosen(("", "service", "second", "strict"), move.how),
        agent=chosen(("", "ben", "ann", "", "dee"), move.when),
        warm=bool(move.also % 2),
        wait=chosen((0, MINUTE, HOUR, SECOND), move.which),
        drop_requirements=move.how > 7,
        by=item.owner if move.when > 8 else "",
    )


def _cancel(world: World, move: Move, _now: int) -> AnyCommand | None:
    item = item_of(world, move, *OPEN)
    version = item.version + 1 if item and move.how == 0 else 0
    return Cancel(item=item.id, reason="not wanted", version=version) if item else None


def _answer(offer: Offer | None, move: Move, now: int, *, accept: bool) -> AnyCommand | None:
    if offer is None:
        return None
    if accept:
        return Accept(actor=offer.agent, offer=offer.id, agent=offer.agent, version=offer.version)
    later = chosen((0, now + MINUTE, now, now - SECOND, now + HOUR), move.how)
    decline = Decline(offer=offer.id, agent=offer.agent, version=offer.version, retry_at=later)
    return replace(decline, reason="busy", request_id=f"no-{offer.id}" if move.when % 2 else "")


def _accept(world: World, move: Move, now: int) -> AnyCommand | None:
    return _answer(pick(world.offers.values(), move.which), move, now, accept=True)


def _decline(world: World, move: Move, now: int) -> AnyCommand | None:
    return _answer(pick(world.offers.values(), move.which), move, now, accept=False)


def _answer_late(world: World, move: Move, now: int) -> AnyCommand | None:
    ended = pick(world.ended_offers.values(), move.which)
    return _answer(ended, move, now, accept=bool(move.how % 2))


def _answer_wrongly(world: World, move: Move, now: int) -> AnyCommand | None:
    """By another agent, with another version, of a fenced stream, about an unknown offer."""
    command = _accept(world, move, now)
    if not isinstance(command, Accept):
        return None
    wrong: tuple[dict[str, Any], ...] = (
        {"agent": "cho"},
        {"agent": "eve"},
        {"version": 99},
        {"epoch": 99},
        {"offer": "of0"},
    )
    return replace(command, **chosen(wrong, move.how))


def _complete(world: World, move: Move, _now: int) -> AnyCommand | None:
    handled = [
        Complete(item=hold.item, agent=agent.id)
        for agent in world.agents.values()
        for hold in agent.holds.values()
        if hold.state is HoldState.HANDLING or not move.also
    ]
    return pick(handled, move.which)


def _presence(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick(world.agents.values(), move.which)
    presence = chosen(tuple(Presence), move.how)
    epoch = agent.epoch if agent and move.when % 2 else 0  # 0 = not by a Work stream
    if agent is None:
        return None
    return SetPresence(agent=agent.id, presence=presence, epoch=epoch, reason="said so")


def _sign_in(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick(world.agents.values(), move.which)
    return SetPresence(agent=agent.id, presence=Presence.AVAILABLE) if agent else None


def _put(_world: World, move: Move, _now: int) -> AnyCommand:
    """The same agent with other skills, queues or capacity; at times one the plan refuses."""
    profile = chosen(AGENTS, move.which)
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"skills": {"hvac": 1 + move.when % 4}},
        {"capacity": 1 + move.when % 4},
        {"queues": ("service", "second")},
        {"queues": ("strict",)},
        {"queues": ("service", "service")},
        {"queues": ()},
        {"id": f"new-{move.when}", "capacity": 2},
        {"capacity": 0},
        {"calendar": "office"},
        {"maximum": {"chat": move.when % 3, "phone": 1}, "capacity": 4},
        {"cap": 1 + move.when % 3, "cap_window": HOUR},
        {"terms": {"service": QueueTerms(delay=move.when * 10 * SECOND)}},
        {"terms": {"second": QueueTerms(priority=1), "strict": QueueTerms(priority=2)}},
        {"attributes": {"quality": 1 + move.when, "topics": ("vip",)}},
    )
    return PutAgents(agents=(replace(profile, **chosen(changes, move.how + move.also)),))


def _wrap_up(world: World, move: Move, _now: int) -> AnyCommand | None:
    """Ends or renews a wrap-up; at times of an item that is not wrapped up."""
    wrapping = [
        (agent.id, hold.item)
        for agent in world.agents.values()
        for hold in agent.holds.values()
        if hold.state is HoldState.WRAP_UP or not move.also
    ]
    found = pick(wrapping, move.which)
    act = WrapUpAct.RENEW if move.how % 3 == 0 else WrapUpAct.END
    return WrapUp(agent=found[0], item=found[1], act=act) if found else None


def _outside(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick(world.agents.values(), move.which)
    if agent is None:
        return None
    epoch = agent.epoch if move.when % 2 else 0  # 0 = not by a Work stream
    return SetOutsideWork(agent=agent.id, units=move.how % 4 - (move.also == 0), epoch=epoch)


def _remove(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick(world.agents, move.which)
    return RemoveAgents(agents=(agent,), reason="gone") if agent and move.how % 2 else None


def _connect(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick(world.agents, move.which)
    return ConnectAgent(agent=agent) if agent else None


def _lose(world: World, move: Move, _now: int) -> AnyCommand | None:
    agent = pick((each for each in world.agents.values() if each.connected), move.which)
    return LoseAgent(agent=agent.id, epoch=agent.epoch - (move.how == 0)) if agent else None


def _activate(_world: World, move: Move, _now: int) -> AnyCommand:
    digest = chosen(tuple(PLANS), move.how)
    return ActivateRulebook(digest=digest, plan=PLANS[digest], source=digest.encode())


def _ack(_world: World, move: Move, _now: int) -> AnyCommand:
    return AckEvents(consumer=f"reader-{move.which % 2}", seq=move.how, index=move.when)


def _submits(kind: RequestKind) -> "Maker":
    return lambda world, move, now: _submit(world, move, now, kind)


def _reports(kind: ReportKind, *states: ItemState) -> "Maker":
    return lambda world, move, now: _report(world, move, now, kind, *states)


Maker = Callable[[World, Move, int], AnyCommand | None]
MAKERS: Final[dict[str, Maker]] = {
    "open": _open,
    "accept": _accept,
    "report": _any_report,
    "decline": _decline,
    "complete": _complete,
    "pend": _reports(ReportKind.PENDING),
    "resume": _reports(ReportKind.RESUMED, ItemState.PENDING),
    "resolve": _reports(ReportKind.RESOLVED),
    "reopen": _reports(ReportKind.REOPENED, ItemState.RESOLVED),
    "update": _submits(RequestKind.UPDATED),
    "label": _submits(RequestKind.LABELLED),
    "made_for": made_for,
    "link": link,
    "merge": merge,
    "collaborate": collaborate,
    "park": park,
    "rare": rare,
    "message": _submits(RequestKind.MESSAGE),
    "abandon": _submits(RequestKind.ABANDONED),
    "come_back": _submits(RequestKind.RETURNED),
    "transfer": _transfer,
    "cancel": _cancel,
    "presence": _presence,
    "sign_in": _sign_in,
    "put": _put,
    "wrap_up": _wrap_up,
    "outside": _outside,
    "remove": _remove,
    "connect": _connect,
    "lose": _lose,
    "answer_late": _answer_late,
    "answer_wrongly": _answer_wrongly,
    "activate": _activate,
    "switch": switch,
    "switch_surge": switch_surge,
    "ack": _ack,
}
