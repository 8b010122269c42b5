"""The index of next steps, by itself."""

from routing_service.core.queues.stepping import Stepping


def test_who_left_and_came_back_to_the_same_instant_takes_one_step() -> None:
    stepping = Stepping()
    for item in ("a", "b"):
        stepping.put(item, "service", 5)
    stepping.drop("b")
    stepping.put("b", "service", 5)

    assert ["a", "b"] == stepping.due("service", 5, 9)
    assert ["a", "b"] == stepping.due("service", 5, 9)


def test_the_next_instant_of_a_queue_is_of_somebody_who_is_still_there() -> None:
    stepping = Stepping()
    for item, at in (("a", 1), ("b", 2), ("c", 3)):
        stepping.put(item, "service", at)
    stepping.drop("b")
    stepping.drop("a")

    assert 3 == stepping.next_at("service")
    assert "service" == stepping.drop("c")
    assert stepping.next_at("service") is None


def test_no_more_are_due_than_asked_for() -> None:
    stepping = Stepping()
    for number in range(9):
        stepping.put(f"i{number}", "service", number)

    assert ["i0", "i1", "i2"] == stepping.due("service", 7, 3)
    assert [] == stepping.due("elsewhere", 7, 3)


def test_many_who_leave_do_not_make_it_grow() -> None:
    stepping = Stepping()
    stepping.put("first", "service", 0)
    for number in range(1_000):
        stepping.put(f"i{number}", "service", 5 + number)
        stepping.drop(f"i{number}")

    assert len(stepping._heaps["service"]) < 70


def test_who_moved_to_another_queue_with_the_same_instant_is_not_next_in_the_first() -> None:
    stepping = Stepping()
    stepping.put("first", "front", 1)
    stepping.put("moves", "front", 2)
    stepping.put("last", "front", 3)
    stepping.drop("moves")
    stepping.put("moves", "back", 2)
    stepping.drop("first")
    stepping.drop("moves")

    assert (3, None) == (stepping.next_at("front"), stepping.next_at("back"))
