"""open_data_policy_published: the open data policy as a document or page of its own."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, found, judged, link_evidence, place
from indicators.detectors import open_data_policy
from indicators.detectors._forms import is_called
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

NAMES = ("licence", "open_data", "data_policy")
"""What a page or document is called whose subject is the policy."""

SHARE = 0.3
"""Part of a page's name that names the policy."""


@detector("open_data_policy_published", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    policy = judged(open_data_policy.detect, site)
    pages = {page.url: page for page in site.pages}
    own = [e for e in policy.evidence if e.url in pages and _is_about(site, pages[e.url], words)]
    if own:
        return found("yes", *own, confidence=min(policy.confidence, 0.93))
    document = next(_documents(site), None)
    if document is not None:
        return found("yes", document, confidence=0.8)
    if policy.answer is None:
        return policy
    visited = [place(page, "no page of its own on terms of re-use") for page in candidates(site, *NAMES)]
    visited += [place(pages[e.url], "tells them in passing") for e in policy.evidence if e.url in pages]
    return absent(site, "data_policy", visited=visited)


def _is_about(site: Site, page: PageView, words: Vocabulary) -> bool:
    return any(is_called(site, page, words, concept, SHARE) for concept in NAMES)


def _documents(site: Site) -> Iterator[Evidence]:
    """Links that name a data policy and lead to a document that is there."""
    for page in site.pages:
        for link in page.links_naming("data_policy", 0.3):
            if link.visible and len(link.text) <= LONGEST_NAME:
                file = site.target(link.url).file
                if file is not None and file.outcome == "ok" and file.size != 0:
                    yield link_evidence(site, page, link, "open_data_policy")
