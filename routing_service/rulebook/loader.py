"""Loads rulebooks: files to trees, trees to values, or every finding at once."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from routing_service.rulebook import digest, files, reading
from routing_service.rulebook.compile import compile_rulebook
from routing_service.rulebook.findings import Findings, RulebookInvalid
from routing_service.rulebook.messages import DEFAULT_LANGUAGE
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.schema import check_form
from routing_service.rulebook.tree import Node, Place


def load_pack(folder: Path, language: str = "") -> Rulebook:
    """Load the rule pack of a folder; RulebookInvalid with every finding when it has errors.

    `language` of the findings: "en" or "zh"; empty = what the pack's own `lang` says.
    """
    findings = Findings()
    return _load(files.read_folder(folder, findings), findings, language)


def load_source(source: bytes, language: str = "") -> Rulebook:
    """Load a rulebook from the bundle that `Rulebook.source` holds; the digest is the same."""
    findings = Findings()
    try:
        sent = digest.unbundle(source)
    except msgspec.DecodeError:
        findings.add("RB119", Place("source"))
        sent = {}
    else:
        files.check_names(sent, findings)
    contents = {name: sent[name] for name in sent if name in files.KNOWN}
    return _load(contents, findings, language)


def _load(contents: Mapping[str, bytes], findings: Findings, language: str) -> Rulebook:
    trees = reading.trees(contents, findings)
    told = language or _language(trees)
    _stop_if_failed(findings, told)
    for name, tree in trees.items():
        check_form(tree, name.removesuffix(".yaml"), findings)
    _stop_if_failed(findings, told)
    rulebook = compile_rulebook(trees, digest.canonical(contents), findings)
    if rulebook is None:
        raise RulebookInvalid(findings.told(told))
    return rulebook.warned(findings.told(told))


def _stop_if_failed(findings: Findings, language: str) -> None:
    if findings.failed:
        raise RulebookInvalid(findings.told(language))


def _language(trees: Mapping[str, Node]) -> str:
    pack = trees.get("pack.yaml")
    found = pack.get("lang") if pack is not None else None
    return found.text if found is not None else DEFAULT_LANGUAGE
