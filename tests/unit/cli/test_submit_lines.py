"""What `submit` prints of a result."""

from routing_service.cli.submit import lines
from routing_service.pb.routing.v1.request_event_pb2 import SubmitResult
from routing_service.pb.routing.v1.surge_pb2 import SurgeNotice


def told(**surge: str) -> list[str]:
    notice = SurgeNotice(load="front", level="peak", **surge)
    return list(lines(SubmitResult(priority="normal", queue="front", surge=notice)))


def test_a_surge_says_what_to_offer_and_to_tell() -> None:
    first, second = told(offer="callback", message="About 4 minutes.")

    assert first == "priority normal, queue front"
    assert second == "load front is at peak, offer callback, tell: About 4 minutes."


def test_a_deflected_request_says_where_its_customer_is_sent() -> None:
    assert told(deflected_to="app")[1] == "load front is at peak, deflected to app"


def test_without_a_surge_nothing_is_said_of_one() -> None:
    result = SubmitResult(priority="normal", queue="front")

    assert list(lines(result)) == ["priority normal, queue front"]
