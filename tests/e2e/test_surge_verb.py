"""`surge` against a service with the shop's emergency plan: look, switch, look, give back."""

import json
from pathlib import Path

from tests.fault.server_process import RULES, ServerProcess

PACK = RULES.parent / "ecommerce"


def test_an_emergency_is_switched_seen_and_given_back_at_a_terminal(tmp_path: Path) -> None:
    service = ServerProcess(tmp_path / "service", desks=f"shop={PACK}")
    service.start()

    def surge(*words: str) -> tuple[int, list[str], str]:
        ran = service.command("surge", "--target", service.address, "--desk", "shop", *words)
        return ran.returncode, ran.stdout.splitlines(), ran.stderr

    calm = surge()
    wrong = surge("panic", "--for", "2h", "--reason", "fire", "--json")
    _, switched, _ = surge("emergency_plan", "--for", "2h", "--reason", "fire")
    seen = surge()
    released = surge("--release", "--reason", "over")
    again = surge("--release", "--reason", "over")
    service.stop()

    nothing = "emergency  at no level, 0 units to do and nobody signed in, queue emergency"
    assert (0, [nothing], "") == calm == released
    assert json.loads(wrong[2])["error"] == {
        "reason": "LEVEL_NOT_FOUND",
        "message": "The rulebook has no such level.",
        "details": {"known": "emergency_plan", "level": "panic"},
    }
    assert seen[1] == switched
    assert switched[0].startswith("emergency  at emergency_plan, ")
    assert switched[1].startswith("  switched by ")
    assert switched[1].endswith(": fire")
    assert again[0] == 1
    assert "NOT_SWITCHED" in again[2]
