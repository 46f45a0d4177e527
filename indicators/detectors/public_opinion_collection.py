"""public_opinion_collection: consultation, poll or survey, comments or ratings, invitation to write."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, place, text_evidence
from indicators.detectors._dialogue import (
    comment_forms,
    consultations,
    own_consultation_hosts,
    polls,
    ratings,
)
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary

LONGEST_INVITATION = 400
"""Characters of a text that invites; what is longer mentions opinions among other things."""


@detector("public_opinion_collection", version=12)
def detect(site: Site, words: Vocabulary) -> Verdict:
    for answer, finders, confidence in (
        ("very_high", (consultations,), 0.88),
        ("high", (polls, own_consultation_hosts), 0.88),
        ("medium", (comment_forms, ratings), 0.82),
    ):
        seen = [seen.evidence for find in finders for seen in find(site, words)]
        if seen:
            return found(answer, *first(seen), confidence=confidence)
    invitation = _invitation(site, words)
    if invitation is not None:
        return found("low", invitation, confidence=0.7)
    likely = candidates(site, "poll", "consultation")
    visited = [place(page, "no consultation, poll, comments or rating that works") for page in likely]
    return absent(site, "poll", "consultation", answer="none", visited=visited)


def _invitation(site: Site, words: Vocabulary) -> Evidence | None:
    for page in site.pages:
        for index in page.blocks_may_name("opinion_invitation"):
            block = page.blocks[index]
            if len(block.text) <= LONGEST_INVITATION and words.names("opinion_invitation", block.norm):
                return text_evidence(site, page, block, "invitation")
    return None
