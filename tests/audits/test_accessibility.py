"""axe-core on pages with known faults, in real Chromium on loopback."""

from __future__ import annotations

import asyncio
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

import pytest
from loopback import Answer, Site, html, raw, serve

from audits.accessibility import (
    AxeUnavailableError,
    check_accessibility,
    counts,
    find_axe,
    worst_place,
)
from audits.pictures import take_picture
from audits.records import AccessibilityCheck, AccessibilityRule, Box, Picture, RuleElement
from crawler.browser import BrowserPolicy, open_browser

FAULTY = """<main><h1>خدمات</h1><div style="height:1500px"></div>
<img src="/x.png" width="80" height="60"><p style="color:#aaa;background:#fff">کم‌رنگ</p>
<form><input name="q"><select name="s"><option>یک</select></form>
<button></button></main>"""

OLD_LIBRARY = """<script>
Array.prototype.toJSON = function () { return "broken"; };
Array.prototype.map = Array.prototype.filter = function () { return []; };
window.axe = { run: () => Promise.resolve({ violations: [] }) };
</script>"""

GOOD = '<main><h1>خدمات</h1><p>متن خوانا</p><img src="/x.png" alt="نمودار" width="20" height="20"></main>'


def guarded(body: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Security-Policy", "default-src 'none'; script-src 'none'")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


PAGES = {
    "/faulty": html(FAULTY),
    "/tampered": html(FAULTY + OLD_LIBRARY),
    "/good": html(GOOD),
    "/guarded": guarded(f"<!doctype html><title>t</title>{FAULTY}".encode()),
    "/framed": html(
        '<main><h1>x</h1><iframe title="a" src="/inner"></iframe>'
        '<iframe title="b" src="http://other.example/"></iframe></main>'
    ),
    "/inner": html("<main><h1>y</h1><img src='/x.png'></main>"),
    "/busy": html(GOOD + "<script>setTimeout(() => { while (true); }, 1500)</script>"),
    "/x.png": raw(b"", "image/png"),
}


class Seen(NamedTuple):
    checks: dict[str, AccessibilityCheck]
    picture: Picture | None
    folder: Path


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("measurements")
    checks: dict[str, AccessibilityCheck] = {}

    async def run(site: Site) -> Picture | None:
        picture = None
        async with open_browser(BrowserPolicy(hosts=(site.host,), allow_private=True)) as browser:
            for path in ("/faulty", "/tampered", "/guarded", "/good", "/framed", "/busy"):
                url = site.url(path)
                async with browser.page(seconds=60, viewport={"width": 1350, "height": 940}) as page:
                    await page.goto(url)
                    if path == "/busy":
                        await asyncio.sleep(2)
                    with pytest.MonkeyPatch.context() as patch:
                        if path == "/busy":
                            patch.setattr("audits.accessibility.SECONDS", 2.0)
                        checks[path] = await check_accessibility(page, url)
                    if path == "/faulty":
                        part = worst_place(checks[path].rules, 1350, 940)
                        picture = await take_picture(page, url, folder, "desktop", "violations", part)
        return picture

    with serve(PAGES) as site:
        return Seen(checks, asyncio.run(run(site)), folder)


def violated(found: AccessibilityCheck) -> set[str]:
    assert not found.reason, found.reason
    return {rule.id for rule in found.rules if rule.outcome == "violated"}


@pytest.mark.browser
def test_known_faults_are_found_whatever_the_page_does_about_it(seen: Seen) -> None:
    wanted = {"image-alt", "label", "select-name", "color-contrast", "button-name"}
    assert violated(seen.checks["/faulty"]) == violated(seen.checks["/tampered"]) == wanted
    # Its policy keeps its own style away, with the pale colour.
    assert violated(seen.checks["/guarded"]) == wanted - {"color-contrast"} | {"html-has-lang"}
    assert violated(seen.checks["/good"]) == set()


@pytest.mark.browser
def test_a_rule_tells_what_it_found_and_where(seen: Seen) -> None:
    faulty = seen.checks["/faulty"]
    assert faulty.engine == f"axe-core {find_axe().version}"
    rules = {rule.id: rule for rule in faulty.rules}
    assert (rules["image-alt"].impact, rules["image-alt"].criteria) == ("critical", ("1.1.1",))
    assert (rules["color-contrast"].level, rules["image-alt"].level) == ("AA", "A")
    (image,) = rules["image-alt"].elements
    assert image.target == ("img",) and image.html.startswith("<img src=")
    assert image.box is not None and image.box.y > 1500 and image.box.width == 80
    (pale,) = rules["color-contrast"].elements
    assert pale.checks[0].id == "color-contrast"
    assert pale.checks[0].data["fgColor"] == "#aaaaaa"
    assert pale.checks[0].data["contrastRatio"] == pytest.approx(2.32)
    assert rules["html-has-lang"].outcome == "passed"
    assert rules["video-caption"].outcome == "not_applicable"
    assert "target-size" in rules
    assert counts(faulty) == {
        "rules_passed": sum(rule.outcome == "passed" for rule in faulty.rules),
        "rules_violated": 5,
        "rules_to_review": 0,
        "severe_violations": 5,
    }


@pytest.mark.browser
def test_frames_of_the_portal_are_examined_and_others_are_counted(seen: Seen) -> None:
    framed = seen.checks["/framed"]
    (image,) = next(rule for rule in framed.rules if rule.id == "image-alt").elements
    assert len(image.target) == 2 and image.box is None
    assert (framed.frames, framed.frames_left) == (1, 1)


@pytest.mark.browser
def test_a_page_that_keeps_the_browser_busy_is_given_up_in_time(seen: Seen) -> None:
    busy = seen.checks["/busy"]
    assert busy.reason == "axe-core was not done within 2 s"
    assert busy.rules == () and counts(busy) == {}


@pytest.mark.browser
def test_a_picture_shows_the_place_of_most_faults(seen: Seen) -> None:
    picture = seen.picture
    assert picture is not None
    data = (seen.folder / picture.path).read_bytes()
    assert data[:2] == b"\xff\xd8" and len(data) < 400_000
    rules = seen.checks["/faulty"].rules
    boxes = [element.box for rule in rules for element in rule.elements if rule.outcome == "violated"]
    assert all(box and picture.box.y <= box.y < picture.box.y + picture.box.height for box in boxes)


def test_the_worst_place_holds_most_and_the_gravest() -> None:
    def rule(impact: str, *tops: float) -> AccessibilityRule:
        elements = tuple(
            RuleElement(target=("p",), html="<p>", box=Box(x=10, y=top, width=5, height=5)) for top in tops
        )
        return AccessibilityRule(
            id=impact,
            outcome="violated",
            impact=impact,  # type: ignore[arg-type]
            violated=len(tops),
            elements=elements,
        )

    place = worst_place([rule("minor", 100, 120), rule("critical", 3000)], 1000, 800)
    assert place == Box(x=0, y=2940, width=1000, height=800)
    assert worst_place([rule("minor", 100, 120)], 1000, 800) == Box(x=0, y=40, width=1000, height=800)
    assert worst_place([], 1000, 800) is None


def test_a_missing_or_foreign_script_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARGAH_AXE", str(tmp_path / "axe.js"))
    with pytest.raises(AxeUnavailableError, match=r"DARGAH_AXE names .*axe\.js, which is not there"):
        find_axe()
    (tmp_path / "axe.js").write_text("/* something else */")
    with pytest.raises(AxeUnavailableError, match="npm ci"):
        find_axe()
