"""Why the quality of a search cannot be told, and what counts as found; searches on real servers are judged
in tests/crawler/test_search_judged.py."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.capture import QueryKind, Search
from indicators.detector import all_detectors, run
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of

BOX = '<form action="/find"><input type="search" name="q"><button>جستجو</button></form>'
ELSEWHERE = '<form action="https://www.example.com/search"><input type="search" name="q"></form>'


def judge(folder: Path, box: str, **options: object) -> Finding:
    with site_of(folder, {"/": page(f"{box}<p>اداره کل</p>"), "/n": page("<p>خبر</p>")}, **options) as site:
        return run(all_detectors()["internal_search_quality"], site)


def test_why_a_search_was_not_tested(tmp_path: Path) -> None:
    saved = judge(tmp_path / "saved", BOX, archived=True)
    assert (saved.answer, saved.reason) == (None, "a saved copy answers no queries")
    ended = judge(tmp_path / "ended", BOX, complete=False)
    assert (ended.answer, ended.reason) == (None, "the visit ended before the search was asked: pages")
    asked = judge(tmp_path / "asked", BOX)
    assert asked.answer is None and asked.reason.endswith("no query could be put to the search box")
    other = judge(tmp_path / "other", ELSEWHERE)
    assert (other.answer, other.reason) == (None, "the search is that of another host: www.example.com")
    none = judge(tmp_path / "none", "")
    assert none.answer == "none" and none.visited


@pytest.mark.parametrize(("seconds", "found"), [(0.4, 1), (11.0, 0)])
def test_what_comes_too_late_is_not_found(seconds: float, found: int, tmp_path: Path) -> None:
    kinds: tuple[tuple[QueryKind, str], ...] = (("title", "جاده کمربندی شهر"), ("nonsense", "ظضغثذخصط"))
    urls = {kind: f"{START}find?q={quote(query)}" for kind, query in kinds}
    pages = {
        "/": page(BOX + '<main><a href="/n">جاده کمربندی شهر</a></main>'),
        "/n": page("<p>جاده کمربندی شهر گشایش یافت</p>", "جاده کمربندی شهر"),
        urls["title"]: page('<main><a href="/n">جاده کمربندی شهر</a></main>'),
        urls["nonsense"]: page("<main><p>نتیجه‌ای یافت نشد.</p></main>"),
    }
    searches = [
        Search(
            query=query, kind=kind, expected=2 if kind == "title" else None, page=number, url=urls[kind],
            seconds=seconds, outcome="ok",
        )
        for number, (kind, query) in enumerate(kinds, start=3)
    ]  # fmt: skip
    with site_of(tmp_path, pages, searches=searches) as site:
        finding = run(all_detectors()["internal_search_quality"], site)
    assert finding.details["titles_found"] == found
    assert finding.details["misspelt_answer"] == "was not asked"
    assert finding.details["answer_ms"] == seconds * 1000
