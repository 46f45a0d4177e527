"""once_only_strategy: a published rule that data is asked of citizens only once."""

from __future__ import annotations

from indicators.detector import Verdict, detector, first, hinted, no_hint, text_evidence
from indicators.detectors._plans import is_news, visited
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("once_only_strategy", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    rules = [
        text_evidence(site, page, block, "once_only_rule")
        for page in site.pages
        if page.depth and not is_news(site, page, words)
        for block in page.naming("once_only")
        if not words.is_filler_text(block.norm)
    ]
    if rules:
        return hinted(*first(rules), confidence=0.8)
    reason = "no rule that data is asked of citizens only once"
    return no_hint(site, "strategy", visited=visited(site, reason))
