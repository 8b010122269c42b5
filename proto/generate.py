"""Generates routing_service/pb from the files beside it. No choice of names or types enters here.

protoc roots imports at the proto package (`from routing.v1 import ...`); Python needs them below
`routing_service.pb`. protoc writes no types for services; this adds them, for grpc.aio.

Usage: python proto/generate.py [--check] FOLDER
--check writes nothing and fails on a difference.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)
from grpc_tools import protoc

SOURCES = Path(__file__).parent
ROOT = "routing_service.pb"
INIT = '"""Generated from proto/ by `make proto`; never edited."""\n'
TYPES_HEAD = '''"""Types of the generated services, for grpc.aio only. Generated; never edited."""

from collections.abc import AsyncIterator, Awaitable

from grpc import aio

'''
SERVICE_TYPES = """
class {name}Stub:
    def __init__(self, channel: aio.Channel) -> None: ...
{callables}

class {name}Servicer:
{methods}

def add_{name}Servicer_to_server(servicer: {name}Servicer, server: aio.Server) -> None: ...
"""

PythonNames = Mapping[str, str]
"""Full proto name of a message -> `module.Name` in Python."""


def main() -> int:
    """Writes the generated tree, or compares it with what is there. 0 = done or the same."""
    parser = argparse.ArgumentParser(description="Generate Python from the proto files.")
    parser.add_argument("--check", action="store_true", help="only compare with what is there")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    made = generate()
    if asked.check:
        return report(sorted(differing(asked.folder, made)))
    write(asked.folder, made)
    return 0


def generate() -> dict[Path, str]:
    """Relative path -> text of every generated file."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        described = run_protoc(folder)
        made = {path.relative_to(folder): reroot(path.read_text()) for path in generated(folder)}
    names = dict(python_names(described))
    for file in described.file:
        stem = file.name.removesuffix(".proto")
        if file.service:
            made[Path(f"{stem}_pb2_grpc.pyi")] = service_types(file, names)
        else:
            made.pop(Path(f"{stem}_pb2_grpc.py"))  # protoc writes an empty one
    packages = {parent for path in made for parent in path.parents}
    return made | {package / "__init__.py": INIT for package in packages}


def run_protoc(folder: Path) -> FileDescriptorSet:
    """Puts Python files and their types into the folder; answers our files' descriptors."""
    sources = sorted(str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.proto"))
    includes = [f"-I{SOURCES}", f"-I{files('grpc_tools') / '_proto'}"]
    described = folder / "described"
    outs = [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
    outs.append(f"--descriptor_set_out={described}")
    if status := protoc.main(["protoc", *includes, *outs, *sources]):
        raise SystemExit(status)
    return FileDescriptorSet.FromString(described.read_bytes())


def generated(folder: Path) -> Iterator[Path]:
    """The Python files and their types below a folder."""
    return (path for path in folder.rglob("*") if path.suffix in {".py", ".pyi"})


def reroot(text: str) -> str:
    """The same with imports of our own packages below ROOT; those of google.protobuf stay."""
    return re.sub(r"^from routing\.", f"from {ROOT}.routing.", text, flags=re.MULTILINE)


def python_names(described: FileDescriptorSet) -> Iterator[tuple[str, str]]:
    """Pairs for PythonNames, of every message that is not nested."""
    for file in described.file:
        module = Path(file.name).stem + "_pb2"
        for message in file.message_type:
            yield f".{file.package}.{message.name}", f"{module}.{message.name}"


def service_types(file: FileDescriptorProto, names: PythonNames) -> str:
    """The types beside the _pb2_grpc.py of a file."""
    body = "\n".join(typed_service(service, names) for service in file.service)
    modules = sorted(set(re.findall(r"\b(\w+_pb2)\.", body)))
    return TYPES_HEAD + f"from {ROOT}.{file.package} import {', '.join(modules)}\n" + body


def typed_service(service: ServiceDescriptorProto, names: PythonNames) -> str:
    """Stub, servicer and registration of one service."""
    return SERVICE_TYPES.format(
        name=service.name,
        callables="\n".join(typed_callable(method, names) for method in service.method),
        methods="\n".join(typed_method(method, names) for method in service.method),
    )


def typed_callable(method: MethodDescriptorProto, names: PythonNames) -> str:
    """The attribute of a stub that calls the method."""
    pair = f"{names[method.input_type]}, {names[method.output_type]}"
    ask = "Stream" if method.client_streaming else "Unary"
    answer = "Stream" if method.server_streaming else "Unary"
    return f"    {method.name}: aio.{ask}{answer}MultiCallable[{pair}]"


def typed_method(method: MethodDescriptorProto, names: PythonNames) -> str:
    """The method a servicer overrides: a coroutine, for answer streams also a generator."""
    ask, answer = names[method.input_type], names[method.output_type]
    request = f"request: {ask}"
    if method.client_streaming:
        request = f"request_iterator: AsyncIterator[{ask}]"
    result = f"Awaitable[{answer}]"
    if method.server_streaming:
        result = f"AsyncIterator[{answer}] | Awaitable[None]"
    context = f"context: aio.ServicerContext[{ask}, {answer}]"
    return f"    def {method.name}(self, {request}, {context}) -> {result}: ..."


def differing(folder: Path, made: Mapping[Path, str]) -> Iterator[Path]:
    """Files that are missing, other or too many in the folder."""
    there = {path.relative_to(folder) for path in generated(folder)}
    for path in there | made.keys():
        if path not in there or made.get(path) != (folder / path).read_text():
            yield path


def report(paths: list[Path]) -> int:
    """Names the differing files. 0 = none."""
    for path in paths:
        print(f"{path} is not what proto/ generates; run `make proto`.", file=sys.stderr)
    return 1 if paths else 0


def write(folder: Path, made: Mapping[Path, str]) -> None:
    """Makes the folder hold exactly the generated files."""
    for path in differing(folder, made):
        if path not in made:
            (folder / path).unlink()
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(made[path])


if __name__ == "__main__":
    sys.exit(main())
