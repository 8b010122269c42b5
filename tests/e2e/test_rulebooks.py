"""Rules over the wire: what is in force, what they would decide, and changing them."""

from pathlib import Path

import grpc

from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, Client, label, serving
from tests.e2e.errors import error_info, failure, findings, refused

FILES = {file.name: file.read_text() for file in sorted(PACK.glob("*.yaml"))}


def routed(queue: str) -> str:
    """The pack's route file with another default."""
    return FILES["route.yaml"].replace("default: {queue: front}", f"default: {{queue: {queue}}}")


EXPERTS = routed("experts")


async def active(desk: Client) -> pb.RulebookServiceGetResponse:
    return await desk.rulebooks.Get(pb.RulebookServiceGetRequest(desk=DESK))


async def activate(desk: Client, **changes: str) -> pb.ActivateResponse:
    files = FILES | {f"{name}.yaml": text for name, text in changes.items()}
    request = pb.ActivateRequest(desk=DESK, request_id=desk.key(), files=files)
    return await desk.rulebooks.Activate(request)


async def test_active_rulebook_is_given_with_its_sources(desk: Client) -> None:
    book = await active(desk)

    assert (book.pack, book.version) == ("small", "1")
    assert dict(book.files) == FILES


async def test_activated_rules_decide_from_then_on(desk: Client) -> None:
    before = await active(desk)
    reply = await activate(desk, route=EXPERTS)
    result = await desk.submit()
    watching = desk.resume(after=reply.cursor)
    told = await watching.until("item_classified")

    assert reply.previous_digest == before.digest != reply.digest
    assert result.queue == "experts"
    assert told.item_classified.rulebook_digest == reply.digest


async def test_activating_what_is_in_force_changes_nothing(desk: Client) -> None:
    before = await desk.trace()
    reply = await activate(desk)

    assert reply.digest == reply.previous_digest
    assert not reply.cursor
    assert await desk.trace() == before


async def test_late_retry_does_not_bring_an_older_rulebook_back(desk: Client) -> None:
    files = FILES | {"route.yaml": EXPERTS}
    first = pb.ActivateRequest(desk=DESK, request_id=desk.key(), files=files)
    told = await desk.rulebooks.Activate(first)
    latest = await activate(desk)
    again = await desk.rulebooks.Activate(first)

    assert (again.digest, again.cursor) == (told.digest, told.cursor)
    assert (await active(desk)).digest == latest.digest


async def test_request_id_of_another_rulebook_is_refused(desk: Client) -> None:
    key = desk.key()
    files = FILES | {"route.yaml": EXPERTS}
    await desk.rulebooks.Activate(pb.ActivateRequest(desk=DESK, request_id=key, files=files))
    other = desk.rulebooks.Activate(pb.ActivateRequest(desk=DESK, request_id=key, files=FILES))

    assert await refused(other) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")


async def test_no_files_means_the_folder_of_the_desk(desk: Client) -> None:
    await activate(desk, route=EXPERTS)
    request = pb.ActivateRequest(desk=DESK, request_id=desk.key())
    reply = await desk.rulebooks.Activate(request)

    assert reply.cursor
    assert dict((await active(desk)).files) == FILES


async def test_at_the_next_start_the_folder_takes_over_from_what_was_sent(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    stored = {"data_folder": str(tmp_path / "data"), "key_file": str(key)}
    async with serving(**stored) as desk:
        await activate(desk, route=EXPERTS)
        sent = await active(desk)
    async with serving(**stored) as desk:
        started = await active(desk)

        assert sent.files["route.yaml"] == EXPERTS
        assert dict(started.files) == FILES


async def test_refused_rulebook_comes_with_its_findings(desk: Client) -> None:
    before = await active(desk)
    error = await failure(activate(desk, route=routed("moon")))
    (finding,) = findings(error)

    assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert (finding.file, finding.line) == ("route.yaml", 9)
    assert finding.code.startswith("RB")
    assert "moon" in finding.message
    assert await active(desk) == before


async def test_very_many_findings_come_as_far_as_a_client_takes_them(desk: Client) -> None:
    rows = "".join(f"  q{n}: {{title: T, wrong_{n}: 1}}\n" for n in range(150))
    queues = FILES["queues.yaml"].replace("queues:\n", f"queues:\n{rows}")
    error = await failure(activate(desk, queues=queues))
    told = findings(error)

    assert error.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert 0 < len(told) < int(error_info(error).metadata["findings"])


async def test_rules_without_a_queue_in_use_are_refused(desk: Client) -> None:
    await desk.submit()
    queues = FILES["queues.yaml"].replace("front:", "lobby:")
    route = routed("lobby")
    pack = FILES["pack.yaml"].replace("queue: front", "queue: lobby")
    call = activate(desk, queues=queues, route=route, pack=pack)

    assert await refused(call) == (grpc.StatusCode.FAILED_PRECONDITION, "QUEUE_IN_USE")


async def test_evaluate_tells_what_would_be_decided_and_does_nothing(desk: Client) -> None:
    before = await desk.trace()
    request = pb.EvaluateRequest(
        desk=DESK,
        channel="email",
        labels={"topic": label("fault")},
        text="unacceptable!",
    )
    reply = await desk.rulebooks.Evaluate(request)

    assert (reply.priority, reply.queue) == ("urgent", "experts")
    assert list(reply.signals) == ["angry"]
    assert list(reply.clocks) == ["response", "solution"]
    assert reply.labels["kind"].text == "incident"
    assert await desk.trace() == before


async def test_evaluate_tries_other_rules(desk: Client) -> None:
    files = FILES | {"route.yaml": EXPERTS}
    request = pb.EvaluateRequest(desk=DESK, channel="email", files=files)
    reply = await desk.rulebooks.Evaluate(request)

    assert reply.queue == "experts"
    assert reply.digest != (await active(desk)).digest


async def preview(desk: Client, **changes: str) -> pb.PreviewResponse:
    files = FILES | {f"{name}.yaml": text for name, text in changes.items()}
    return await desk.rulebooks.Preview(pb.PreviewRequest(desk=DESK, files=files))


async def test_preview_tells_changes_of_rules_and_of_open_items_and_does_nothing(
    desk: Client,
) -> None:
    result = await desk.submit()
    before = await desk.trace()
    sla = FILES["sla.yaml"].replace("normal: 4h", "normal: 2h")
    told = await preview(desk, route=EXPERTS, sla=sla)
    (example,) = told.examples
    (promise,) = example.promises

    assert [(each.kind, each.part, each.name) for each in told.changes] == [
        (pb.CHANGE_KIND_CHANGED, "rule", "route/default"),
        (pb.CHANGE_KIND_CHANGED, "clock", "response"),
    ]
    assert (told.open_items, told.other_queue, told.other_priority, told.other_due) == (1, 1, 0, 1)
    assert (example.number, example.queue_before, example.queue_after) == (
        result.number,
        "front",
        "experts",
    )
    assert promise.due_before.seconds - promise.due_after.seconds == 2 * 3600
    assert await desk.trace() == before


async def test_preview_comes_true(desk: Client) -> None:
    result = await desk.submit()
    sla = FILES["sla.yaml"].replace("normal: 4h", "normal: 2h")
    told = await preview(desk, sla=sla)
    await activate(desk, sla=sla)
    due = {clock.name: clock.due for clock in (await desk.get(result.item_id)).clocks}

    assert told.digest == (await active(desk)).digest
    assert due["response"] == told.examples[0].promises[0].due_after


async def test_preview_of_what_is_in_force_finds_nothing(desk: Client) -> None:
    await desk.submit()
    told = await desk.rulebooks.Preview(pb.PreviewRequest(desk=DESK))

    assert told.digest == told.active_digest
    assert (told.open_items, list(told.changes), list(told.examples)) == (1, [], [])


async def test_preview_says_that_activation_would_be_refused(desk: Client) -> None:
    await desk.submit()
    told = await preview(
        desk,
        queues=FILES["queues.yaml"].replace("front:", "lobby:"),
        route=routed("lobby"),
        pack=FILES["pack.yaml"].replace("queue: front", "queue: lobby"),
    )

    assert told.refusal.reason == "QUEUE_IN_USE"


async def test_preview_of_a_broken_rulebook_comes_with_its_findings(desk: Client) -> None:
    error = await failure(preview(desk, route=routed("moon")))
    (finding,) = findings(error)

    assert (finding.file, finding.line) == ("route.yaml", 9)


async def test_preview_shows_as_many_examples_as_asked(desk: Client) -> None:
    for _ in range(8):
        await desk.submit()
    files = FILES | {"route.yaml": EXPERTS}
    few = pb.PreviewRequest(desk=DESK, files=files, max_examples=2)
    too_many = pb.PreviewRequest(desk=DESK, files=files, max_examples=101)

    assert len((await desk.rulebooks.Preview(few)).examples) == 2
    assert await refused(desk.rulebooks.Preview(too_many)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "FIELD_OUT_OF_RANGE",
    )
