"""dynamic_service_update: pages of services that say when they were updated."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.dates import parse_stamp
from indicators.detector import Verdict, detector, first, hinted, no_hint, place, text_evidence
from indicators.detectors._entries import own_page, uses
from indicators.detectors._services import service_lists
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

LONGEST_MARK = 160
"""Characters of a line that says when something was updated."""


@detector("dynamic_service_update", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    pages = _service_pages(site, words)
    marks = [mark for page in pages for mark in _marks(site, page, words)]
    if marks:
        return hinted(*first(marks), confidence=0.8, details={"services": len(first(marks))})
    visited = [place(page, "does not say when it was updated") for page in pages]
    return no_hint(site, "services", visited=visited)


def _service_pages(site: Site, words: Vocabulary) -> list[PageView]:
    """The pages of single services, then those that list them."""
    own = [page for use in uses(site, words) if (page := own_page(site, use.service)) is not None]
    lists = service_lists(site, words)
    return [page for page in dict.fromkeys([*own, *(p for p in site.pages if p.id in lists)]) if page.depth]


def _marks(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Lines of the page itself, not of the portal around it, with "updated" and a day."""
    stamps = {stamp.block for stamp in page.facts.stamps if parse_stamp(stamp.value)}
    for index, block in enumerate(page.blocks):
        if len(block.text) > LONGEST_MARK or site.is_frame(block) or not words.names("updated", block.norm):
            continue
        if index in stamps or site.dates(block):
            yield text_evidence(site, page, block, "updated")
