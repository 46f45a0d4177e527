"""online_contact: how somebody can reach the agency over the portal: chat or appointment, form with tracking
or answers, contact form, e-mail address."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._dialogue import appointments, chats, messages, published_answers, tracking
from indicators.detectors._shared import contact_pages, emails_of
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary


@detector("online_contact", version=9)
def detect(site: Site, words: Vocabulary) -> Verdict:
    direct = [*appointments(site, words), *chats(site, words)]
    if direct:
        return found("very_high", *first([seen.evidence for seen in direct]), confidence=0.85)
    written = messages(site, words)
    if written:
        # A form whose messages can be followed says more than one on a contact page.
        answered = [seen.evidence for seen in published_answers(site, words)]
        followed = tracking(site, words, [message.page for message in written])
        if answered or followed:
            witnesses = [*answered, written[0].evidence, *followed]
            return found("high", *first(witnesses), confidence=0.85)
        return found("medium", *first([message.evidence for message in written]), confidence=0.88)
    email = _email(site)
    if email is not None:
        return found("low", email, confidence=0.88)
    visited = [place(page, "no form, no e-mail address") for page in candidates(site, "contact")]
    return absent(site, "contact", answer="none", visited=visited)


def _email(site: Site) -> Evidence | None:
    for page in dict.fromkeys([*contact_pages(site), *site.pages]):
        for email in emails_of(site, page):
            if email.link is not None:
                return link_evidence(site, page, email.link, "email")
            if email.block is not None:
                return text_evidence(site, page, email.block, "email", around=email.address)
    return None
