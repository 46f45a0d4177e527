"""internal_search: a box that searches the portal; on a live portal it must have answered a query."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.capture import POSTED
from crawler.text import normalize
from indicators.candidates import candidates
from indicators.detector import (
    Verdict,
    absent,
    detector,
    form_evidence,
    found,
    link_evidence,
    not_observable,
    place,
)
from indicators.detectors._checks import markup_evidence
from indicators.detectors._forms import asks_for, is_called, is_search_field
from indicators.page import Anchor, Control, FormView
from indicators.records import Evidence, Place
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

DAYS = frozenset(("date", "month", "datetime-local"))
"""Types of fields for days."""

SHORTEST_WORD = 3
"""Characters; shorter words of a query stand in every text."""


WIDGET_PAGES = 3
"""Pages whose markup is searched for boxes of no form: such stand on the home page, if not on all."""

FEW_PAGES = 3
"""Pages of which a copy has at least so many, to tell what one page alone has."""

_SEARCHES = re.compile(r"search", re.I)


class Box(NamedTuple):
    page: PageView
    form: FormView
    field: Control


class Answer(NamedTuple):
    """What came of a query."""

    place: Place
    query: str
    result: Evidence | None
    scripted: bool
    """The page was shown by a script, which may search in its own way."""


@detector("internal_search", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    boxes = list(boxes_of(site, words))
    live = [box for box in boxes if not box.form.dead]
    if site.archived and live:
        return found("yes", box_evidence(site, live[0]), confidence=0.9)
    widget = _widget(site, words) if site.archived else None
    if widget is not None:
        return found("yes", widget, confidence=0.8)
    answers = list(_answers(site, live))
    for answer in answers:
        if answer.result is not None:
            shown = [box_evidence(site, live[0])] if live else []
            return found("yes", answer.result, *shown, confidence=0.95, details={"query": answer.query})
    failed = [answer.place for answer in answers]
    if live and (not answers or any(answer.scripted and not live[0].form.action for answer in answers)):
        return not_observable(f"{live[0].page.url}: no query could be put to the search box")
    visited = [*failed, *(place(box.page, "a search box with nothing behind it") for box in boxes[:3])]
    visited += [place(page, "no search box") for page in candidates(site, "search")]
    return absent(site, "search", visited=visited)


def _widget(site: Site, words: Vocabulary) -> Evidence | None:
    """A search box that is an element of its own making, to be drawn by a script that a copy may lack: its
    name says so, and it carries the words that a box shows."""
    for page in site.pages[:WIDGET_PAGES]:
        tree = site.tree(page)
        for element in tree.elements:
            if "-" in element.tag and _SEARCHES.search(element.tag):
                shown = element.get("placeholder") or element.get("aria-label") or element.get("label") or ""
                if words.names("search", normalize(shown), 0.3):
                    return markup_evidence(site, page, tree.path_of(element), shown, "search_box")
    return None


def boxes_of(site: Site, words: Vocabulary) -> Iterator[Box]:
    """The search boxes of the portal, one per form; the one on most pages comes first."""
    found_boxes: dict[tuple[str, str], Box] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for page in site.pages:
        for form in page.forms:
            if form.has("password", "textarea"):
                continue
            field = next((c for c in form.controls if _searches(words, form, c)), None)
            if field is None or not _stays(site, form) or _filters(site, page, form, words):
                continue
            key = (form.action if form.method == "get" else "", field.name)
            counts[key] += 1
            found_boxes.setdefault(key, Box(page, form, field))
    for key in [key for key, box in found_boxes.items() if counts[key] == 1 and _of_a_list(site, box, words)]:
        del found_boxes[key]
    order = sorted(found_boxes, key=lambda key: (-counts[key], found_boxes[key].page.id))
    yield from (found_boxes[key] for key in order)


def _of_a_list(site: Site, box: Box, words: Vocabulary) -> bool:
    """Whether a box that one page alone has sifts the list on that page: it stands in the page's own text,
    and nothing calls the page one of search."""
    inner = box.page.depth > 0 and len(site.pages) >= FEW_PAGES
    return (
        inner
        and box.form.area in ("main", "aside")
        and not is_called(site, box.page, words, "search", 0.4)
        and not words.in_address("search", urlsplit(box.form.action).path)
    )


def _searches(words: Vocabulary, form: FormView, field: Control) -> bool:
    """Whether a field takes a query: it says so, or stands alone beside a button or in a form that does."""
    if is_search_field(words, field):
        return True
    alone = [c for c in form.controls if c.tag == "input" and c.type == "text"] == [field]
    if alone and asks_for(words, field, "tracking_code"):
        return False  # its button looks for a case
    return alone and (
        any(
            control.type in ("submit", "image") and words.names("search", control.norm, 0.3)
            for control in form.controls
        )
        or _leads_to_search(words, form)
    )


def _leads_to_search(words: Vocabulary, form: FormView) -> bool:
    """Whether the form's own address or marks say that it searches; of a form in the page's own text, which
    may search a list of something, both do."""
    address = bool(form.action) and words.in_address("search", urlsplit(form.action).path)
    marks = words.in_address("search", "/" + form.marks.replace(" ", "/"))
    return (address and marks) if form.area in ("main", "aside") else (address or marks)


def _filters(site: Site, page: PageView, form: FormView, words: Vocabulary) -> bool:
    """Whether a form chooses from a list by days, on a page that is not that of the search: a gazette's."""
    days = any(control.type in DAYS for control in form.controls)
    return days and form.area == "main" and not is_called(site, page, words, "search")


def _stays(site: Site, form: FormView) -> bool:
    """Whether a form searches this portal; an archived copy may name the host it was taken from."""
    return not form.action or site.is_own(form.action) or site.archived


def _answers(site: Site, boxes: list[Box]) -> Iterator[Answer]:
    """What the queries that were put to the boxes brought: by the visit itself, or by links that search."""
    views = {page.id: page for page in site.pages}
    for record in site.all_pages:
        query = _query(record.final_url, boxes)
        if not query:
            continue
        page = views.get(record.id)
        if page is None:
            reason = f"asked for «{query}»: {record.outcome}"
            yield Answer(Place(url=record.final_url, title=record.title, reason=reason), query, None, False)
            continue
        result = _result(site, page, query)
        shown = link_evidence(site, page, result, "search_result") if result else None
        missed = place(page, f"asked for «{query}»: nothing was found")
        yield Answer(missed, query, shown, record.mode == "rendered")


def _query(url: str, boxes: list[Box]) -> str:
    """The query that an address puts to one of the boxes, '' if it puts none."""
    parts = urlsplit(url)
    if parts.fragment.startswith(POSTED):
        return unquote(parts.fragment.removeprefix(POSTED))
    sent = dict(parse_qsl(parts.query))
    for box in boxes:
        action = urlsplit(box.form.action or box.page.url)
        if action.path.rstrip("/") == parts.path.rstrip("/") and sent.get(box.field.name, "").strip():
            return sent[box.field.name]
    return ""


def _result(site: Site, page: PageView, query: str) -> Anchor | None:
    """A link on the answer that speaks of the query, and that neither most pages have nor the page that
    shows its own content again under the box."""
    asked = {word for word in normalize(query).split() if len(word) >= SHORTEST_WORD}
    here = {page.record.url, page.record.final_url}
    before = next((p for p in site.pages if p.url == page.url.split("#")[0] and p is not page), None)
    stood = Counter((link.url, link.text) for link in (before.links if before else ()))
    for link in page.links:
        if link.tag != "a" or not link.visible or link.url in here or not site.is_own(link.url):
            continue
        if stood[link.url, link.text] > 0:
            stood[link.url, link.text] -= 1
            continue
        if link.area in ("menu", "header", "footer") or not site.works(link.url):
            continue
        around = normalize(f"{link.text} {page.text_around(link)}")
        if any(word in around for word in asked) and not _is_everywhere(site, link):
            return link
    return None


def _is_everywhere(site: Site, link: Anchor) -> bool:
    """Whether most pages lead to the address by these words."""
    if len(site.pages) < 4:
        return False
    same = sum(
        any(other.url == link.url and other.text == link.text for other in page.links) for page in site.pages
    )
    return same * 2 >= len(site.pages)


def box_evidence(site: Site, box: Box) -> Evidence:
    return form_evidence(site, box.page, box.form, "search_box", box.field)
