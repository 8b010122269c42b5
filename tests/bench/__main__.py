"""`make bench`: measure all, or those named: `make bench ARGS="decide grpc"`."""

import sys
from collections.abc import Callable

from tests.bench import core, large, match, reload, rules, simulate, wire
from tests.bench.figures import MEASURES, Figures

RUN: dict[str, Callable[[Figures], None]] = {
    "decide": core.decide,
    "rules": rules.rules,
    "reload": reload.reload,
    "memory": core.memory,
    "match": match.match,
    "grpc": wire.grpc,
    "restart": large.restart,
    "lateness": large.lateness,
    "simulate": simulate.simulate,
}


def main(names: list[str]) -> int:
    """Exit code 1 for a name that is no measure."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"No such measure: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
        return 1
    figures = Figures()
    for name in names or MEASURES:
        print(f"measuring {name} ...", flush=True)
        RUN[name](figures)
        figures.write()
    figures.show()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
