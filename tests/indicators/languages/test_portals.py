"""Small portals in many languages, as agencies really build them, with what an assessor would answer.

A portal is a file in ``portals``: its `frame` (with ``{content}``) stands around the `body` of every page;
`missing` are addresses that answer with 404; `files` are documents (type, first characters). `expected` holds
the answer of each indicator the portal was made to show; a list where several are right.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ruamel.yaml import YAML

from indicators.detector import all_detectors, judged
from tests.indicators.make_capture import PageSpec, page, site_of

FOLDER = Path(__file__).parent / "portals"


def read(path: Path) -> dict[str, Any]:
    portal: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return portal


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_portal_is_judged_as_an_assessor_would(path: Path, tmp_path: Path) -> None:
    portal = read(path)
    frame = portal.get("frame", "{content}")
    pages: dict[str, PageSpec] = {
        _address(address): page(
            frame.replace("{content}", seen["body"]),
            title=seen.get("title", ""),
            lang=seen.get("lang", portal["lang"]),
            head=seen.get("head", portal.get("head", "")),
        )
        for address, seen in portal["pages"].items()
    }
    pages |= {_address(address): ("http_error", "") for address in portal.get("missing", ())}
    files = {_address(address): (kind, head) for address, (kind, head) in portal.get("files", {}).items()}
    with site_of(tmp_path, pages, start=portal["start"], files=files) as site:
        given = {name: judged(all_detectors()[name], site) for name in portal["expected"]}
    wrong = {
        name: (verdict.answer, verdict.reason, [e.excerpt for e in verdict.evidence])
        for name, verdict in given.items()
        if verdict.answer not in _accepted(portal["expected"][name])
    }
    assert not wrong, "\n".join(f"{name}: {portal['expected'][name]} wanted, {wrong[name]}" for name in wrong)
    for name, verdict in given.items():
        assert verdict.answer is None or verdict.evidence or verdict.visited, name


def _accepted(answer: str | list[str] | None) -> list[str | None]:
    return list(answer) if isinstance(answer, list) else [answer]


def _address(path: str) -> str:
    """As a browser asks for it."""
    return quote(path, safe="/?=&%")
