"""A simulation in another process, with other hash seeds, writes the same journal to the byte."""

import os
import subprocess
import sys

PROGRAM = """
import hashlib
from tests.proofs.desks import OneQueue, scenario
from tests.proofs.recursion import Model
from routing_service.simulation.driver import simulate
from routing_service.store.codec import encode_record
digest = hashlib.sha256()
model = Model(servers=5, gap=14_000_000, handling=60_000_000, patience=120_000_000)
simulate(scenario(model, 500), OneQueue(), lambda record: digest.update(encode_record(record).body))
print(digest.hexdigest())
"""


def journal(hash_seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def test_same_seed_gives_the_same_journal_in_every_process() -> None:
    first = journal("1")

    assert 64 == len(first)
    assert first == journal("2")
