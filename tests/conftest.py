"""Settings common to all levels: the Hypothesis profile and what a missing tool means."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: the same tree gives the same verdict. ROUTING_HYPOTHESIS=hunt looks for new cases.
settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,  # no timing asserts: the machine may be busy
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile(
    "hunt", settings.get_profile("fixed"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("ROUTING_HYPOTHESIS", "fixed"))

# Marker -> the programs it needs and the variable under which their absence is a failure.
TOOLS = {
    "node": (("node", "npm"), "ROUTING_REQUIRE_NODE"),
    "prometheus": (("prometheus", "promtool"), "ROUTING_REQUIRE_PROMETHEUS"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (programs, required) in TOOLS.items():
        missing = [program for program in programs if shutil.which(program) is None]
        if item.get_closest_marker(marker) and missing:
            stop = pytest.fail if os.environ.get(required) == "1" else pytest.skip
            stop(f"needs {' and '.join(missing)}, not found on the path")
