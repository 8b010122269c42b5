"""The budgets of the code: what no reviewer should have to count. Imports have their contracts."""

import ast
import statistics
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "routing_service"
GENERATED = PACKAGE / "pb"
FILE_LINES, FUNCTION_LINES, MEDIAN_FILE_LINES, MEDIAN_FUNCTION_LINES = 300, 40, 140, 12

SAY_NOTHING = {"utils", "util", "manager", "data", "info", "helper", "helpers"}
SAY_NOTHING |= {"impl", "common", "misc"}

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(GENERATED))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code and comment: a docstring is no reason to split a function."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    prose = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - prose


def imported(tree: ast.Module) -> set[str]:
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names | froms}


def test_there_are_modules_to_look_at() -> None:
    assert PACKAGE / "core" / "decide.py" in MODULES


def test_every_file_fits_on_a_few_screens() -> None:
    lines = {named(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}

    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{named(path)}:{function.lineno} {function.name}": length(function)
        for path in MODULES
        for function in functions(TREES[path])
    }

    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [named(path) for path in MODULES if not ast.get_docstring(TREES[path])] == []


def test_all_imports_are_absolute() -> None:
    relative = [
        f"{named(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative == []


def test_every_module_name_says_more_than_that_it_helps() -> None:
    assert [named(path) for path in MODULES if path.stem in SAY_NOTHING] == []


def test_core_imports_only_the_standard_library_and_msgspec() -> None:
    allowed = sys.stdlib_module_names | {"msgspec", "routing_service"}
    core = [path for path in MODULES if "core" in path.parts]
    strange = {named(path): imported(TREES[path]) - allowed for path in core}

    assert {name: modules for name, modules in strange.items() if modules} == {}


def test_files_and_functions_stay_small_in_the_middle_too() -> None:
    files = [len(path.read_text("utf-8").splitlines()) for path in MODULES]
    lengths = [length(function) for tree in TREES.values() for function in functions(tree)]

    assert statistics.median(files) <= MEDIAN_FILE_LINES
    assert statistics.median(lengths) <= MEDIAN_FUNCTION_LINES


def test_all_generated_code_says_that_it_is_generated() -> None:
    generated = sorted(GENERATED.rglob("*.py"))
    heads = {named(path): path.read_text("utf-8")[:400] for path in generated}

    assert len(heads) > 0
    assert [name for name, head in heads.items() if "enerated" not in head] == []
