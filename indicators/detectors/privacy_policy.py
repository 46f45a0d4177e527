"""privacy_policy: a page or section that says how visitors' personal data is treated."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, place, text_evidence
from indicators.detectors._shared import says_nothing, sections
from indicators.page import Block
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary


@detector("privacy_policy", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    visited = []
    for page in candidates(site, "privacy", "policy"):
        witness = _statement(site, page, words)
        if witness is not None:
            confidence = 0.95 if page in candidates(site, "privacy") else 0.88
            return found(
                "yes", text_evidence(site, page, witness, "privacy_statement"), confidence=confidence
            )
        visited.append(place(page, "does not say how personal data is treated"))
    return absent(site, "privacy", visited=visited)


def _statement(site: Site, page: PageView, words: Vocabulary) -> Block | None:
    """The most telling block of a privacy statement on the page."""
    if says_nothing(site, page):
        return None
    content = page.content
    named = page.depth > 0 and page in candidates(site, "privacy")
    groups = [s.body for s in sections(content) if words.names("privacy", s.heading.norm, 0.3)]
    if named:
        groups.append(content)
    for blocks in groups:
        text = [b for b in blocks if not words.is_filler_text(b.norm)]
        if sum(len(b.text.split()) for b in text) < threshold("privacy_words"):
            continue
        signs = {sign for b in text for sign in words.signs("privacy", b.norm)}
        own = {sign for sign in signs if words.match("privacy", sign) is None}
        if len(own) >= threshold("privacy_signs"):
            return max(text, key=lambda b: (len(words.signs("privacy", b.norm)), -b.node))
    return None
