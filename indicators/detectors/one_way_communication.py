"""one_way_communication: news, announcements or broadcast channels for the public."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, judged, link_evidence, place, text_evidence
from indicators.detectors import news, two_way_public_networks
from indicators.detectors._shared import says_nothing
from indicators.records import Evidence
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

FEEDS = ("application/rss+xml", "application/atom+xml")


@detector("one_way_communication", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    items = judged(news.detect, site)
    if items.answer not in (None, "none"):
        return found("yes", *items.evidence[:3], confidence=max(0.93, items.confidence))
    notices = list(_notices(site, words))
    if notices:
        return found("yes", *notices[:3], confidence=0.88)
    channels = judged(two_way_public_networks.detect, site)
    if channels.answer == "yes":
        return found("yes", *channels.evidence[:3], confidence=0.85)
    feed = _feed(site)
    if feed is not None:
        return found("yes", feed, confidence=0.8)
    likely = candidates(site, "news", "announcement")
    return absent(
        site, "news", "announcement", visited=[place(p, "no news, no announcements") for p in likely]
    )


def _notices(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Items on pages of announcements: dated lines, or links with titles that lead to content."""
    for page in candidates(site, "announcement"):
        if page.depth == 0 or says_nothing(site, page):
            continue
        content = {block.node for block in page.content}
        for block in page.content:
            if site.dates(block) and word_count(block.text) >= threshold("title_words"):
                yield text_evidence(site, page, block, "announcement")
        for link in page.links:
            if (
                link.visible
                and link.block < len(page.blocks)
                and page.blocks[link.block].node in content
                and word_count(link.text) >= threshold("title_words")
                and link.url.startswith("http")
                and site.works(link.url)
                and words.network_of(link.url) is None
            ):
                yield link_evidence(site, page, link, "announcement")


def _feed(site: Site) -> Evidence | None:
    """A feed that a page declares and that answered."""
    for page in site.pages:
        for link in page.links:
            if link.tag == "link" and link.title in FEEDS and site.target(link.url).outcome == "ok":
                return link_evidence(site, page, link, "feed")
    return None
