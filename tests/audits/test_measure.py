"""Measuring a portal: what is kept, what is skipped, what is tried again, and one portal at a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from loopback import Site, closed_port, html, raw, serve

from audits import accessibility, display
from audits.lighthouse import METRICS, LighthouseUnavailableError, find_lighthouse, run_lighthouse
from audits.lock import machine_lock
from audits.measure import DEVICES, FILE, load_measurements, measure
from audits.records import Measurements
from audits.vitals import metrics_of
from crawler.browser import BrowserPolicy
from crawler.capture import Capture, Outcome, Page, Visit
from crawler.portal import Names, Portal
from crawler.writer import CaptureWriter

PAGES = {
    "/": html("<h1>درگاه</h1><p>خانه</p>"),
    "/contact": html("<p>تماس با ما</p>"),
    "/robots.txt": raw(b"User-agent: *\n", "text/plain"),
}
NOW = datetime(2025, 1, 1, tzinfo=UTC)
EXPECTED = {
    "phone": set(metrics_of("phone")),
    "desktop": {*metrics_of("desktop"), *accessibility.METRICS, *display.METRICS},
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(PAGES) as running:
        yield running


def portal(start: str) -> Portal:
    names = Names(fa="یک", en="One")
    return Portal(id="one", names=names, kind="office", start=start, allow_private=True, confined=True)


def visited(
    folder: Path, target: Portal, *, final: str = "", outcome: Outcome = "ok", reason: str = ""
) -> Path:
    """A capture of the start page alone."""
    page = Page(
        id=1,
        url=target.start,
        final_url=final or target.start,
        status=200 if outcome == "ok" else None,
        outcome=outcome,
        reason=reason,
        fetched_at=NOW,
        seconds=0.1,
        media_type="text/html",
        charset="utf-8",
        language="fa",
        depth=0,
        title="",
        found_by="start",
        found_on=None,
        mode="plain",
        record_id="",
        bytes=1,
        text_length=1,
    )
    visit = Visit(
        portal=target.id,
        started_at=NOW,
        finished_at=NOW,
        outcome=outcome,
        reason=reason,
        complete=True,
        stopped_by="",
        footprint=None,
    )
    with CaptureWriter(folder, target) as writer, writer.commit():
        writer.add(page)
        writer.save_visit(visit)
    return folder


def run(
    target: Portal, capture: Path, folder: Path, *key_pages: str, lighthouse: bool = False
) -> Measurements:
    with Capture(capture) as read:
        return measure(target, read, folder, lighthouse=lighthouse, key_pages=key_pages)


@pytest.mark.browser
def test_home_and_key_pages_are_measured_on_both_devices_and_kept(site: Site, tmp_path: Path) -> None:
    target = portal(site.url())
    capture = visited(tmp_path / "capture", target)
    result = run(target, capture, tmp_path / "out", site.url("/contact"), site.url("/gone"), site.url())
    assert load_measurements(tmp_path / "out") == result
    assert result.portal == "one"
    assert result.chromium.partition(".")[0].isdigit()
    for path in ("/", "/contact"):
        for device in DEVICES:
            values = {
                item.name: item.value
                for item in result.measurements
                if (item.url, item.device) == (site.url(path), device)
            }
            assert set(values) == EXPECTED[device]
            assert all(value is not None for name, value in values.items() if name != "menu_opens")
        (axe,) = (one for one in result.accessibility if one.url == site.url(path))
        (shown,) = (one for one in result.display if one.url == site.url(path))
        assert (axe.reason, shown.reason, shown.language) == ("", "", "fa")
        assert {rule.outcome for rule in axe.rules} >= {"passed", "not_applicable"}
        pictures = {one.shows: one.path for one in result.pictures if one.url == site.url(path)}
        assert (tmp_path / "out" / pictures["screen"]).is_file()
    gone = [item for item in result.measurements if item.url == site.url("/gone")]
    assert gone
    own = {item.reason for item in gone if item.method == "browser"}
    assert all(item.value is None for item in gone) and own == {"answered HTTP 404"}
    assert {one.reason for one in result.accessibility if one.url == site.url("/gone")} == own
    assert {one.reason for one in result.display if one.url == site.url("/gone")} == own


@pytest.mark.browser
def test_what_is_there_is_kept_and_what_had_failed_is_tried_again(site: Site, tmp_path: Path) -> None:
    target = portal(site.url())
    capture, folder = visited(tmp_path / "capture", target), tmp_path / "out"
    first = run(target, capture, folder, site.url("/later"))
    site.hits.clear()
    site.pages["/later"] = html("<p>here now</p>")
    second = run(target, capture, folder, site.url("/later"))
    assert "/" not in site.hits
    assert "/later" in site.hits
    at_home = [item for item in first.measurements if item.url == site.url()]
    assert [item for item in second.measurements if item.url == site.url()] == at_home
    later = [item for item in second.measurements if item.url == site.url("/later")]
    assert {item.name for item in later if item.value is not None} >= {"ttfb", "lcp", "overflow_px"}
    assert len(second.measurements) == len(first.measurements)
    site.hits.clear()
    assert run(target, capture, folder, site.url("/later")) == second
    assert site.hits == []


@pytest.mark.browser
def test_the_home_page_is_where_the_visit_ended_up(site: Site, tmp_path: Path) -> None:
    target = portal(site.url("/old"))
    result = run(target, visited(tmp_path / "capture", target, final=site.url("/contact")), tmp_path / "out")
    assert {item.url for item in result.measurements} == {site.url("/contact")}


def test_a_portal_that_was_not_reached_costs_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DARGAH_CHROMIUM", "/bin/false")
    target = portal(f"http://127.0.0.1:{closed_port()}/")
    capture = visited(tmp_path / "capture", target, outcome="unreachable", reason="connection refused")
    result = run(target, capture, tmp_path / "out", lighthouse=True)
    assert result.lighthouse == ()
    assert {item.reason for item in result.measurements if item.method == "browser"} == {
        "the visit did not reach the home page: connection refused"
    }
    assert all(item.value is None for item in result.measurements)
    assert (tmp_path / "out" / FILE).is_file()


def test_without_a_browser_every_value_says_so_and_a_later_run_mends_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = portal(site.url())
    capture = visited(tmp_path / "capture", target)
    with monkeypatch.context() as broken:
        broken.setenv("DARGAH_CHROMIUM", "/bin/false")
        result = run(target, capture, tmp_path / "out")
    browsed = [item for item in result.measurements if item.method == "browser"]
    assert all("DARGAH_CHROMIUM names /bin/false" in item.reason for item in browsed)
    assert len(browsed) == sum(map(len, EXPECTED.values()))
    mended = run(target, capture, tmp_path / "out")
    assert any(item.value is not None for item in mended.measurements)


def test_a_spoilt_file_is_measured_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"portal": "one", "measurem')
    assert load_measurements(tmp_path) is None


def _hold(held: Event, release: Event) -> None:
    async def run() -> None:
        async with machine_lock("test-of-the-lock"):
            held.set()
            await asyncio.to_thread(release.wait, 20)

    asyncio.run(run())


def test_a_lock_holds_across_processes_and_falls_with_its_holder() -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(held, release))
    holder.start()
    assert held.wait(20)
    waited: list[float] = []

    async def run() -> None:
        async with machine_lock("test-of-the-lock", lambda: (waited.append(time.monotonic()), holder.kill())):
            assert not holder.is_alive() or holder.join(5) is None

    asyncio.run(asyncio.wait_for(run(), 20))
    assert len(waited) == 1


def _lighthouse_missing() -> str:
    try:
        asyncio.run(find_lighthouse())
    except LighthouseUnavailableError as error:
        return str(error)
    return ""


def test_missing_programs_are_named_with_the_way_to_mend_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = BrowserPolicy((site.host,), True)
    monkeypatch.setenv("DARGAH_LIGHTHOUSE", str(tmp_path / "nowhere"))
    result = asyncio.run(run_lighthouse(site.url(), tmp_path, policy))
    assert not result.run.ok
    assert "npm ci" in result.run.reason or "Node.js is missing" in result.run.reason
    assert all(item.value is None and item.reason == result.run.reason for item in result.measurements)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _lighthouse_missing().startswith("Node.js is missing")


@pytest.mark.browser
@pytest.mark.slow
def test_lighthouse_measures_names_its_failures_and_is_ended_in_time(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/broken": html("down", status=500),
        "/hang": html("<p>x</p><script>while (true);</script>"),
    }
    target = portal(site.url())
    result = run(target, visited(tmp_path / "capture", target), tmp_path / "out", lighthouse=True)
    (home,) = result.lighthouse
    assert home.ok, home.reason
    assert home.version.startswith("12.")
    assert set(home.scores) == {"performance", "accessibility", "best-practices", "seo"}
    assert b"lighthouseVersion" in (tmp_path / "out" / home.json_path).read_bytes()
    assert (tmp_path / "out" / home.html_path).read_bytes().startswith(b"<!--")
    told = {item.name: item.value for item in result.measurements if item.method == "lighthouse"}
    assert set(told) >= {name for name, _ in METRICS.values()} | {"score_performance"}
    assert told["lcp"] is not None and told["lcp"] > 0
    assert not list((tmp_path / "out").rglob("*.part"))

    policy = BrowserPolicy((site.host, gone := f"127.0.0.1:{closed_port()}"), True)
    broken = asyncio.run(run_lighthouse(site.url("/broken"), tmp_path, policy)).run
    assert (broken.ok, broken.reason) == (False, "answered an error (500)")
    refused = asyncio.run(run_lighthouse(f"http://{gone}/", tmp_path, policy)).run
    assert (refused.ok, refused.reason) == (False, "no connection: connection refused")
    began = time.monotonic()
    hang = asyncio.run(run_lighthouse(site.url("/hang"), tmp_path, policy, seconds=8)).run
    assert (hang.ok, hang.reason) == (False, "timed out: Lighthouse was ended after 8 s")
    assert time.monotonic() - began < 40
    assert hang.json_path == ""
