"""satisfied_users_share: the share of satisfied users that the portal itself publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, hinted, no_hint, place, text_evidence
from indicators.detectors._entries import share_level
from indicators.detectors._figures import LABEL, shares_in
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

LONGEST_RESULT = 300
"""Characters of a sentence that gives the share."""


class _Share(NamedTuple):
    share: float
    evidence: Evidence


@detector("satisfied_users_share", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "satisfaction")
    for page in dict.fromkeys([*likely, *site.pages]):
        found = _of(site, page, words, likely=page in likely)
        if found is not None:
            level = share_level(found.share)
            return hinted(
                found.evidence, suggests=(level,), confidence=0.8, details={"satisfied_share": found.share}
            )
    visited = [place(page, "gives no share of the satisfied") for page in likely]
    return no_hint(site, "satisfaction", visited=visited)


def _of(site: Site, page: PageView, words: Vocabulary, *, likely: bool) -> _Share | None:
    """The share that a page gives: several answers put together, else one sentence."""
    return _added_up(site, page, words) or next(_told(site, page, words, likely=likely), None)


def _told(site: Site, page: PageView, words: Vocabulary, *, likely: bool) -> Iterator[_Share]:
    """One share, in a sentence on satisfaction or right below its caption."""
    content = page.content
    for index in range(len(content)) if likely else page.may_name("satisfaction"):
        block = content[index]
        if len(block.text) > LONGEST_RESULT or words.is_filler_text(block.norm):
            continue
        named = words.names("satisfaction", block.norm) or (likely and words.signs("satisfied", block.norm))
        if not named or words.names("dissatisfied", block.norm):
            continue
        shares = shares_in(block.norm, words)
        if not shares and len(block.text) <= LABEL and index + 1 < len(content):
            below = content[index + 1]
            shares = shares_in(below.norm, words) if len(below.text) <= LABEL // 4 else []
        # Of several services' shares the least counts, if all lie in one band; parts of a whole tell nothing.
        alike = len({share_level(share) for share in shares}) == 1 and sum(shares) > 1
        if len(shares) == 1 or alike:
            yield _Share(min(shares), text_evidence(site, page, block, "satisfaction_share"))


def _added_up(site: Site, page: PageView, words: Vocabulary) -> _Share | None:
    """The shares of the answers that mean satisfied, as "very satisfied" and "satisfied", put together."""
    if not page.naming("satisfaction"):
        return None
    parts: list[tuple[Block, float]] = []
    content = page.content
    for index, block in enumerate(content):
        said = words.signs("satisfied", block.norm)
        if not said or len(block.text) > LABEL or words.names("dissatisfied", block.norm):
            continue
        shares = shares_in(block.norm, words)
        if not shares and index + 1 < len(content):
            shares = shares_in(content[index + 1].norm, words)
        if len(shares) == 1:
            parts.append((block, shares[0]))
    total = sum(share for _, share in parts)
    if len(parts) < 2 or total > 1.005:
        return None
    return _Share(total, text_evidence(site, page, parts[0][0], "satisfaction_share"))
