"""Measuring a portal: what is kept, what is skipped, what is tried again, and one portal at a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from loopback import Site, closed_port, html, raw, serve
from measuring import portal, run, visited

from audits import accessibility, display
from audits.lock import machine_lock
from audits.measure import DEVICES, FILE, load_measurements, measure
from audits.records import MeasuredPage
from audits.vitals import metrics_of
from crawler.capture import Capture
from crawler.portal import OutsideWindowError

PAGES = {
    "/": html("<h1>درگاه</h1><p>خانه</p>"),
    "/contact": html("<p>تماس با ما</p>"),
    "/robots.txt": raw(b"User-agent: *\n", "text/plain"),
}
EXPECTED = {
    "phone": set(metrics_of("phone")),
    "desktop": {*metrics_of("desktop"), *accessibility.METRICS, *display.METRICS},
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(PAGES) as running:
        yield running


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
def test_pages_are_loaded_as_often_as_is_asked_each_time_with_a_cold_cache(
    site: Site, tmp_path: Path
) -> None:
    site.pages |= {
        "/": html('<p>home</p><script src="/home.js"></script>'),
        "/contact": html('<p>contact</p><script src="/contact.js"></script>'),
        "/home.js": raw(b"1", "text/javascript"),
        "/contact.js": raw(b"1", "text/javascript"),
    }
    capture, folder = visited(tmp_path / "capture", portal(site.url())), tmp_path / "out"
    result = run(portal(site.url(), runs=2), capture, folder, site.url("/contact"))
    assert [(page.kind, page.url) for page in result.pages] == [
        ("home", site.url()),
        ("contact", site.url("/contact")),
    ]
    assert (site.hits.count("/home.js"), site.hits.count("/contact.js")) == (2 * 2, 2)
    values = {(m.url, m.device, m.name): m for m in result.measurements if m.method == "browser"}
    for device in DEVICES:
        home = values[site.url(), device, "lcp"]
        assert len(home.runs) == 2 and home.value == sum(home.runs) / 2
        assert home.spread == (min(home.runs), max(home.runs))
        contact = values[site.url("/contact"), device, "lcp"]
        assert (contact.runs, contact.spread) == ((contact.value,), None)
    assert len(values[site.url(), "phone", "overflow_px"].runs) == 1

    site.hits.clear()
    more = run(portal(site.url(), runs=3), capture, folder, site.url("/contact"))
    assert (site.hits.count("/home.js"), site.hits.count("/contact.js")) == (3 * 2, 0)
    assert {len(m.runs) for m in more.measurements if (m.url, m.name) == (site.url(), "ttfb")} == {3}


@pytest.mark.browser
def test_a_third_load_of_a_key_page_is_made_only_where_two_disagree(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/contact"] = html("<p>contact</p>")
    target = portal(site.url(), runs=3, key_page_runs=3)
    capture, folder = visited(tmp_path / "capture", target), tmp_path / "out"

    def loads_of_contact(*, agree: bool) -> int:
        for module in ("audits.vitals", "audits.measure"):
            monkeypatch.setattr(f"{module}.loads_agree", lambda _: agree)
        site.hits.clear()
        found = run(target, capture, folder, site.url("/contact")).measurements
        assert {len(m.runs) for m in found if (m.url, m.name) == (site.url(), "ttfb")} == {3}
        return site.hits.count("/contact")

    assert loads_of_contact(agree=True) == 2 * len(DEVICES)
    assert loads_of_contact(agree=True) == 0
    assert loads_of_contact(agree=False) == 3 * len(DEVICES)
    assert loads_of_contact(agree=False) == 0


@pytest.mark.browser
def test_what_an_older_version_did_not_measure_is_measured_and_again_measures_all(
    site: Site, tmp_path: Path
) -> None:
    target = portal(site.url())
    capture, folder = visited(tmp_path / "capture", target), tmp_path / "out"
    first = run(target, capture, folder, site.url("/contact"))
    assert {one.http.state for one in first.security} == {"answered"}
    older = [m for m in first.measurements if (m.url, m.device, m.name) != (site.url(), "phone", "tbt")]
    old = first.model_copy(update={"measurements": tuple(older), "security": (), "pages": ()})
    (folder / FILE).write_text(old.model_dump_json(exclude={"security", "pages"}), encoding="utf-8")
    site.hits.clear()
    second = run(target, capture, folder, site.url("/contact"))
    assert "/contact" not in site.hits
    assert len(second.measurements) == len(first.measurements)
    assert [one.host for one in second.security] == [one.host for one in first.security]
    assert second.pages == first.pages
    desktop = [m for m in first.measurements if m.device == "desktop"]
    assert [m for m in second.measurements if m.device == "desktop"] == desktop

    site.pages["/contact"] = html("down", status=500)
    (folder / FILE).write_text(
        second.model_copy(
            update={"measurements": tuple(m for m in second.measurements if m.name != "fcp")}
        ).model_dump_json(),
        encoding="utf-8",
    )
    third = run(target, capture, folder, site.url("/contact"))
    kept = [m for m in third.measurements if (m.url, m.name) == (site.url("/contact"), "lcp")]
    assert all(m.value is not None for m in kept) and len(kept) == 2

    afresh = run(target, capture, folder, site.url("/contact"), again=True)
    gone = [m for m in afresh.measurements if m.url == site.url("/contact") and m.method == "browser"]
    assert {m.reason for m in gone} == {"answered HTTP 500"}
    assert not {m.measured_at for m in afresh.measurements} & {m.measured_at for m in second.measurements}


@pytest.mark.browser
def test_an_interrupted_measuring_goes_on_with_what_is_missing(site: Site, tmp_path: Path) -> None:
    target = portal(site.url())
    capture, folder = visited(tmp_path / "capture", target), tmp_path / "out"

    def stop(said: str) -> None:
        if said == f"desktop: {site.url('/contact')}":
            raise OutsideWindowError("now")

    page = MeasuredPage(kind="contact", url=site.url("/contact"))
    with Capture(capture) as read, pytest.raises(OutsideWindowError):
        measure(target, read, folder, lighthouse_pages=0, key_pages=[page], progress=stop)
    held = load_measurements(folder)
    assert held is not None
    assert {(m.url, m.device) for m in held.measurements if m.method == "browser"} == {
        (site.url(), "phone"), (site.url(), "desktop"), (site.url("/contact"), "phone"),
    }  # fmt: skip
    site.hits.clear()
    run(target, capture, folder, site.url("/contact"))
    assert "/" not in site.hits and "/contact" in site.hits


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
    result = run(target, capture, tmp_path / "out", lighthouse=1)
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
