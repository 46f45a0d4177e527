"""two_way_own_network: a social network or messaging application of the agency's own."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    Verdict,
    detector,
    first,
    hinted,
    judged,
    link_evidence,
    no_hint,
    place,
    text_evidence,
)
from indicators.detectors import portal_social_networking
from indicators.detectors._dialogue import links_once
from indicators.detectors._plans import is_news
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("two_way_own_network", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    named = list(_named(site, words))
    forum = judged(portal_social_networking.detect, site)
    if named:
        return hinted(*first(named), confidence=0.8)
    if forum.answer == "very_high":
        return hinted(*forum.evidence, confidence=0.65)
    likely = candidates(site, "own_network", "mobile_app", "social")
    reason = "no network or messaging application of the agency's own"
    return no_hint(site, "own_network", visited=[place(page, reason) for page in likely])


def _named(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Links to such a network, and what the pages of the agency's applications say of one."""
    for page, link in links_once(site):
        if not link.visible or len(link.text) > LONGEST_NAME or not link.url.startswith("http"):
            continue
        if (
            words.names("own_network", link.norm, 0.4)
            and site.works(link.url)
            and not words.account_of(link.url)
        ):
            yield link_evidence(site, page, link, "own_network")
    for page in candidates(site, "own_network", "mobile_app"):
        if page.depth and not is_news(site, page, words):
            block = next((b for b in page.content if words.names("own_network", b.norm)), None)
            if block is not None:
                yield text_evidence(site, page, block, "own_network")
