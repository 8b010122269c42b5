"""What the guides tell a newcomer to type does what they say."""

import hashlib
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from routing_service.settings import load_callers
from tests.fault.server_process import COMMAND, ROOT, RULES, ServerProcess, free_port

ADDRESS = "127.0.0.1:7400"
"""Where `make run` serves, as the guides write it."""


def blocks(document: str, language: str, heading: str = "") -> list[str]:
    """The code blocks of this language in a guide, from this heading on."""
    text = (ROOT / document).read_text("utf-8")
    after = text[text.index(heading) :]
    return re.findall(rf"^```{language}\n(.*?)^```$", after, flags=re.MULTILINE | re.DOTALL)


def python(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The service as `make run` has it: real clock, the shipped pack."""
    folder = tmp_path_factory.mktemp("documents")
    service = ServerProcess(folder / "service", master_key="ab" * 32)
    service.start()
    yield service
    service.stop()


def test_example_of_the_api_guide_prints_three_promises(service: ServerProcess) -> None:
    request, _ = blocks("proto/README.md", "python", "## Example")
    ran = python(request.replace(ADDRESS, service.address))
    numbers, promises = zip(*(line.split()[:2] for line in ran.stdout.splitlines()), strict=True)

    assert ran.stderr == ""
    assert promises == ("ownership", "resolution", "response")
    assert len(set(numbers)) == 1
    assert re.fullmatch(r"INC\d{7}", numbers[0])


def test_desktop_of_the_api_guide_takes_the_request_of_the_example(
    service: ServerProcess,
) -> None:
    examples = [
        each.replace(ADDRESS, service.address)
        for each in blocks("proto/README.md", "python", "## Example")
    ]
    request, desktop = map(python, examples)

    assert (request.stderr, desktop.stderr) == ("", "")
    assert re.fullmatch(r"INC\d{7} is his\n", desktop.stdout)


def test_submit_command_of_the_readme_opens_a_critical_item(service: ServerProcess) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    told = re.findall(r"^\.venv/bin/routing-service (submit .*)$", text, flags=re.MULTILINE)
    words = [*told[0].split(), "--target", service.address]
    ran = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)

    assert len(told) == 1
    assert ran.returncode == 0, ran.stderr
    assert "critical" in ran.stdout


def test_activation_example_of_the_rules_guide_reads_the_folder_again(
    service: ServerProcess,
) -> None:
    (example,) = blocks("rules/README.md", "python", "## Put it in force")
    ran = python(example.replace(ADDRESS, service.address))

    assert ran.stderr == ""
    assert 'pack: "itsm"' in ran.stdout


def test_smallest_pack_of_the_rules_guide_has_no_findings(tmp_path: Path) -> None:
    text = (ROOT / "rules" / "README.md").read_text("utf-8")
    part = text[text.index("### The smallest pack") : text.index("### What each file must say")]
    written = re.compile(r"^```yaml\n# (\w+\.yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for file, content in written.findall(part):
        (tmp_path / file).write_text(content, "utf-8")
    ran = subprocess.run(
        [*COMMAND, "check", str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert len(list(tmp_path.iterdir())) == 6
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_tokens_file_of_the_operators_guide_is_read(tmp_path: Path) -> None:
    (example,) = blocks("deploy/README.md", "yaml", "## Who may call")
    file = tmp_path / "tokens.yaml"
    file.write_text(example.replace("TOKEN_SHA256", hashlib.sha256(b"token").hexdigest()), "utf-8")
    callers = load_callers(file)

    assert [(caller.actor, caller.desks) for caller in callers] == [
        ("phone-adapter", ["default"]),
        ("ticket-system", []),
    ]


@pytest.mark.parametrize(
    "command", [COMMAND, [str(Path(sys.executable).parent / "routing-service")]]
)
def test_command_that_init_tells_can_be_typed_as_it_is(tmp_path: Path, command: list[str]) -> None:
    words = ["init", "--folder", str(tmp_path), "--rules", str(RULES)]
    told = subprocess.run([*command, *words], capture_output=True, text=True, check=True).stdout
    line = told.splitlines()[-1].removeprefix("To serve with them: ")
    ran = subprocess.run(
        [*line.split(), "--help"], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert line.endswith(f" serve --config {tmp_path}/routing-service.yaml")
    assert ran.returncode == 0, ran.stderr


def test_person_at_a_terminal_is_told_where_it_listens_and_how_it_ends(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    flags = ["--data-folder", "memory:", "--metrics-listen", "", "--listen", address]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "serve", *flags, "--rules", f"default={RULES}"], stderr=theirs, cwd=tmp_path
    ) as serving:
        os.close(theirs)
        with os.fdopen(ours, "r", encoding="utf-8") as terminal:
            line = next(line for line in terminal if line.startswith("routing-service: "))
            serving.terminate()

    assert line.strip() == (f"routing-service: ready on {address} (no metrics), stop with Ctrl-C")
