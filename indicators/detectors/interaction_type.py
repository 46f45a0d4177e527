"""interaction_type: two-way, information and polls, or one-way. A form for messages or complaints is two-way:
the agency can answer whoever wrote. So is its own system for complaints on a host beside the portal. A bare
feedback form on the site is not: nobody waits for an answer."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, judged, link_evidence, text_evidence
from indicators.detectors import (
    complaint_feedback,
    help_facilities,
    one_way_communication,
    org_profile,
    service_process_presented,
    services_on_portal,
    tender_notices,
)
from indicators.detectors._dialogue import (
    appointments,
    chats,
    consultations,
    messages,
    polls,
    published_answers,
    replies,
    tracking,
)
from indicators.detectors._shared import contact_pages, emails_of, says_nothing
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("interaction_type", version=12)
def detect(site: Site, words: Vocabulary) -> Verdict:
    written = messages(site, words)
    answered = [
        seen.evidence
        for find in (published_answers, replies, appointments, chats)
        for seen in find(site, words)
    ]
    followed = tracking(site, words, [message.page for message in written]) if written else []
    addressed = [message.evidence for message in written if message.purpose != "feedback"]
    if answered or followed:
        witnesses = [*answered, *addressed[:1], *followed, *(m.evidence for m in written[:1])]
        return found("two_way", *first(witnesses), confidence=0.88)
    if addressed:
        return found("two_way", *first(addressed), confidence=0.72)
    filed = complaint_feedback.own_system(site, words)
    if filed:
        return found("two_way", *filed, confidence=0.7)
    asked = [seen.evidence for find in (polls, consultations) for seen in find(site, words)]
    if asked:
        return found("info_and_polls", *first(asked), confidence=0.8)
    told = _information(site)
    if told is not None:
        return found("one_way", told, confidence=0.8)
    return absent(site, "news", "contact", answer="none")


def _information(site: Site) -> Evidence | None:
    """News, announcements, addresses, else whatever it tells, which is all there is."""
    for page in candidates(site, "news", "announcement"):
        if page.depth and not says_nothing(site, page):
            block = next((b for b in page.content if b.level), next(iter(page.content), None))
            if block is not None:
                return text_evidence(site, page, block, "news")
    for page in contact_pages(site):
        for email in emails_of(site, page):
            if email.link is not None:
                return link_evidence(site, page, email.link, "email")
            if email.block is not None:
                return text_evidence(site, page, email.block, "email", around=email.address)
        for block in page.blocks:
            if site.phones(block.text):
                return text_evidence(site, page, block, "telephone")
    # A portal that only lays out documents, rules or services speaks to its readers all the same.
    for one in _TELLING:
        verdict = judged(one, site)
        if verdict.answer == "yes":
            return verdict.evidence[0]
    return None


_TELLING = (
    one_way_communication.detect,
    tender_notices.detect,
    org_profile.detect,
    services_on_portal.detect,
    service_process_presented.detect,
    help_facilities.detect,
)
