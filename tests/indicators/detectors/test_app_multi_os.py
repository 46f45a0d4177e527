"""Applications of the agency's own, for two operating systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.app_multi_os import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of

BAZAAR = '<a href="https://cafebazaar.ir/app/ir.abfa.alborz">دریافت نسخه اندروید</a>'
SIBAPP = '<a href="https://sibapp.com/applications/hamrah-ab">دریافت نسخه آیفون</a>'
HOME = page('<p>شرکت آب و فاضلاب</p><a href="/app">نرم‌افزار همراه</a>')
MANIFEST = {
    "name": "همراه آب",
    "start_url": "/",
    "display": "standalone",
    "icons": [{"src": "/i.png", "sizes": "512x512"}],
}
LINKED = '<link rel="manifest" href="/m.webmanifest">'


def judge(
    folder: Path, body: str, *, head: str = "", files: dict[str, tuple[str, str]] | None = None
) -> Finding:
    pages = {"/": HOME, "/app": page(f"<h1>نرم‌افزار همراه</h1>{body}", head=head)}
    with site_of(folder, pages, files=files) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    "body",
    [
        BAZAAR + SIBAPP,
        '<p>حمل التطبيق: <a href="https://play.google.com/store/apps/details?id=sa.gov.water">أندرويد</a> '
        '<a href="https://apps.apple.com/sa/app/water/id1234567890">آيفون</a></p>',
        '<p>Download our app <a href="https://play.google.com/store/apps/details?id=gov.water&hl=en">'
        '<img src="g.png" alt="Google Play"></a> <a href="https://apps.apple.com/us/app/water/id987654321">'
        '<img src="a.png" alt="App Store"></a></p>',
    ],
)
def test_links_to_two_stores(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, body)
    assert finding.answer == "yes"
    assert finding.details["systems"] == "android, ios"
    assert {e.url for e in finding.evidence} == {START + "app"}
    assert {e.note for e in finding.evidence} == {"app_android", "app_ios"}


def test_package_files_that_are_there(tmp_path: Path) -> None:
    body = '<a href="/dl/ab.apk">نسخه اندروید</a> <a href="/dl/ab.ipa">نسخه آیفون</a>'
    there = {
        "/dl/ab.apk": ("application/vnd.android.package-archive", "PK"),
        "/dl/ab.ipa": ("application/zip", "PK"),
    }
    assert judge(tmp_path / "there", body, files=there).answer == "yes"
    assert judge(tmp_path / "dead", body).answer == "no"


def test_an_installable_web_application_and_one_store(tmp_path: Path) -> None:
    files = {"/m.webmanifest": ("application/manifest+json", json.dumps(MANIFEST))}
    finding = judge(tmp_path, BAZAAR, head=LINKED, files=files)
    assert (finding.answer, finding.details["systems"]) == ("yes", "android, web")


@pytest.mark.parametrize(
    "wrong", [{"display": "browser"}, {"icons": []}, {"start_url": 3}, {"start_url": "https://elsewhere.ir/"}]
)
def test_a_manifest_that_no_browser_installs(tmp_path: Path, wrong: dict[str, object]) -> None:
    files = {"/m.webmanifest": ("application/manifest+json", json.dumps(MANIFEST | wrong))}
    assert judge(tmp_path, BAZAAR, head=LINKED, files=files).answer == "no"


def test_a_web_application_alone_is_one_system(tmp_path: Path) -> None:
    files = {"/m.webmanifest": ("application/manifest+json", json.dumps(MANIFEST))}
    assert judge(tmp_path, "<p>نصب</p>", head=LINKED, files=files).answer == "no"


@pytest.mark.parametrize(
    "body",
    [
        BAZAAR,
        BAZAAR + '<a href="https://myket.ir/app/ir.abfa.alborz">مایکت</a>',
        BAZAAR + '<a href="https://www.apple.com/app-store/">دریافت نسخه آیفون از اپ‌استور</a>',
        '<a href="https://cafebazaar.ir/">اندروید</a> <a href="https://sibapp.com/">آیفون</a>',
        f"<p>به‌زودی: {BAZAAR} {SIBAPP}</p>",
        "<p>نسخه اندروید و آیفون برنامه ما منتشر شده است.</p>",
    ],
)
def test_one_system_front_doors_and_promises_are_not_enough(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, body)
    assert finding.answer == "no"
    assert START + "app" in {place.url for place in finding.visited}


def test_the_one_system_is_named_among_the_places(tmp_path: Path) -> None:
    reasons = {place.url: place.reason for place in judge(tmp_path, BAZAAR).visited}
    assert reasons[START + "app"] == "offered for android only"


def test_applications_of_others_are_not_the_agencys(tmp_path: Path) -> None:
    body = (
        '<a href="https://play.google.com/store/apps/details?id=org.telegram.messenger">دریافت</a>'
        '<a href="https://apps.apple.com/us/app/telegram-messenger/id686449807">دریافت</a>'
        '<p>برای خواندن پرونده‌ها <a href="https://apps.apple.com/us/app/adobe-acrobat/id469337564">Adobe</a></p>'
    )
    assert judge(tmp_path, body).answer == "no"


def test_links_to_networks_beside_the_stores_say_nothing_of_the_application(tmp_path: Path) -> None:
    row = (
        '<div><a href="https://www.facebook.com/water">Facebook</a> '
        '<a href="https://play.google.com/store/apps/details?id=bd.gov.water">App (Android)</a> '
        '<a href="https://apps.apple.com/bd/app/water/id1600000001">App (iOS)</a></div>'
    )
    assert judge(tmp_path, row).answer == "yes"
