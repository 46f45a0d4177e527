"""Whole portals in many languages, as agencies there build them, judged by the detectors: what they show, and
hollow ones that only use the words. Each is a file in ``portals``, laid out as `OnTrial` says."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import BaseModel, ConfigDict

from crawler.datafile import load_yaml
from indicators.detector import all_detectors, judged
from indicators.model import load_model
from tests.indicators.make_capture import PageSpec, page, site_of

HINTS = [all_detectors()[i.id] for i in load_model().indicators if i.mode == "hint"]
PORTALS = sorted(Path(__file__).with_name("portals").glob("*.yaml"))


class Seen(BaseModel):
    """A page: what stands in the frame; its title is its heading, its language the portal's, if not given."""

    model_config = ConfigDict(extra="forbid")

    body: str
    title: str | None = None
    lang: str | None = None
    head: str | None = None


class OnTrial(BaseModel):
    """A portal and what a careful assessor answers. Pages are named by their paths, the home page first."""

    model_config = ConfigDict(extra="forbid")

    lang: str
    start: str
    frame: str = "{content}"
    """What stands around every page's body."""
    head: str = ""
    archived: bool = False
    """True for a saved copy, without its scripts and headers."""
    pages: dict[str, Seen]
    missing: list[str] = []
    """Addresses that answer with 404."""
    files: dict[str, tuple[str, str]] = {}
    """Documents: media type, first characters."""
    expected: dict[str, str | list[str | None] | None]
    """The answer of each indicator that the portal was made to show; a list where several are right."""
    hints: list[str] | None = None
    """The indicators at which a portal can only hint and this one does; it is silent about all others."""


@pytest.mark.parametrize("path", PORTALS, ids=lambda path: path.stem)
def test_a_portal_is_judged_as_an_assessor_would(path: Path, tmp_path: Path) -> None:
    portal = load_yaml(path, OnTrial)
    pages: dict[str, PageSpec] = {
        _address(address): page(
            portal.frame.replace("{content}", seen.body),
            title=_heading(seen.body) if seen.title is None else seen.title,
            lang=seen.lang or portal.lang,
            head=portal.head if seen.head is None else seen.head,
        )
        for address, seen in portal.pages.items()
    }
    pages |= {_address(address): ("http_error", "") for address in portal.missing}
    files = {_address(address): file for address, file in portal.files.items()}
    detectors = all_detectors()
    with site_of(tmp_path, pages, start=portal.start, files=files, archived=portal.archived) as site:
        assert site.language == portal.lang.partition("-")[0]
        given = {name: judged(detectors[name], site) for name in portal.expected}
        seen = {one.indicator: verdict for one in HINTS if (verdict := judged(one, site)).suggests}
    wrong = [
        f"{name}: {portal.expected[name]} wanted, {verdict.answer} given: "
        f"{verdict.reason or [e.excerpt for e in verdict.evidence] or [p.url for p in verdict.visited]}"
        for name, verdict in given.items()
        if verdict.answer not in _accepted(portal.expected[name])
    ]
    if portal.hints is not None and set(seen) != set(portal.hints):
        wrong.append(f"hints: {portal.hints} wanted, given:")
        wrong += [f"  {name}: {[(e.url, e.excerpt) for e in v.evidence]}" for name, v in seen.items()]
    assert not wrong, "\n".join(wrong)
    for name, verdict in given.items():
        assert verdict.answer is None or verdict.evidence or verdict.visited, name


def _accepted(answer: str | list[str | None] | None) -> list[str | None]:
    return answer if isinstance(answer, list) else [answer]


def _heading(body: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body)
    return found[1] if found else "Portal"


def _address(path: str) -> str:
    """As a browser asks for it."""
    return quote(path, safe="/?=&%:;,@")
