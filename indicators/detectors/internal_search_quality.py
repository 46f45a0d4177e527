"""internal_search_quality: what the portal's own search answers to known titles, to nonsense, to a slip of
the pen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from crawler.capture import Page, Search
from crawler.phrases import said
from crawler.scope import identity
from crawler.text import normalize
from indicators.detector import (
    UNSEEN,
    Details,
    Verdict,
    absent,
    detector,
    link_evidence,
    not_observable,
    place,
    text_evidence,
)
from indicators.detectors._checks import Check, composite, given, unseen
from indicators.detectors._forms import is_search_field
from indicators.detectors.internal_search import box_evidence, boxes_of
from indicators.page import Anchor, Block
from indicators.records import Evidence, PageNumbers
from indicators.site import REPEATED, PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

KINDS = {"title": "a known title", "nonsense": "nonsense", "misspelt": "a slip of the pen"}
FRAME = ("menu", "header", "footer", "aside")


class Answer(NamedTuple):
    """What a query brought. `results` are its links to something, each address once, in order; `rank` is the
    place of the page that was asked for among them, from 1, and `hit` the link there."""

    search: Search
    page: PageView
    results: tuple[Anchor, ...]
    nothing: Block | None
    """Where the page says that nothing was found."""
    rank: int | None = None
    hit: Anchor | None = None

    @property
    def milliseconds(self) -> float | None:
        """None where the answer had been seen before it was asked for."""
        return round(self.search.seconds * 1000, 1) or None


@detector("internal_search_quality", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    if site.archived:
        return not_observable("a saved copy answers no queries")
    if not site.searches:
        return _not_asked(site, words)
    searches = [search for search in site.searches if search.outcome not in UNSEEN]
    answers = _read(site, searches)
    titles = [answer for answer in answers if answer.search.kind == "title"]
    if not titles:
        failed = site.searches[0]
        if failed.outcome == "refused":
            return not_observable(f"the search was not asked: {failed.reason}")
        return not_observable(f"the search did not answer: {failed.reason or failed.outcome}")
    nonsense = next((answer for answer in answers if answer.search.kind == "nonsense"), None)
    slip = next((answer for answer in answers if answer.search.kind == "misspelt"), None)
    checks = (_titles(site, titles, nonsense), _nonsense(site, nonsense), _slip(site, titles, slip, nonsense))
    boxes = list(boxes_of(site, words))
    return composite(
        checks,
        least="search_checks",
        pages=len(answers),
        numbers=[_numbers(search, answers) for search in site.searches],
        otherwise=[box_evidence(site, boxes[0])] if boxes else [],
        confidence=0.85 if len(titles) > 1 else 0.7,
    )


def _not_asked(site: Site, words: Vocabulary) -> Verdict:
    """Why there are no answers: nobody could ask, somebody else is asked, or there is no search."""
    live = [box for box in boxes_of(site, words) if not box.form.dead]
    if live and site.visit.stopped_by:
        return not_observable(f"the visit ended before the search was asked: {site.visit.stopped_by}")
    if live:
        return not_observable(f"{live[0].page.url}: no query could be put to the search box")
    for page in site.pages:
        for form in page.forms:
            elsewhere = urlsplit(form.action).hostname
            searches = any(is_search_field(words, field) for field in form.controls)
            if elsewhere and searches and not site.is_own(form.action):
                return not_observable(f"the search is that of another host: {elsewhere}")
    dead = [place(box.page, "a search box with nothing behind it") for box in boxes_of(site, words)]
    return absent(site, "search", answer="none", visited=dead)


# The three checks


def _titles(site: Site, titles: Sequence[Answer], nonsense: Answer | None) -> Check:
    """The share of the titles that were found among the first ten, in time, by a search that heeds what it
    is asked."""
    hits = [answer for answer in titles if _is_found(answer) and not _heedless(answer, nonsense)]
    missed = [answer for answer in titles if answer not in hits]
    times = [time for answer in titles if (time := answer.milliseconds) is not None]
    share = len(hits) / len(titles)
    numbers: Details = {
        "titles_asked": len(titles),
        "titles_found": len(hits),
        "titles_found_share": round(share, 4),
        "answer_ms": round(median(times), 1) if times else None,
    }
    return Check(
        "titles_found_share",
        share,
        numbers,
        worst=given(*(_what_came(site, answer) for answer in missed)),
        best=given(*(_hit(site, answer) for answer in hits)),
    )


def _nonsense(site: Site, nonsense: Answer | None) -> Check:
    name = "nonsense_answer"
    if nonsense is None:
        return unseen(name, "was not asked")
    if nonsense.search.outcome not in ("ok", "soft_404", "empty"):
        return Check(name, 0.0, {name: "fails"}, worst=given(_what_came(site, nonsense)))
    if nonsense.nothing is not None:
        shown = text_evidence(site, nonsense.page, nonsense.nothing, "nothing_found")
        return Check(name, 1.0, {name: "says that nothing was found"}, best=(shown,))
    if nonsense.results:
        listed = link_evidence(site, nonsense.page, nonsense.results[0], "nonsense_result")
        return Check(name, 0.0, {name: "lists pages all the same"}, worst=(listed,))
    return Check(
        name,
        threshold("search_silent"),
        {name: "lists nothing and does not say so"},
        worst=given(_what_came(site, nonsense)),
    )


def _slip(site: Site, titles: Sequence[Answer], slip: Answer | None, nonsense: Answer | None) -> Check:
    name = "misspelt_answer"
    if slip is None:
        return unseen(name, "was not asked")
    if _is_found(slip) and not _heedless(slip, nonsense):
        return Check(name, 1.0, {name: "finds the page all the same"}, best=given(_hit(site, slip)))
    right = next((a.search.query for a in titles if a.search.expected == slip.search.expected), "")
    suggested = _suggestion(site, slip, right)
    if suggested is not None:
        share = threshold("search_suggestion")
        return Check(name, share, {name: "suggests the right spelling"}, best=(suggested,))
    came = "fails" if slip.search.outcome not in ("ok", "soft_404", "empty") else "does not find the page"
    return Check(name, 0.0, {name: came}, worst=given(_what_came(site, slip)))


def _is_found(answer: Answer) -> bool:
    in_time = (answer.milliseconds or 0.0) <= threshold("answer_most_ms")
    return answer.rank is not None and answer.rank <= threshold("result_place_most") and in_time


def _heedless(answer: Answer, nonsense: Answer | None) -> bool:
    """Whether the search answers a title as it answers nonsense: it lists the same, whatever it is asked."""
    if nonsense is None or nonsense.nothing is not None or not nonsense.results:
        return False
    first = int(threshold("result_place_most"))
    return _keys(answer.results[:first]) == _keys(nonsense.results[:first])


def _suggestion(site: Site, slip: Answer, right: str) -> Evidence | None:
    """A word spelt rightly that the query had wrongly, offered as another query or said to be meant."""
    mended = set(normalize(right).split()) - set(normalize(slip.search.query).split())
    if not mended:
        return None
    here = urlsplit(slip.search.url).path
    for link in slip.page.links:
        parts = urlsplit(link.url)
        sent = normalize(" ".join(value for _, value in parse_qsl(parts.query)))
        if link.visible and parts.path == here and any(word in sent for word in mended):
            return link_evidence(site, slip.page, link, "search_suggestion")
    for block in slip.page.content:
        if any(word in block.norm for word in mended) and said("did_you_mean", block.norm):
            return text_evidence(site, slip.page, block, "search_suggestion")
    return None


# Answers read


def _read(site: Site, searches: Sequence[Search]) -> list[Answer]:
    records = {record.id: record for record in site.all_pages}
    answers = []
    frame = _frame(site)
    for search in searches:
        record = records.get(search.page) if search.page is not None else None
        if record is not None:
            page = PageView(record, site)
            answers.append(Answer(search, page, tuple(_results(site, page, frame)), _says_nothing(page)))
    standing = _standing(answers)
    titles = {a.search.expected: a.search.query for a in answers if a.search.kind == "title"}
    read = []
    for answer in answers:
        results = tuple(link for link in answer.results if _key(link) not in standing)
        expected = records.get(answer.search.expected or 0)
        hit = _find(results, _addresses(site, expected), titles.get(answer.search.expected, ""))
        rank, link = hit if expected is not None and hit else (None, None)
        read.append(answer._replace(results=results, rank=rank, hit=link))
    # Words that stand on an answer with its page as well are no answer.
    told = {a.nothing.norm for a in read if a.nothing and a.search.kind == "title" and a.rank is not None}
    return [a._replace(nothing=None) if a.nothing and a.nothing.norm in told else a for a in read]


def _results(site: Site, page: PageView, frame: frozenset[tuple[str, str]]) -> list[Anchor]:
    """The links in the content of an answer that lead to something else, each address once."""
    here = urlsplit(page.url).path
    home = _key_of(site.home.url) if site.home else ""
    stood = _stood(site, page)
    found: dict[str, Anchor] = {}
    for link in _content(page):
        if stood[_key(link), link.text] > 0:
            stood[_key(link), link.text] -= 1
            continue
        if (_key(link), link.text) in frame:
            continue
        if _key(link) == home or (site.is_own(link.url) and urlsplit(link.url).path == here and here != "/"):
            continue  # a crumb of the way here, another page or order of the same answer
        found.setdefault(_key(link), link)
    return list(found.values())


def _content(page: PageView) -> list[Anchor]:
    """The links in the content of a page; where its makers called everything a menu, all of them."""
    links = [link for link in page.links if link.tag == "a" and link.visible and link.text]
    links = [link for link in links if link.url.startswith("http")]
    return [link for link in links if link.area not in FRAME] or links


def _frame(site: Site) -> frozenset[tuple[str, str]]:
    """Links that stand in the content of most pages."""
    pages = [page for page in site.pages if page.record.found_by != "form"]
    counts = Counter(
        found for page in pages for found in {(_key(link), link.text) for link in _content(page)}
    )
    least = max(3, len(pages) * REPEATED)
    return frozenset(found for found, count in counts.items() if count >= least)


def _stood(site: Site, page: PageView) -> Counter[tuple[str, str]]:
    """What stood on the page at the answer's address before it was asked, where the answer shows it again
    with its box."""
    bare = _key_of(urlsplit(page.url)._replace(query="", fragment="").geturl())
    asked = (p for p in site.pages if p.record.found_by != "form")
    before = next((p for p in asked if _key_of(p.url) == bare), None)
    there = Counter((_key(link), link.text) for link in (_content(before) if before else ()))
    here = Counter((_key(link), link.text) for link in _content(page))
    again = (there & here).total() >= threshold("search_same_page") * there.total()
    return there if again else Counter()


def _standing(answers: Sequence[Answer]) -> set[str]:
    """Links that stand beside every answer and are no results: all that an answer shows that says it found
    nothing, or that every other answer shows as well, among others."""
    nonsense = next((answer for answer in answers if answer.search.kind == "nonsense"), None)
    if nonsense is None:
        return set()
    shown = _keys(nonsense.results)
    if nonsense.nothing is not None:
        return shown
    others = [_keys(answer.results) for answer in answers if answer.search.kind == "title"]
    return shown if others and all(shown < other for other in others) else set()


def _find(results: Sequence[Anchor], addresses: set[str], title: str) -> tuple[int, Anchor] | None:
    """The place, from 1, of the page in the results: by its addresses, else by its title."""
    wanted = normalize(title)
    by_title: tuple[int, Anchor] | None = None
    for number, link in enumerate(results, start=1):
        if _key(link) in addresses:
            return number, link
        if by_title is None and wanted and wanted in link.norm:
            by_title = number, link
    return by_title


def _addresses(site: Site, expected: Page | None) -> set[str]:
    """Every address under which the page was seen."""
    if expected is None:
        return set()
    same = [page for page in site.all_pages if page.final_url == expected.final_url]
    return {_key_of(url) for page in same for url in (page.url, page.final_url)}


def _says_nothing(page: PageView) -> Block | None:
    return next((block for block in page.content if said("nothing_found", block.norm)), None)


def _hit(site: Site, answer: Answer) -> Evidence | None:
    return link_evidence(site, answer.page, answer.hit, "search_result") if answer.hit else None


def _what_came(site: Site, answer: Answer) -> Evidence | None:
    """What an answer shows in place of what was asked for."""
    blocks = [answer.nothing, *answer.page.headings, *answer.page.content, *answer.page.blocks]
    shown = next((block for block in blocks if block is not None and block.text), None)
    return text_evidence(site, answer.page, shown, "search_missed") if shown else None


def _numbers(search: Search, answers: Sequence[Answer]) -> PageNumbers:
    answer = next((answer for answer in answers if answer.search is search), None)
    values: Details = {"query": search.query, "query_kind": KINDS[search.kind]}
    if answer is None:
        reason = search.reason or search.outcome
        return PageNumbers(url=search.url, page=search.page, values=values, reason=reason)
    values |= {"results": len(answer.results), "result_place": answer.rank, "answer_ms": answer.milliseconds}
    return PageNumbers(url=search.url, page=search.page, values=values)


def _keys(links: Sequence[Anchor]) -> set[str]:
    return {_key(link) for link in links}


def _key(link: Anchor) -> str:
    return _key_of(link.url)


def _key_of(url: str) -> str:
    try:
        return identity(url)
    except ValueError:
        return url
