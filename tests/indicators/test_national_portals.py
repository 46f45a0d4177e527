"""Whole portals as they are built in each country, judged by every detector: what they show, and hollow ones
that only use the words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from crawler.datafile import load_yaml
from indicators.detector import all_detectors, run
from indicators.site import Site
from tests.indicators.make_capture import page, site_of

FOLDER = Path(__file__).with_name("national")
PORTALS = sorted(FOLDER.glob("*.yaml"))


class Portals(BaseModel):
    """`portal` and `hollow`: path -> what stands in the frame; `answers`: what a careful assessor says."""

    model_config = ConfigDict(extra="forbid")

    start: str
    frame: str
    portal: dict[str, str]
    files: dict[str, tuple[str, str]] = {}
    answers: dict[str, str | None]
    hollow: dict[str, str]
    hollow_frame: str = "{body}"
    hollow_answers: dict[str, str | None]


def judged(site: Site) -> dict[str, Any]:
    return {name: run(one, site) for name, one in all_detectors().items()}


@pytest.mark.parametrize("path", PORTALS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["portal", "hollow"])
def test_a_portal_is_judged_as_an_assessor_would(path: Path, kind: str, tmp_path: Path) -> None:
    data = load_yaml(path, Portals)
    full = kind == "portal"
    language = path.stem.split("_")[0]
    frame, bodies = (data.frame, data.portal) if full else (data.hollow_frame, data.hollow)
    pages = {
        where: page(frame.replace("{body}", body), title=_title(body), lang=language)
        for where, body in bodies.items()
    }
    options = {"start": data.start, "files": data.files if full else {}}
    with site_of(tmp_path, pages, **options) as site:
        assert site.language == language
        findings = judged(site)
    expected = data.answers if full else data.hollow_answers
    wrong = {
        name: (
            findings[name].answer,
            answer,
            findings[name].reason or [e.excerpt for e in findings[name].evidence],
        )
        for name, answer in expected.items()
        if findings[name].answer != answer
    }
    assert not wrong, "\n".join(f"{name}: {says}" for name, says in wrong.items())


def _title(body: str) -> str:
    head = body.partition("<h1>")[2].partition("</h1>")[0]
    return head or "Portal"
