"""Findability, navigation and coherence unfold to their checks, to what is wrong page by page and to what to
mend; links to other hosts stand on the agency's page; in both languages."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from audits.records import ExternalLink, Measurements
from indicators.detector import all_detectors, run
from indicators.model import load_model
from indicators.scoring import score_portal
from indicators.structure import problems
from reports.build import recommendations
from reports.data import AgencyInput, ReportInput
from reports.pages import Pages, Site, Witnesses
from tests.indicators.make_capture import page, site_of
from tests.reports.sample import STARTED, portal, sample, visit

WHOLE = ("findability", "navigation_quality", "content_coherence")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("structure")
    links = '<a href="/map">Site <b>map</b></a><a href="/soon">Soon</a>'
    pages = {
        "/": page(f"<p>The office of the province {links}</p>", "&lt;i&gt;Portal&lt;/i&gt;", "en"),
        "/map": ("http_error", page("<p>404</p>")),
        "/soon": page("<p>This page is under construction</p>", "&lt;i&gt;Portal&lt;/i&gt;", "en"),
        **{f"/{n}": page(f"<p>Page number {n} tells of the roads of county {n}</p>") for n in "abc"},
    }
    with site_of(root / "capture", pages, sitemaps={"/sitemap.xml": 0}) as site:  # type: ignore[arg-type]
        findings = tuple(run(all_detectors()[name], site) for name in WHOLE)
        wrong = tuple(problems(site))
    base, _ = sample(root / "captures")
    whole = load_model("un_five_stage")
    chosen = whole.model_copy(update={"indicators": tuple(i for i in whole.indicators if i.id in WHOLE)})
    gone = ExternalLink(
        url="http://old.example/gone", page="https://portal.example.ir/", text="<b>Old</b> system", pages=3,
        state="broken", reason="status 404", status=404, checked_at=STARTED,
    )  # fmt: skip
    fine = gone.model_copy(update={"url": "https://fine.example/", "state": "works", "reason": ""})
    agency = AgencyInput(
        portal=portal("office", "اداره نمونه", "Sample office"),
        visit=visit("office"),
        scores=score_portal("office", chosen, list(findings), []),
        findings=findings,
        problems=wrong,
        measurements=Measurements(
            portal="office", chromium="", measurements=(), lighthouse=(), links=(gone, fine)
        ),
    )
    report = ReportInput(
        run=base.run, started_at=base.started_at, finished_at=base.finished_at, model=chosen,
        province=base.province, kinds=base.kinds, agencies=(agency,),
    )  # fmt: skip
    for language in ("fa", "en"):
        list(Pages(report, Witnesses(), Site(("fa", "en")), language, recommendations()).write(root))
    return root


def words_of(folder: Path, path: str) -> str:
    text = re.sub(r"<[^>]+>", " ", (folder / path).read_text(encoding="utf-8"))
    return " ".join(re.sub("[\u2066-\u2069]", "", unescape(text)).split())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("findability", ["شکل دیگر نشانی درگاه", "وارسی‌های یافت‌پذیری هم‌وزن‌اند", "برای هر صفحه عنوانی"]),
        ("findability", ["عنوان‌هایی که چند صفحه دارند: ۵", "صفحه‌های بی‌توضیح"]),
        ("navigation_quality", ["وزن: ۲", "خراب درون درگاه: ۱", "Site map", "با خطا پاسخ داد"]),
        ("content_coherence", ["صفحه‌های تهی یا ساختگی: ۱", "در دست ساخت", "نقشهٔ XML‌ای صفحه‌ها را"]),
    ],
)  # fmt: skip
def test_levels_unfold_in_persian(folder: Path, name: str, told: list[str]) -> None:
    shown = words_of(folder, f"agencies/office/{name}.html")
    assert [words for words in told if words not in shown] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("findability", ["no twin of the portal's address", "Titles that several pages have: 5"]),
        ("findability", ["Pages without a description", "Write a title for each page", "weight: 1"]),
        ("navigation_quality", ["Likeness of the menus", "Broken links within the portal: 1", "weight: 2"]),
        ("content_coherence", ["Empty or filler pages: 1", "under construction", "good: 2%"]),
    ],
)  # fmt: skip
def test_levels_unfold_in_english(folder: Path, name: str, told: list[str]) -> None:
    shown = words_of(folder, f"en/agencies/office/{name}.html")
    assert [words for words in told if words not in shown] == []


def test_broken_links_to_other_hosts_stand_on_the_agencys_page(folder: Path) -> None:
    shown = words_of(folder, "en/agencies/office/index.html")
    assert "2 addresses were asked for, each at most once a week: 1 work, 1 are broken" in shown
    assert "<b>Old</b> system old.example/gone" in shown  # as text
    assert "on 3 pages" in shown
    assert "fine.example" not in shown
    assert "خراب" in words_of(folder, "agencies/office/index.html")
    assert "<b>Old" not in (folder / "en/agencies/office/index.html").read_text(encoding="utf-8")
