"""email_available: a valid e-mail address of the agency, also where it is written for people only."""

from __future__ import annotations

import re

from crawler.text import normalize
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import Email, contact_pages, emails_of
from indicators.records import Evidence
from indicators.site import Site, body_of
from indicators.vocabulary import Vocabulary

ELSEWHERE = ("managers", "services", "org_profile", "complaint", "announcement", "help", "email_label")

LONG_NAME = 7
"""Letters of a word that alone is whose name it is: "Montreval" of "Ville de Montreval"."""

_WORD = re.compile(r"[^\W\d_]+")


@detector("email_available", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = list(dict.fromkeys([*contact_pages(site), *candidates(site, *ELSEWHERE)]))
    for page in likely:
        evidence = list(dict.fromkeys(_evidence(site, email) for email in emails_of(site, page)))
        if evidence:
            return found("yes", *evidence[:3], confidence=0.95)
    others = [page for page in site.pages if page not in set(likely)]
    named = _WORD.findall(normalize(site.home.title)) if site.home is not None else []
    for page in others:
        for email in emails_of(site, page):
            # Elsewhere an address may be a stranger's: it must be at the portal's own name, or public.
            domain = email.address.rpartition("@")[2]
            own = body_of(domain) in site.own_names or words.is_public_host(domain)
            if own or _spells(body_of(domain).partition(".")[0].replace("-", ""), named):
                return found("yes", _evidence(site, email), confidence=0.8)
    return absent(site, "contact", visited=[place(page, "no e-mail address") for page in likely])


def _spells(name: str, parts: list[str]) -> bool:
    """Whether a name is a long one of the words, or made of two or more in their order: "mairielepin" of
    "Mairie de Le Pin"."""
    if len(name) >= LONG_NAME and name in parts:
        return True
    ends = {0: 0}  # how far the name is spelt -> by how many words at most
    for part in parts:
        for end, used in list(ends.items()):
            if name.startswith(part, end):
                ends[end + len(part)] = max(ends.get(end + len(part), 0), used + 1)
    return ends.get(len(name), 0) >= 2


def _evidence(site: Site, email: Email) -> Evidence:
    if email.block is not None:
        return text_evidence(site, email.page, email.block, "email", around=email.address)
    assert email.link is not None
    return link_evidence(site, email.page, email.link, "email")
