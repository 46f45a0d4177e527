"""The whole road on the demo province: from agencies.yaml to a report, with one portal down.

One audit serves all tests of this file; the portals are gone by the time the tests run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from crawler.capture import Capture
from dargah.cli import app
from dargah.results import read_findings
from dargah.runs import RunFolder
from demo.province import PORTALS, Province
from indicators.detector import all_detectors
from indicators.evaluate import compare, read_labels
from indicators.model import load_model
from indicators.scoring import PortalScores

DEMO = Path(__file__).parents[1] / "demo" / "portals"
PORTAL_IDS = [s.id for s in PORTALS if s.id != "gateway"]

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(900)]


class Road(NamedTuple):
    home: Path
    status: int
    said: dict[str, Any]
    run: RunFolder


def dargah(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dargah", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=800, check=False)


def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def add_down_portal(agencies: Path) -> None:
    yaml = YAML()
    content = yaml.load(agencies.read_text(encoding="utf-8"))
    content["agencies"].append(
        {
            "id": "down",
            "names": {"fa": "درگاه خاموش", "en": "Silent portal"},
            "kind": "organisation",
            "start": f"http://127.0.0.1:{closed_port()}/",
        }
    )
    with agencies.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    folder = tmp_path_factory.mktemp("road")
    with Province(ports="free") as province:
        agencies = province.agencies_file(folder)
        add_down_portal(agencies)
        for portal in PORTAL_IDS:
            answers = [DEMO / portal / "questionnaire.csv", "--agency", portal, "--agencies", agencies]
            command = ["questionnaire", "import", *answers, "--home", folder / "runs"]
            imported = CliRunner().invoke(app, [*map(str, command)])
            assert imported.exit_code == 0, imported.stderr
        done = dargah("audit", agencies, "--home", folder / "runs", "--no-lighthouse", "--json")
    assert done.stdout, done.stderr
    said = json.loads(done.stdout)
    yield Road(folder / "runs", done.returncode, said, RunFolder(folder / "runs" / said["id"]))


def test_a_portal_that_is_down_is_named_and_the_others_go_on(road: Road) -> None:
    assert road.status == 1
    assert set(road.said["unobserved"]) == {"down"} and road.said["unobserved"]["down"]
    assert road.said["failed"] == []
    assert road.said["state"] == "finished"
    findings = read_findings(road.run.portal("down").findings)
    assert findings and all(f.answer is None and f.reason for f in findings)


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_every_detected_indicator_agrees_with_the_truth(road: Road, portal: str) -> None:
    findings = read_findings(road.run.portal(portal).findings)
    model = load_model()
    labels = read_labels(DEMO / portal / "truth.yaml", model)
    rows = [r for r in compare(portal, findings, labels, model) if r.indicator in all_detectors()]
    assert len(rows) == sum(model.may_settle(indicator) for indicator in all_detectors())
    wrong = [f"{r.indicator}: found {r.answer}, truth {r.label}" for r in rows if not r.agree]
    assert not wrong, "\n".join(wrong)


HINTS = {
    "planning": {
        "personal_data_access", "personal_data_update", "egov_strategy", "implementation_metrics",
        "emerging_tech_strategy", "vulnerable_access_strategy", "digital_transformation_strategy",
        "eparticipation_strategy", "social_media_strategy", "data_driven_strategy", "once_only_strategy",
        "system_integration_strategy", "satisfaction_evaluated", "satisfaction_stats_collected",
        "satisfied_users_share", "open_data_security",
    },
    "roads": {"usage_stats_collected", "internal_network", "address_change_notice"},
    "agriculture": {"usage_stats_collected", "internal_network"},
    "welfare": {"personal_data_access", "satisfaction_evaluated", "satisfied_users_share"},
    "water": {"open_data_security"},
}  # fmt: skip
"""What the portals were built to hint at. The truth files leave it out: only the agency knows the answers."""


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_what_a_portal_only_hints_at_is_told_and_never_answered(road: Road, portal: str) -> None:
    model = load_model()
    hints = [f for f in read_findings(road.run.portal(portal).findings) if not model.may_settle(f.indicator)]
    assert len(hints) == 24
    assert all(f.answer is None for f in hints)
    assert {f.indicator for f in hints if f.suggests} >= HINTS.get(portal, set())


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_every_excerpt_stands_on_the_archived_page_that_it_names(road: Road, portal: str) -> None:
    folder = road.run.portal(portal)
    shown: dict[str, str] = {}
    checked = 0
    with Capture(folder.capture) as capture:
        for finding in read_findings(folder.findings):
            for evidence in finding.evidence:
                if evidence.kind != "text" or not evidence.warc_record:
                    continue
                if (record := evidence.warc_record) not in shown:
                    page = next(p for p in capture.pages if p.record_id == record)
                    shown[record] = fold(visible_text(capture.html(page)))
                assert fold(evidence.excerpt) in shown[record], (finding.indicator, evidence)
                checked += 1
    assert checked


@pytest.mark.parametrize("portal", PORTAL_IDS)
def test_scores_are_within_their_ranges_and_know_both_sides(road: Road, portal: str) -> None:
    scores = PortalScores.model_validate_json(road.run.portal(portal).scores.read_bytes())
    for stage in load_model().stages:
        for points in scores.stages[stage.id].values():
            assert 0 <= points.low <= points.points <= points.high <= points.maximum + 3
    assert any(i.self_reported for i in scores.items.values())
    assert any(i.automatic for i in scores.items.values())


def test_judging_again_offline_gives_the_same_bytes(road: Road) -> None:
    before = digest(road.run.path)
    for _ in range(2):
        for step in ("detect", "score", "report"):
            done = dargah(step, road.said["id"], "--home", road.home, "--json")
            assert done.returncode == 1, done.stderr  # the silent portal is still silent
        assert digest(road.run.path) == before


def test_the_report_opens_from_disk_and_every_link_in_it_leads_somewhere(road: Road) -> None:
    report = road.run.report
    pages = list(report.rglob("*.html"))
    assert len(pages) > 7 * 2 * len(all_detectors())
    broken = set()
    for page in pages:
        if "archive" in page.relative_to(report).parts:
            continue
        for target in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith(("mailto:", "data:", "tel:")):
                place = (page.parent / target.replace("&amp;", "&")).resolve()
                if not place.exists():
                    broken.add(f"{page.relative_to(report)} -> {target}")
    assert not broken, sorted(broken)[:10]


def test_runs_lists_the_run_with_its_steps(road: Road) -> None:
    listed = json.loads(dargah("runs", "--home", road.home, "--json").stdout)["runs"]
    (run,) = [r for r in listed if r["id"] == road.said["id"]]
    assert run["portals"] == [*PORTAL_IDS, "down"]
    assert {s["step"] for s in run["steps"]} == {"crawl", "measure", "detect", "score", "report"}


def test_a_killed_audit_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Province(ports="free", only=["roads"]) as province:
        agencies = province.agencies_file(tmp_path)
        home = tmp_path / "runs"
        command = [sys.executable, "-m", "dargah", "audit", agencies, "--home", home, "--no-lighthouse"]
        audit = subprocess.Popen([*map(str, command), "--no-screenshots"], stderr=subprocess.DEVNULL)
        capture = wait_for_pages(home, 3)
        audit.kill()  # the worker must notice by itself
        audit.wait()
        with Capture(capture) as interrupted:
            assert not interrupted.visit.complete
        run_id = json.loads(dargah("runs", "--home", home, "--json").stdout)["runs"][0]["id"]
        done = dargah(
            "audit", "--run", run_id, "--home", home, "--no-lighthouse", "--no-screenshots", "--json"
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "finished"
    with Capture(capture) as finished:
        assert finished.visit.complete
        addresses = [p.url for p in finished.pages]
        assert len(addresses) == len(set(addresses)) > 20


def wait_for_pages(home: Path, count: int) -> Path:
    """The capture's folder, once it holds some pages."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        for database in home.glob("*/portals/roads/capture/capture.sqlite"):
            with contextlib.suppress(sqlite3.OperationalError):
                db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
                (pages,) = db.execute("SELECT COUNT(*) FROM pages").fetchone()
                db.close()
                if pages >= count:
                    return database.parent
        time.sleep(0.02)
    raise AssertionError("the visit did not begin")


def digest(folder: Path) -> dict[str, str]:
    """Hashes of what judging writes: findings, scores and the report."""
    names = [*folder.glob("portals/*/findings.json"), *folder.glob("portals/*/scores.json")]
    names += [p for p in (folder / "report").rglob("*") if p.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(names)}


def fold(text: str) -> str:
    """White space aside: a parser may see a space between two elements where a reader sees none."""
    return "".join(text.split())


def visible_text(html: str) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    for hidden in soup(["script", "style", "noscript", "template"]):
        hidden.decompose()
    return soup.get_text(" ")
