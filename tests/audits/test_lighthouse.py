"""Lighthouse itself, on real pages: what it measures is kept, and each of its failures is named."""

from __future__ import annotations

import asyncio
import json
import shutil
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from loopback import Site, closed_port, html, serve
from measuring import portal, run, visited

from audits.lighthouse import METRICS, LighthouseUnavailableError, find_lighthouse, run_lighthouse
from audits.records import LighthouseRun, Measurements
from crawler.browser import BrowserPolicy

GREEDY = (
    "<p>x</p><script>const held = []; while (true) held.push(new Array(1e6).fill(Math.random()))</script>"
)

PAGES = {
    "/": html("<h1>درگاه</h1><p>خانه</p>"),
    "/blank": html(""),
    "/broken": html("down", status=500),
    "/greedy": html(GREEDY),
    "/hang": html("<p>x</p><script>while (true);</script>"),
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(PAGES) as running:
        yield running


def failed(url: str, folder: Path, *hosts: str, seconds: float = 60) -> LighthouseRun:
    policy = BrowserPolicy(hosts, True)
    result = asyncio.run(run_lighthouse(url, folder, policy, seconds=seconds))
    assert not result.run.ok
    assert all(item.value is None and item.reason == result.run.reason for item in result.measurements)
    return result.run


def test_missing_programs_are_named_with_the_way_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DARGAH_LIGHTHOUSE", str(tmp_path / "nowhere"))
    reason = failed("http://127.0.0.1/", tmp_path).reason
    assert "npm ci" in reason or "Node.js is missing" in reason
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LighthouseUnavailableError, match=r"^Node\.js is missing"):
        find_lighthouse()


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is missing")
def test_another_program_is_not_taken_for_lighthouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "other" / "cli" / "index.js"
    script.parent.mkdir(parents=True)
    script.write_text("console.log('12.8.2')")
    monkeypatch.setenv("DARGAH_LIGHTHOUSE", str(script))
    with pytest.raises(LighthouseUnavailableError, match=r"is not Lighthouse's: run `npm ci`"):
        find_lighthouse()
    (tmp_path / "other" / "package.json").write_text('{"name": "lighthouse", "version": "12.0.1"}')
    assert find_lighthouse().version == "12.0.1"


@pytest.mark.browser
@pytest.mark.slow
def test_pages_are_measured_or_their_failure_named_and_the_files_of_both_are_kept(
    site: Site, tmp_path: Path
) -> None:
    target, folder = portal(site.url()), tmp_path / "out"
    capture = visited(tmp_path / "capture", target)
    result = run(target, capture, folder, site.url("/blank"), lighthouse=2)
    home, blank = result.lighthouse
    assert home.ok, home.reason
    assert home.version.startswith("12.")
    assert set(home.scores) == {"performance", "accessibility", "best-practices", "seo"}
    assert (blank.url, blank.ok, blank.reason) == (site.url("/blank"), False, "nothing was painted (NO_FCP)")
    for one in (home, blank):
        assert json.loads((folder / one.json_path).read_bytes())["requestedUrl"] == one.url
        assert (folder / one.html_path).read_bytes().startswith(b"<!--")
    assert len({home.json_path, home.html_path, blank.json_path, blank.html_path}) == 4
    assert not list(folder.rglob("*.part"))

    def told(result: Measurements, url: str) -> dict[str, float | None]:
        return {m.name: m.value for m in result.measurements if (m.url, m.method) == (url, "lighthouse")}

    values = told(result, site.url())
    assert set(values) >= {name for name, _ in METRICS.values()} | {"score_performance"}
    assert (values["lcp"] or 0) > 0
    assert set(told(result, site.url("/blank")).values()) == {None}
    site.hits.clear()
    assert run(target, capture, folder, site.url("/blank"), lighthouse=1) == result
    assert site.hits == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_that_crashes_or_hangs_or_answers_an_error_is_named_and_ended_in_time(
    site: Site, tmp_path: Path
) -> None:
    broken = failed(site.url("/broken"), tmp_path, site.host)
    assert broken.reason == "answered an error (500)"
    crashed = failed(site.url("/greedy"), tmp_path, site.host)
    assert crashed.reason == "the page crashed (TARGET_CRASHED)"
    for one in (broken, crashed):
        assert json.loads((tmp_path / one.json_path).read_bytes())["runtimeError"]["code"]
        assert (tmp_path / one.html_path).is_file()
    began = time.monotonic()
    hang = failed(site.url("/hang"), tmp_path, site.host, seconds=8)
    assert hang.reason == "timed out: Lighthouse was ended after 8 s"
    assert time.monotonic() - began < 40
    assert hang.json_path == ""


@pytest.mark.browser
@pytest.mark.slow
def test_no_connection_and_a_certificate_that_is_not_trusted_are_named(tmp_path: Path) -> None:
    gone = f"127.0.0.1:{closed_port()}"
    assert failed(f"http://{gone}/", tmp_path, gone).reason == "no connection: connection refused"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serve({"/": html("<p>x</p>")}, tls) as secured:
        untrusted = failed(secured.url(), tmp_path, secured.host)
    assert untrusted.reason.startswith("certificate not trusted")
    assert (tmp_path / untrusted.json_path).is_file() and (tmp_path / untrusted.html_path).is_file()
