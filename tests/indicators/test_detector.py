"""What holds for all detectors: witnesses, silence where nothing could be seen, and no crash that counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.text import normalize
from indicators import detector as detectors
from indicators.candidates import candidates
from indicators.detector import Detector, Verdict, absent, all_detectors, excerpt, run
from indicators.model import load_model
from indicators.vocabulary import load_vocabulary
from tests.indicators.make_capture import make_capture, page, site_of

HOME = page('<nav><a href="/p">حریم خصوصی</a><a href="/contact">تماس با ما</a></nav><p>خوش آمدید</p>')
PRIVACY = page("<h1>حریم خصوصی</h1><p>متن</p>", title="حریم خصوصی | اداره کل")


def looks_in_vain(site, words) -> Verdict:
    return absent(site, "privacy")


IN_VAIN = Detector("privacy_policy", 1, looks_in_vain)


def test_a_portal_that_was_not_there_is_not_observable(tmp_path: Path) -> None:
    with site_of(tmp_path, {"/": ("unreachable", "")}, outcome="unreachable") as site:
        for finding in detectors.run_detectors(site, load_model("un_five_stage")):
            assert finding.answer is None
            assert "unreachable" in finding.reason


def test_no_names_the_places_that_were_visited(tmp_path: Path) -> None:
    with site_of(tmp_path, {"/": HOME, "/p": PRIVACY}) as site:
        finding = run(IN_VAIN, site)
    assert finding.answer == "no"
    assert [place.url.rsplit("/", 1)[1] for place in finding.visited] == ["p", ""]


@pytest.mark.parametrize("outcome", ["blocked", "unreachable", "certificate", "refused", "unreadable"])
def test_no_is_not_said_of_a_page_that_could_not_be_seen(tmp_path: Path, outcome: str) -> None:
    with site_of(tmp_path, {"/": HOME, "/p": (outcome, "")}) as site:
        finding = run(IN_VAIN, site)
    assert finding.answer is None
    assert "/p" in finding.reason and outcome in finding.reason


@pytest.mark.parametrize("outcome", ["http_error", "soft_404", "empty", "login_wall"])
def test_a_dead_page_is_a_place_visited_in_vain(tmp_path: Path, outcome: str) -> None:
    with site_of(tmp_path, {"/": HOME, "/p": (outcome, "")}) as site:
        finding = run(IN_VAIN, site)
    assert finding.answer == "no"
    assert outcome in [place.reason for place in finding.visited]


def test_no_is_not_said_before_the_likely_page_was_visited(tmp_path: Path) -> None:
    with site_of(tmp_path, {"/": HOME}, complete=False) as site:
        finding = run(IN_VAIN, site)
    assert finding.answer is None
    assert "/p was not visited" in finding.reason


HUNGARIAN = """<p>A megyei kormányhivatal ügyfélszolgálata hétfőtől péntekig várja a lakosságot a földszinten.
A sorszámot a bejáratnál lévő gépből lehet kérni, a várakozás ideje többnyire negyed óra.</p>"""


def test_no_is_not_said_in_a_language_whose_words_are_not_known(tmp_path: Path) -> None:
    home = page('<nav><a href="/p">Adatkezelési tájékoztató</a></nav>' + HUNGARIAN)
    with site_of(tmp_path, {"/": home, "/p": page(HUNGARIAN * 5)}, language=None) as site:
        assert site.unread_language == "hu"
        finding = run(IN_VAIN, site)
    assert finding.answer is None
    assert "no words (hu)" in finding.reason


def test_a_crash_is_not_observable_and_says_so(tmp_path: Path) -> None:
    def crashes(site, words):
        raise ZeroDivisionError("x")

    with site_of(tmp_path, {"/": HOME}) as site:
        finding = run(Detector("privacy_policy", 1, crashes), site)
    assert finding.answer is None
    assert "ZeroDivisionError" in finding.reason


def test_every_detector_is_named_after_an_indicator_of_the_model() -> None:
    known = {indicator.id for indicator in load_model("un_five_stage").indicators}
    assert set(all_detectors()) <= known


def test_candidates_come_from_links_titles_headings_and_addresses(tmp_path: Path) -> None:
    pages = {
        "/": page(
            '<a href="/1">سیاست حريم  خصوصى</a><a href="/2">صفحه</a><a href="/3">دو</a><a href="/4">x</a>'
        ),
        "/1": page("<p>متن</p>"),
        "/2": page("<p>متن</p>", title="اداره کل | حریم‌خصوصی"),
        "/3": page("<h1>بیانیه حریم خصوصی</h1>"),
        "/4": page("<p>سه</p>"),
        "/PrivacyPolicy.aspx": page("<p>چهار</p>"),
    }
    with site_of(tmp_path, pages) as site:
        found = {p.url.rsplit("/", 1)[1] for p in candidates(site, "privacy")}
    assert found == {"1", "2", "3", "PrivacyPolicy.aspx"}


def test_excerpts_are_short_whole_words_around_the_proof() -> None:
    text = "آغاز " * 100 + "تلفن ۰۱۱ " + "پایان " * 100
    cut = excerpt(text, "تلفن ۰۱۱")
    assert "تلفن ۰۱۱" in cut and len(cut) <= 300 and cut in text


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("contact", "تماس با ما"),
        ("contact", "راههای ارتباطی"),
        ("faq", "سؤالات متداول"),
        ("faq", "سوالات‌متداول"),
        ("managers", "معاونین و مديران"),
        ("news", "الأخبار"),
        ("privacy", "سياسة الخصوصية"),
        ("sitemap", "Site Map"),
        ("tender", "Tenders"),
        ("services", "خدمات‌الکترونیکی"),
    ],
)
def test_words_are_known_however_they_are_written(concept: str, text: str) -> None:
    assert load_vocabulary().match(concept, normalize(text))


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("search", "Scientific research"),
        ("services", "Terms of service"),
        ("help", "راهنمایی و رانندگی"),
        ("login", "Federal Register"),
    ],
)
def test_words_that_only_sound_alike_do_not_count(concept: str, text: str) -> None:
    assert load_vocabulary().match(concept, normalize(text)) is None


def test_the_same_capture_gives_the_same_findings_to_the_byte(tmp_path: Path) -> None:
    links = "".join(f'<a href="https://office{i}.gov.ir">اداره {i}</a>' for i in range(9))
    pages = {
        "/": HOME.replace("</p>", f"</p>{links}"),
        "/p": PRIVACY,
        "/contact": page("<p>تلفن: ۰۱۱-۳۳۲۵۶۶۴۷</p>"),
    }
    make_capture(tmp_path / "capture", pages)
    seeds = ("1", "2")
    first, second = (
        subprocess.run(
            [sys.executable, "-c", JUDGE, str(tmp_path / "capture")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in seeds
    )
    assert first.count(b"\n") == len(all_detectors())
    assert first == second


JUDGE = """
import sys
import os
import subprocess
import sys
from pathlib import Path
from crawler.capture import Capture
from indicators.detector import run_detectors
from indicators.load import load_site
from indicators.model import load_model

with Capture(Path(sys.argv[1])) as capture:
    for finding in run_detectors(load_site(capture, None), load_model("un_five_stage")):
        print(finding.model_dump_json())
"""
