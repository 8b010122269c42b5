"""The bounds of the C engine's tree: what is admitted can never reach its limits."""

import random

import pytest

from routing_service.rulebook.trie import Term, Trie

# Written out: the engine hangs at 512, fails at 64 and takes 4,096, whatever the code may say.
MAX_SIBLINGS, MAX_STACK, MAX_ACTIONS = 300, 60, 2_000


def equal(name: str, value: int = 1) -> Term:
    return Term(name, "", value)


def over(name: str, value: int) -> Term:
    return Term(name, "$gte", value)


def admitted(many: list[tuple[Term, ...]]) -> tuple[Trie, list[tuple[Term, ...]]]:
    trie = Trie()
    return trie, [tests for tests in many if trie.admit(tests)]


def walked(many: list[tuple[Term, ...]]) -> int:
    """The engine's walk over all these conjunctions, all true but for one value of each name.

    Its stack, as its source has it: take one, put all of its true children, again.
    """
    most, stack = 0, [((), many)]
    while stack:
        depth, below = stack.pop()
        heads: dict[Term, list[tuple[Term, ...]]] = {}
        for tests in below:
            if len(tests) > len(depth):
                heads.setdefault(tests[len(depth)], []).append(tests)
        chosen: dict[str, Term] = {}
        for head in heads:
            if not head.op:
                chosen.setdefault(head.name, head)
        for head, rest in heads.items():
            if head.op or chosen[head.name] == head:
                stack.append(((*depth, head), rest))
                most = max(most, len(stack))
    return most


@pytest.mark.parametrize("count", [299, 300, 301, 511, 512, 513])
def test_node_takes_so_many_different_conditions_and_no_more(count: int) -> None:
    _, kept = admitted([(equal("p", value),) for value in range(count)])

    assert min(count, MAX_SIBLINGS) == len(kept)


@pytest.mark.parametrize("count", [299, 300, 301, 511, 512, 513])
def test_node_below_another_has_the_same_bound(count: int) -> None:
    _, kept = admitted([(equal("a"), equal("p", value)) for value in range(count)])

    assert min(count, MAX_SIBLINGS) == len(kept)


@pytest.mark.parametrize("count", [59, 60, 61, 64, 65])
def test_ranges_that_can_all_be_true_stop_at_the_stack(count: int) -> None:
    trie, kept = admitted([(over("n", value),) for value in range(count)])

    assert min(count, MAX_STACK) == len(kept) == trie.stack


def test_values_of_one_property_exclude_each_other() -> None:
    trie, kept = admitted([(equal("p", value),) for value in range(200)])

    assert (200, 1) == (len(kept), trie.stack)


def test_tree_takes_so_many_conjunctions_and_no_more() -> None:
    many = [(equal("a", n // 200), equal("b", n % 200)) for n in range(MAX_ACTIONS + 2)]
    _, kept = admitted(many)

    assert many[:MAX_ACTIONS] == kept


def test_refused_conjunction_leaves_no_trace() -> None:
    trie, _ = admitted([(over("n", value),) for value in range(MAX_STACK)])
    before = trie.stack

    assert not trie.admit((equal("q"), equal("r"), equal("s")))
    assert before == trie.stack
    assert trie.admit((over("n", 0), equal("r")))


def test_stack_is_never_deeper_than_said() -> None:
    draw = random.Random(7)
    deepest = 0
    for _ in range(300):
        many = list(dict.fromkeys(drawn(draw) for _ in range(draw.choice((5, 40, 200)))))
        trie, kept = admitted(many)
        deepest = max(deepest, trie.stack)

        assert walked(kept) <= trie.stack <= MAX_STACK
    assert deepest == MAX_STACK


def drawn(draw: random.Random) -> tuple[Term, ...]:
    names = draw.sample("abcdefghijklmnopqrstuvwxyz", draw.choice((1, 2, 2, 3, 4)))
    return tuple(
        over(name, draw.randrange(9)) if draw.random() < 0.4 else equal(name, draw.randrange(9))
        for name in sorted(names)
    )
