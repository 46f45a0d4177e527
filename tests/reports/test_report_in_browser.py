"""The report as a reader's browser shows it, from disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.reports.conftest import Built

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

KINDS = (
    "index.html",
    "agencies/roads/index.html",
    "agencies/water/index.html",
    "agencies/roads/contact_info.html",
    "agencies/roads/privacy_policy.html",
    "agencies/roads/news.html",
    "agencies/hostile/index.html",
    "agencies/hostile/contact_info.html",
    "agencies/hostile/email_available.html",
    "agencies/culture/news.html",
)
LANGUAGES = ("", "en/")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    own = browser.new_context(viewport={"width": 1280, "height": 900})
    yield own
    own.close()


def opened(context: BrowserContext, built: Built, path: str, trouble: list[str] | None = None) -> Page:
    page = context.new_page()
    if trouble is not None:
        page.on("request", lambda r: None if r.url.startswith("file:") else trouble.append(r.url))
        page.on("requestfailed", lambda r: trouble.append(f"missing {r.url}"))
        page.on("dialog", lambda d: (trouble.append(f"dialog {d.message}"), d.dismiss()))
        page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: trouble.append(str(e)))
    page.goto((built.folder / path).as_uri())
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_pages_need_nobody_and_run_nothing_of_a_portal(
    context: BrowserContext, built: Built, language: str, kind: str
) -> None:
    trouble: list[str] = []
    page = opened(context, built, language + kind, trouble)
    page.wait_for_timeout(50)  # lets a script or a late request show itself
    assert trouble == []
    assert page.title()
    assert page.evaluate("document.fonts.check('16px Vazirmatn')")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_pages_fit_a_phone(context: BrowserContext, built: Built, language: str, kind: str) -> None:
    page = opened(context, built, language + kind)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("language", "scheme"), [("", "light"), ("en/", "dark")])
def test_pages_are_accessible(browser: Browser, built: Built, language: str, scheme: str) -> None:
    # The rules need to run in the page, which its own policy forbids; the policy has tests of its own.
    own = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    faults = []
    for kind in KINDS[:6]:
        page = opened(own, built, language + kind)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        result = page.evaluate("options => axe.run(document, options)", options)
        faults += [
            (kind, violation["id"], node["html"][:200])
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical", "moderate")
            for node in violation["nodes"][:3]
        ]
        page.close()
    own.close()
    assert faults == []


def test_direction_and_twin(context: BrowserContext, built: Built) -> None:
    page = opened(context, built, "agencies/roads/news.html")
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("fa", "rtl")
    page.locator("a.twin").click()
    assert page.url.endswith("en/agencies/roads/news.html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("en", "ltr")
    page.locator("a.twin").click()
    assert page.url.endswith("report/agencies/roads/news.html")


def test_a_reader_narrows_and_arranges_the_province(context: BrowserContext, built: Built) -> None:
    page = opened(context, built, "en/index.html")
    shown = page.locator(".view:not([hidden]) tbody tr:not([hidden]) th a")
    assert shown.count() == 4
    page.get_by_label("Find an agency").fill("water")
    assert shown.all_inner_texts() == ["Damavand Water Company"]
    page.get_by_label("Find an agency").fill("")
    page.get_by_label("Kind of institution").select_option("company")
    assert shown.all_inner_texts() == ["Damavand Water Company"]
    page.get_by_label("Kind of institution").select_option("")
    page.get_by_label("Arrange by").select_option("name")
    names = shown.all_inner_texts()
    assert names[1:] == [
        "Culture Directorate",
        "Damavand Road Maintenance and Transport",
        "Damavand Water Company",
    ]
    page.get_by_label("Arrange by").select_option("coverage")
    assert shown.all_inner_texts()[0] == "Damavand Road Maintenance and Transport"
    page.get_by_role("radio", name="Seen by the audit").check(force=True)
    assert page.locator(".view-title:visible").inner_text() == "Seen by the audit"


def test_a_reader_finds_what_is_in_dispute(context: BrowserContext, built: Built) -> None:
    page = opened(context, built, "en/agencies/roads/index.html")
    rows = page.locator(".items > tbody > tr:not(.unfold):visible")
    unfolded = page.locator("tr.unfold table")
    assert (rows.count(), unfolded.first.is_visible()) == (8, False)
    page.locator("tr.unfold summary").first.click()
    assert unfolded.first.locator("tbody tr").first.is_visible()
    page.get_by_label("Disagreements only").check(force=True)
    assert rows.count() == 2
    assert "differs" in rows.first.inner_text()
    page.get_by_label("All", exact=False).first.check(force=True)
    assert rows.count() == 8


def test_without_scripts_everything_is_shown(browser: Browser, built: Built) -> None:
    own = browser.new_context(java_script_enabled=False)
    page = opened(own, built, "en/index.html")
    assert page.locator(".view:visible").count() == 3
    assert page.locator("[data-tools]").is_hidden()
    own.close()


def test_a_copy_opens_at_the_spot_and_stays_within_the_disk(context: BrowserContext, built: Built) -> None:
    trouble: list[str] = []
    page = opened(context, built, "agencies/roads/contact_info.html")
    href = page.locator("a.copy").first.get_attribute("href")
    assert href
    path, _, fragment = href.partition("#")
    copy = opened(context, built, "agencies/roads/" + path, trouble)
    copy.goto(f"{copy.url}#{fragment}")
    assert copy.locator(":target").inner_text().startswith("تلفن")
    assert "نسخهٔ بایگانی‌شدهٔ" in copy.locator("#dargah-banner").inner_text()
    # Its own style sheet and picture come from the archive.
    assert copy.evaluate("getComputedStyle(document.querySelector('b')).color") == "rgb(153, 0, 0)"
    assert copy.evaluate("document.querySelector('img').naturalWidth") == 1
    assert trouble == []


def test_a_hostile_copy_does_nothing(context: BrowserContext, built: Built) -> None:
    trouble: list[str] = []
    copy = opened(context, built, "archive/hostile/1.html", trouble)
    copy.wait_for_timeout(50)
    pictures = "[...document.images].map(i => [i.complete, i.naturalWidth, i.naturalHeight])"
    assert [True, 160, 90] in copy.evaluate(pictures), "what was not fetched leaves a box"
    assert trouble == []
    assert copy.url.endswith("archive/hostile/1.html")
    assert (
        copy.locator("script, iframe, object, base, form[action], [onclick], [onerror], [background]").count()
        == 0
    )
    assert copy.locator("a[href^='java']").count() == 0


def test_the_picture_marks_the_spot(context: BrowserContext, built: Built) -> None:
    page = opened(context, built, "agencies/roads/contact_info.html")
    figure = page.locator("figure.shot").first
    figure.scroll_into_view_if_needed()
    assert figure.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280
    box = figure.locator("rect.box").bounding_box()
    frame = figure.locator(".frame").bounding_box()
    assert box and frame
    # The telephone stands in the footer of a tall page: a short line, well within the picture.
    assert 5 < box["height"] < frame["height"] / 4
    assert frame["y"] < box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"] + 2
