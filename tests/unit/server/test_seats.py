"""What waits to be sent on an agent's stream."""

import asyncio

import pytest

from routing_service.core.records.errors import Conflict, Overloaded
from routing_service.pb.routing.v1 import agent_pb2, work_pb2
from routing_service.server.seats import MAX_WAITING, Seat

Response = work_pb2.WorkResponse
LEASED = Response(leased=Response.Leased(epoch=1))
ANSWER = Response(answer_result=Response.AnswerResult(request_id="r"))


def made(offer: str) -> Response:
    return Response(offer_made=Response.OfferMade(offer=agent_pb2.Offer(id=offer)))


def over(offer: str) -> Response:
    return Response(offer_ended=Response.OfferEnded(offer_id=offer))


def open_seat(*first: Response) -> Seat:
    seat = Seat("ann")
    seat.open(1, [LEASED, *first])
    return seat


async def test_lease_comes_first_then_what_is_pending() -> None:
    assert await open_seat(made("a")).take() == [LEASED, made("a")]


async def test_offer_made_while_the_stream_opened_is_sent_once() -> None:
    seat = Seat("ann")
    seat.push(made("a"))
    seat.push(made("b"))
    seat.open(1, [LEASED, made("a")])

    assert await seat.take() == [LEASED, made("a"), made("b")]


async def test_end_of_an_offer_never_sent_is_not_sent() -> None:
    seat = open_seat(made("a"))
    seat.push(over("b"))
    seat.push(over("a"))
    seat.push(over("a"))

    assert await seat.take() == [LEASED, made("a"), over("a")]


async def test_taking_waits_for_a_message() -> None:
    seat = open_seat()
    await seat.take()
    taking = asyncio.create_task(seat.take())
    await asyncio.sleep(0)

    assert not taking.done()
    seat.push(ANSWER)
    assert await taking == [ANSWER]


async def test_finished_seat_gives_what_waits_then_nothing() -> None:
    seat = open_seat()
    seat.finish()

    assert await seat.take() == [LEASED]
    assert await seat.take() == []


async def test_ended_seat_says_why() -> None:
    seat = open_seat()
    seat.end(Conflict("LEASE_LOST", "Another stream."))

    with pytest.raises(Conflict):
        await seat.take()


async def test_agent_who_does_not_read_is_let_go() -> None:
    seat = open_seat()
    for _ in range(MAX_WAITING + 1):
        seat.push(ANSWER)

    with pytest.raises(Overloaded) as refusal:
        await seat.take()

    assert refusal.value.reason == "SUBSCRIBER_TOO_SLOW"
