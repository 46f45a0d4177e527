"""Every odd portal of the catalogue is visited for real, and becomes what the catalogue says."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest
from ruamel.yaml import YAML

from crawler.capture import Capture
from crawler.datafile import write_atomic
from dargah.console import show_verification, show_visits
from dargah.report import write_report
from dargah.results import FINDINGS
from dargah.runs import RunFolder
from dargah.steps import detect
from dargah.verification import verify_run
from dargah.visits import told
from indicators.records import Evidence, Finding, Place
from tests.odd.__main__ import ROOT, environment, table_for_docs
from tests.odd.catalogue import Odd, catalogue
from tests.odd.compare import differences
from tests.odd.server import Served, serve

PLAIN_AT_A_TIME, BROWSERS_AT_A_TIME = 6, 2
SECONDS = 280
MODEL = "un_five_stage"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Served]]]:
    """Visits all portals: the plain ones in one process, those that need a browser in another."""
    home = tmp_path_factory.mktemp("odd")
    with serve(catalogue(), home) as served:
        runs = [
            _begin(home, [odd.id for odd in catalogue() if odd.browser is browser], browser=browser)
            for browser in (False, True)
        ]
        for run in runs:
            _, errors = run.communicate(timeout=SECONDS)
            assert run.returncode == 0, errors[-4_000:]
        yield home, served


def _begin(home: Path, portals: list[str], *, browser: bool) -> subprocess.Popen[str]:
    surroundings = environment(home)
    if not browser:
        surroundings["DARGAH_CHROMIUM"] = os.devnull
    at_a_time = BROWSERS_AT_A_TIME if browser else PLAIN_AT_A_TIME
    return subprocess.Popen(
        [sys.executable, "-m", "tests.odd.visits", str(home / "agencies.yaml"), str(home / "captures"),
         str(at_a_time), *portals],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=surroundings, cwd=ROOT,
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("odd", catalogue(), ids=lambda odd: odd.id)
def test_an_odd_portal_becomes_what_the_catalogue_says(
    odd: Odd, visited: tuple[Path, dict[str, Served]]
) -> None:
    home, served = visited
    assert differences(served[odd.id], home / "captures" / odd.id, browser=odd.browser) == []


@pytest.mark.browser
@pytest.mark.slow
def test_what_a_hostile_portal_says_is_only_ever_text(
    visited: tuple[Path, dict[str, Served]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its titles, links and file names come into the report's pages and tables and onto the console, act in
    none of them, and name nothing on disk."""
    home, _ = visited
    run, portal = RunFolder(tmp_path / "run"), "hostile-names"
    shutil.copytree(home / "captures" / portal, run.portal(portal).capture)
    listed = YAML(typ="safe").load(home / "agencies.yaml")
    listed["agencies"] = [one for one in listed["agencies"] if one["id"] == portal]
    run.agencies.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    findings = {one.indicator: one for one in detect(run, portal, MODEL)} | quoting_all(run, portal)
    write_atomic(run.portal(portal).findings, FINDINGS.dump_json(list(findings.values())))
    write_report(run, MODEL, datetime.now(UTC), (), screenshots=False, progress=lambda _: None)
    show_visits([told(portal, run.portal(portal))])
    show_verification(verify_run("run", run, [portal]))

    written = {path.relative_to(run.report).as_posix(): path for path in run.report.rglob("*")}
    assert [name for name in written if not re.fullmatch(r"[\w.-]+(/[\w.-]+){0,3}", name, re.ASCII)] == []
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
    kinds = (".html", ".csv")
    texts = {name: path.read_text("utf-8-sig") for name, path in written.items() if path.suffix in kinds}
    for name, text in {**texts, "the console": "".join(capsys.readouterr())}.items():
        # A copy shows the portal's page as it is; what is ours says of it only what can be read.
        assert name.startswith("archive/") or not {"\x1b", "\x07", "\u202e"} & set(text), name
    said, cells = "", list[str]()
    for name, text in texts.items():
        if name.endswith(".csv"):
            cells += [cell for row in csv.reader(text.splitlines()) for cell in row]
            continue
        tree = lxml.html.fromstring(text.encode())
        said += tree.text_content()
        assert not tree.xpath("//@*[starts-with(name(), 'on')]"), name
        assert not [script for script in tree.iter("script") if "alert" in (script.text or "")], name
        links = [(element.tag, urlsplit(link).scheme) for element, _, link, _ in tree.iterlinks()]
        assert {scheme for _, scheme in links} <= {"", "http", "https", "data"}, name
        assert ("a", "data") not in links, name
    for words in ("<script>alert(1)</script>", "{{ 7*7 }}", "[red]markup[/]"):
        assert words in said
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def quoting_all(run: RunFolder, portal: str) -> dict[str, Finding]:
    """A "no" that lists every page of the capture by its title, and a "yes" that quotes every link."""
    with Capture(run.portal(portal).capture) as capture:
        places = tuple(Place(url=page.url, title=page.title) for page in capture.pages)
        quoted = tuple(
            Evidence(url=link.url, seen_at=capture.visit.started_at, kind="link", excerpt=link.text)
            for link in capture.links()
        )
    said = {"portal": portal, "confidence": 0.5, "detector": "test", "version": 1}
    found = (
        Finding.model_validate(said | {"indicator": "privacy_policy", "answer": "no", "visited": places}),
        Finding.model_validate(said | {"indicator": "contact_info", "answer": "yes", "evidence": quoted}),
    )
    return {finding.indicator: finding for finding in found}


def test_the_documentation_tells_of_every_odd_portal() -> None:
    assert table_for_docs() in (ROOT / "docs/crawling.md").read_text(encoding="utf-8")
