"""Routing acts as people read them, in either language."""

from typing import Any

from routing_service.cli.routing_words import routing_tree
from routing_service.pb.routing.v1 import agent_pb2, strategy_pb2
from routing_service.pb.routing.v1 import routing_act_pb2 as pb
from routing_service.rulebook.explain_words import Branch
from routing_service.rulebook.local_time import LocalTime
from routing_service.server.wire import span, stamp
from tests.builders import HOUR, MINUTE, SECOND, at

NINE = at("2024-05-16T09:00+08:00")


def lines(*acts: pb.RoutingAct, language: str = "en", left_out: bool = False) -> list[str]:
    time = LocalTime("Asia/Shanghai", NINE)
    return list(_lines(routing_tree(list(acts), language, time, left_out=left_out), 0))


def _lines(branch: Branch, depth: int) -> Any:
    yield "  " * depth + branch.text
    for below in branch.branches:
        yield from _lines(below, depth + 1)


def act(**did: Any) -> pb.RoutingAct:
    return pb.RoutingAct(at=stamp(NINE), actor="bob", rulebook_digest="d1", **did)


def candidate(agent: str, skill: int, since: int) -> pb.Candidate:
    score = [("skill", -skill), ("load", 375), ("idle_since", since)]
    parts = [pb.ScorePart(name=name, value=value) for name, value in score]
    return pb.Candidate(agent_id=agent, score=parts)


def offered(*top: pb.Candidate, **why: Any) -> pb.RoutingAct:
    record = pb.MatchRecord(
        strategy=strategy_pb2.STRATEGY_BEST_SKILL, top=top, **({"tie_break": "skill"} | why)
    )
    until = stamp(NINE + MINUTE)
    made = pb.OfferedAct(offer_id="of1", agent_id=top[0].agent_id, expires_at=until, why=record)
    return act(offered=made)


def test_an_offer_tells_who_was_considered_and_why_the_others_were_passed_over() -> None:
    told = lines(
        offered(
            candidate("ann", 7, NINE - HOUR),
            candidate("ben", 5, NINE - SECOND),
            relaxation_step=1,
            in_queue=9,
            qualified=7,
            available=6,
            free=3,
            declined=1,
        )
    )

    assert [
        "Routing, times of Asia/Shanghai",
        "  09:00 offered to ann until 09:01 (of1), by best_skill",
        "    after what bob did",
        "    at step 1 of its queue's ladder",
        "    of 9 in the queue 2 could take it; passed over: 2 lack a skill, 1 not available,"
        " 3 without room, 1 asked before",
        "    ann: skill 7, load 37.5%, idle_since 08:00",
        "    ben: skill 5, load 37.5%, idle_since 08:59:59",
        "    ann before ben by skill",
    ] == told


def test_who_had_no_rival_is_said_so() -> None:
    alone = lines(offered(candidate("ann", 7, NINE), tie_break="only_one"))
    kept = lines(offered(candidate("ann", 7, NINE), tie_break="only_one", kept_as=pb.KEPT_AS_OWNER))

    assert alone[-1] == "    nobody else could take it"
    assert kept[-1] == "    it was kept for ann, its owner: nobody else was considered"


def test_places_steps_and_ends_are_told_in_chinese() -> None:
    placed = pb.PlacedAct(
        queue="vip",
        enqueued_at=stamp(NINE - HOUR),
        boost=span(10 * MINUTE),
        preferred_agent_id="ann",
        preferred_until=stamp(NINE + HOUR),
        kept_as=pb.KEPT_AS_LABEL,
        flowed_from="front",
        reason="queue_full",
    )
    ended = pb.OfferEndedAct(
        offer_id="of1",
        agent_id="ann",
        state=agent_pb2.OFFER_STATE_DECLINED,
        reason="busy",
        retry_at=stamp(NINE + MINUTE),
    )
    told = lines(
        act(placed=placed),
        act(relaxed=pb.RelaxedAct(step=2)),
        act(offer_ended=ended),
        language="zh",
    )

    assert [
        "分派过程（时间为 Asia/Shanghai）",
        "  09:00 进入队列 vip，自 08:00 起排队",
        "    队列 front 未接纳：queue_full",
        "    升级规则使排队时长加 10m",
        "    为 ann 保留至 10:00（由标签指定）",
        "  09:00 降低要求：队列的第 2 级",
        "  09:00 给 ann 的邀约 of1：declined，busy",
        "    09:01 起可再次邀约",
    ] == told


def test_a_label_that_names_nobody_is_said_so() -> None:
    placed = pb.PlacedAct(queue="vip", enqueued_at=stamp(NINE), reason="preferred_unknown")

    assert [
        "  09:00 placed in queue vip",
        "    not kept for the agent its queue prefers: preferred_unknown",
    ] == lines(act(placed=placed))[1:]


def test_what_is_left_out_or_unknown_is_said_so() -> None:
    left_out = lines(act(), act(relaxed=pb.RelaxedAct(step=1)), left_out=True)

    assert [
        "  earlier acts are left out: see them all with --full",
        "  09:00 asks for less: step 1 of its queue's ladder",
    ] == left_out[1:]
    assert ["  The journal has nothing about it any more"] == lines()[1:]


def test_what_a_terminal_would_obey_is_written_out() -> None:
    ended = pb.OfferEndedAct(
        offer_id="of1", agent_id="ann", state=agent_pb2.OFFER_STATE_DECLINED, reason="\x1b[31m"
    )

    assert "\\u001b[31m" in lines(act(offer_ended=ended))[1]


def test_instants_of_other_days_have_their_date_and_unknown_zones_are_utc() -> None:
    time = LocalTime("Asia/Shanghai", NINE)

    assert ("2024-05-17 00:30", "08:00:01") == (
        time.tell(NINE + 15 * HOUR + 30 * MINUTE),
        time.tell(NINE - HOUR + SECOND),
    )
    assert ("UTC", "2024-05-16 01:00") == (
        LocalTime("Mars/Crater").zone,
        LocalTime("Mars/Crater").tell(NINE),
    )


def test_who_serves_something_else_first_is_counted() -> None:
    told = lines(offered(candidate("ann", 7, NINE), elsewhere=2))

    assert "    2 of them left to what they serve first" in told
