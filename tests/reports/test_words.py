"""What detectors write for readers has words in Persian. What they can write is read from their source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import indicators
from indicators.detectors import (
    accessibility_standards,
    display_personalization,
    display_standards,
    mobile_site_quality,
    portal_security,
    service_process_presented,
)
from reports.pages import Pages, Site, Witnesses
from reports.words import Words
from tests.reports.sample import sample

ROOM = Path(indicators.__file__).parent
SOURCES = {
    path.stem: ast.parse(path.read_text(encoding="utf-8"))
    for path in [ROOM / "detector.py", *sorted((ROOM / "detectors").glob("*.py"))]
}

BLANK = "https://portal.example/a"
"""Stands for what is put into a sentence: an address or a number may."""

NOTE_AT = {
    "text_evidence": 3,
    "link_evidence": 3,
    "form_evidence": 3,
    "form_shown": 3,
    "image_evidence": 3,
    "script_evidence": 4,
    "file_evidence": 1,
    "sitemap_evidence": 2,
    "markup_evidence": 4,
}
"""Where the note stands among the arguments of what makes evidence."""

CHECKS = (
    *("indexable_share", "unique_titles_share", "sitemap_addresses", "one_host", "missing_page_status"),
    *("language_share", "structured_share"),
    *("nonsense_answer", "misspelt_answer"),
)
OPEN = {
    ("navigation_quality", "name"): ("menu_likeness_share", "place_share", "way_home_share", "help_share"),
    ("navigation_quality", "lacking"): ("no_current_place", "no_way_home", "no_search_or_site_map"),
    ("_checks", "name"): CHECKS,
    ("_account", "concept"): ("personal_area", "personal_edit"),
    ("_dialogue", "meant"): ("question", "contact", "feedback", "complaint"),
    ("_dialogue", "purpose"): ("question", "complaint"),
    ("_measured", "one.name"): (
        *("ttfb", "lcp", "transfer_bytes"),
        *mobile_site_quality.METRICS,
        *accessibility_standards.WITNESSES,
        *display_standards.WITNESSES,
    ),
    ("app_multi_os", "system"): ("android", "ios", "web"),
    ("contact_info", "kind"): ("telephone", "address", "email"),
    ("display_personalization", "kind"): display_personalization.KINDS,
    ("display_standards", "name"): display_standards.POINTS,
    ("download_speed", "name"): ("ttfb", "lcp", "transfer_bytes"),
    ("information_quality", "concept"): ("duties", "reports", "plans", "blank_form"),
    ("information_quality", "name"): (
        *("profile", "duties", "services", "forms", "news"),
        *("reports", "plans", "contacts", "help", "access"),
    ),
    ("mobile_site_quality", "name"): tuple(mobile_site_quality.WITNESSES),
    ("open_data_security", "concept"): ("data_integrity", "access_key"),
    ("portal_security", "check"): portal_security.CHECKS,
    ("portal_security", "note"): portal_security.CHECKS,
    ("service_process_presented", "aspect.concept"): service_process_presented.ASPECTS,
}
"""Words that a note or a detail's name takes from a variable: (module, expression) and what it may be."""

PASSED_ON = {("_checks", "note"), ("_forms", "note"), ("detector", "note")}
"""Arguments that a helper only hands on; its callers are looked at instead."""


class UnknownWordsError(Exception):
    pass


def said(module: str, node: ast.expr, *, closed: bool) -> set[str]:
    """Every text that an expression can be. A variable stands for the texts assigned to it; where there are
    none, `closed` asks for an entry in OPEN, and otherwise it is a blank."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Constant():
            return set()
        case ast.JoinedStr(values=parts):
            pieces = [
                said(module, p.value if isinstance(p, ast.FormattedValue) else p, closed=closed) - {""}
                or {BLANK}
                for p in parts
            ]
            return {"".join(choice) for choice in product(*pieces)}
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            ends = product(said(module, left, closed=closed), said(module, right, closed=closed))
            return {a + b for a, b in ends}
        case ast.Subscript(value=text, slice=ast.Slice()):
            return said(module, text, closed=closed)
        case ast.IfExp(body=one, orelse=other):
            return said(module, one, closed=closed) | said(module, other, closed=closed)
        case ast.BoolOp(values=parts):
            return {text for part in parts for text in said(module, part, closed=closed)}
        case ast.Call(func=ast.Name(id=name)) if returned := list(returns(name)):
            return {text for where, value in returned for text in said(where, value, closed=closed)}
    key = (module, ast.unparse(node))
    if key in OPEN:
        return set(OPEN[key])
    assigned = [value for value in assignments(module, key[1]) if value is not node]
    if assigned:
        return {text for value in assigned for text in said(module, value, closed=closed)}
    if closed:
        raise UnknownWordsError(
            f"indicators/detectors/{module}.py, line {node.lineno}: name in OPEN what {key[1]!r} may be"
        )
    return {BLANK}


def returns(function: str) -> Iterator[tuple[str, ast.expr]]:
    for module, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                found = (n.value for n in ast.walk(node) if isinstance(n, ast.Return))
                yield from ((module, value) for value in found if value is not None)


def assignments(module: str, name: str) -> Iterator[ast.expr]:
    tree = SOURCES[module]
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
    imported = {
        alias.name: found.module.rpartition(".")[2]
        for found in ast.walk(tree)
        if isinstance(found, ast.ImportFrom) and found.module
        for alias in found.names
    }
    if (home := imported.get(name)) in SOURCES and home != module:
        yield from assignments(home, name)


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    for module, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield module, node.func.id, node


def argument(call: ast.Call, name: str, at: int | None = None) -> ast.expr | None:
    by_name = next((k.value for k in call.keywords if k.arg == name), None)
    if by_name is None and at is not None and len(call.args) > at:
        return call.args[at]
    return by_name


def reasons() -> set[str]:
    found = set()
    for module, name, call in calls():
        at = {"place": 1, "Place": None, "not_observable": 0, "unseen": 1}.get(name, -1)
        node = argument(call, "reason", at) if at != -1 else None
        if node is not None:
            found |= said(module, node, closed=False)
    return found - {"", BLANK}


def notes() -> set[str]:
    found = set()
    for module, name, call in calls():
        if name in NOTE_AT or name == "Evidence":
            node = argument(call, "note", NOTE_AT.get(name))
            assert node is not None, f"{module}: line {call.lineno}: evidence without a note"
            if (module, ast.unparse(node)) not in PASSED_ON:
                found |= said(module, node, closed=True)
    return found


def details() -> set[str]:
    found = set()
    for module, tree in SOURCES.items():
        tables: list[ast.expr] = [
            k.value for _, _, c in calls_in(tree) for k in c.keywords if k.arg == "details"
        ]
        variables = {node.id for node in tables if isinstance(node, ast.Name)}
        for node in ast.walk(tree):
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    if name in variables or ast.unparse(node.annotation) == "Details":
                        variables.add(name)
                        tables.append(value)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in variables:
                    tables.append(value)
        keys: list[ast.expr] = [
            node.slice
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id in variables
        ]
        for table in tables:
            match table:
                case ast.Dict(keys=own, values=values):
                    keys += [key for key in own if key is not None]
                    inner = [v for k, v in zip(own, values, strict=True) if k is None]
                    keys += [v.key for v in inner if isinstance(v, ast.DictComp)]
                    assert all(isinstance(v, ast.DictComp) for v in inner), module
                case ast.DictComp(key=key):
                    keys.append(key)
        for key in keys:
            found |= said(module, key, closed=True)
    return found


def calls_in(tree: ast.Module) -> Iterator[tuple[str, str, ast.Call]]:
    yield from (("", "", node) for node in ast.walk(tree) if isinstance(node, ast.Call))


OURS = re.compile(
    r"<bdi[^>]*>(?:https://portal\.example/a|lcp|\d+)</bdi>|robots\.txt|HTTP|viewport|iOS|XML|TTFB"
)


def untranslated(shown: str) -> bool:
    """Whether Latin letters are left beside the names that Persian keeps and what was put into a blank."""
    return bool(re.search(r"[A-Za-z]{2,}", OURS.sub("", shown)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    report, _ = sample(tmp_path_factory.mktemp("words"))
    return Pages(report, Witnesses(), Site(("fa", "en")), "fa", {})


def test_every_reason_of_a_detector_has_persian_words(pages: Pages) -> None:
    every = reasons()
    assert len(every) > 50
    assert sorted(text for text in every if untranslated(str(pages.reason(text)))) == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_note_of_an_evidence_has_words(language: str) -> None:
    every = notes()
    assert len(every) > 80
    assert sorted(every - set(Words(language).tree["shows"])) == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_name_of_a_detail_has_words(language: str) -> None:
    every = details()
    assert len(every) > 30
    assert sorted(every - set(Words(language).tree["detail"])) == []
