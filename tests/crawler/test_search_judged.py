"""Searches of many manners, on real servers: asked by a visit, judged from what it kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from killing import visiting
from serving import WORDS, Answer, Handler, a_portal, forks, html, serving

from crawler.capture import Capture
from indicators.detector import all_detectors, run
from indicators.load import load_site
from indicators.records import Finding
from indicators.verify import verify

NEWS = {
    "/news/1": "گشایش جاده کمربندی شهر",
    "/news/2": "دیدار مدیرکل با کشاورزان نمونه",
    "/services/1": "صدور پروانه ساختمان روستایی",
    "/services/2": "ثبت درخواست انشعاب آب",
    "/forms/1": "پرسشنامه ارزیابی کارکنان",
    "/forms/2": "برگه تقاضای وام اشتغال",
}
NOTHING = "<p>نتیجه‌ای یافت نشد.</p>"

Find = Callable[[str], list[str]]
"""From a query to the paths that are listed."""


def by_title(query: str) -> list[str]:
    return [path for path, title in NEWS.items() if all(word in title for word in query.split())]


def forgiving(query: str) -> list[str]:
    """Knows a word by its beginning."""
    return [path for path, title in NEWS.items() if all(word[:3] in title for word in query.split())]


def listed(paths: list[str], arabic: bool = False) -> str:
    shown = "".join(f"<li><a href='{path}'>{NEWS[path]}</a></li>" for path in paths)
    return shown.replace("ی", "ي").replace("ک", "ك") if arabic else shown


def answering(find: Find, nothing: str = NOTHING, *, arabic: bool = False) -> Callable[[Handler, str], None]:
    def answer(handler: Handler, query: str) -> None:
        shown = listed(find(query), arabic) or nothing
        html(f"<main><h1>نتیجه</h1>{shown}</main>", "جست‌وجو")(handler)

    return answer


def suggesting(handler: Handler, query: str) -> None:
    right = next((title for title in NEWS.values() if by_title(title) and _near(title, query)), "")
    offer = (
        f"<p>آیا منظور شما <a href='/find?q={right}'>{right}</a> بود؟</p>" if right and right != query else ""
    )
    shown = listed(by_title(query)) or offer or NOTHING
    html(f"<main><h1>نتیجه</h1>{shown}</main>", "جست‌وجو")(handler)


def _near(title: str, query: str) -> bool:
    return title.split()[0] == query.split()[0]


def failing(handler: Handler, _: str) -> None:
    handler.page("<h1>خطای سرور</h1>", status=500)


def silent(handler: Handler, _: str) -> None:
    time.sleep(4)
    handler.page(NOTHING)


def a_searching_portal(answer: Callable[[Handler, str], None], method: str = "get") -> dict[str, Answer]:
    box = f'<header><form action="/find" method="{method}"><input type="search" name="q"></form></header>'
    portal = {
        path: html(f"{box}<main><h1>{title}</h1><p>{WORDS} {title}</p></main>", title)
        for path, title in NEWS.items()
    }
    portal["/"] = html(f"{box}<main><p>{WORDS}</p><ul>{listed(list(NEWS))}</ul></main>")
    portal["/find"] = lambda h: answer(h, parse_qs(h.form or urlsplit(h.path).query)["q"][0])
    return portal


PORTALS: dict[str, dict[str, Answer]] = {
    "good": a_searching_portal(answering(forgiving)),
    "by title": a_searching_portal(answering(by_title)),
    "posted": a_searching_portal(answering(forgiving), "post"),
    "lists everything": a_searching_portal(answering(lambda _: list(NEWS))),
    "nonsense lists all": a_searching_portal(answering(lambda query: by_title(query) or list(NEWS))),
    "wordless": a_searching_portal(answering(by_title, "")),
    "suggesting": a_searching_portal(suggesting),
    "other letters": a_searching_portal(answering(forgiving, arabic=True)),
    "finds nothing": a_searching_portal(answering(lambda _: [])),
    "failing": a_searching_portal(failing),
    "slow": a_searching_portal(silent),
    "forbidden": {
        **a_searching_portal(answering(by_title)),
        "/robots.txt": lambda h: h.page("User-agent: *\nDisallow: /find", kind="text/plain"),
    },
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Finding]]:
    """Every portal visited, all at once; what was quoted stands in the archive."""
    folder = tmp_path_factory.mktemp("searches")
    found = {}
    with ExitStack() as stack:
        visits = []
        for name, answers in PORTALS.items():
            start = stack.enter_context(serving(answers)).url + "/"
            portal = a_portal(start, budget={"answer_seconds": 3})
            visits.append(forks().Process(target=visiting, args=(portal, folder / name, False)))
            visits[-1].start()
        for visit in visits:
            visit.join(120)
            assert visit.exitcode == 0
    for name in PORTALS:
        with Capture(folder / name) as capture:
            finding = run(all_detectors()["internal_search_quality"], load_site(capture, None))
            assert verify([finding], capture, None).mismatches == (), name
        found[name] = finding
    yield found


@pytest.mark.parametrize(
    ("name", "answer", "found", "nonsense", "slip"),
    [
        ("good", "very_high", 3, "says that nothing was found", "finds the page all the same"),
        ("by title", "high", 3, "says that nothing was found", "does not find the page"),
        ("posted", "very_high", 3, "says that nothing was found", "finds the page all the same"),
        ("lists everything", "very_low", 0, "lists pages all the same", "does not find the page"),
        ("nonsense lists all", "medium", 3, "lists pages all the same", "does not find the page"),
        ("wordless", "high", 3, "lists nothing and does not say so", "does not find the page"),
        ("suggesting", "very_high", 3, "says that nothing was found", "suggests the right spelling"),
        ("other letters", "very_high", 3, "says that nothing was found", "finds the page all the same"),
        ("finds nothing", "very_low", 0, "says that nothing was found", "does not find the page"),
        ("failing", "very_low", 0, "fails", "fails"),
    ],
)
def test_searches_that_answer(
    findings: dict[str, Finding], name: str, answer: str, found: int, nonsense: str, slip: str
) -> None:
    finding = findings[name]
    assert finding.answer == answer, finding.details
    assert (finding.details["titles_asked"], finding.details["titles_found"]) == (3, found)
    assert (finding.details["nonsense_answer"], finding.details["misspelt_answer"]) == (nonsense, slip)
    assert finding.evidence
    assert len(finding.pages) == 5


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("slow", "the search did not answer"),
        ("forbidden", "the search was not asked: robots.txt forbids it"),
    ],
)
def test_searches_of_which_nothing_can_be_said(findings: dict[str, Finding], name: str, reason: str) -> None:
    assert findings[name].answer is None
    assert findings[name].reason.startswith(reason)
