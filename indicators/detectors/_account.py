"""What a portal promises to those who log in."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import candidates
from indicators.detector import Verdict, first, hinted, judged, link_evidence, no_hint, place, text_evidence
from indicators.detectors import digital_identity, login_verification
from indicators.detectors._forms import is_called
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

LONGEST_PROMISE = 400
"""Characters of a text that says what a log-in is for."""

OWN_NAME = 0.5
"""Part of a link's text that names one's own cases: "my requests"."""

BEHIND = frozenset({"ok", "login_wall", "redirected_away"})
"""What a link to one's own pages leads to: the page, or the log-in before it."""


def promised(site: Site, words: Vocabulary, concept: str) -> Verdict:
    """The verdict on what `concept` names being open to those who log in: there is a log-in for the public,
    and words that say so."""
    doors = [judged(one.detect, site) for one in (login_verification, digital_identity)]
    login = next((door.evidence[0] for door in doors if door.answer == "yes" and door.evidence), None)
    likely = candidates(site, "login")
    if login is None:
        return no_hint(site, "login", visited=[place(page, "no log-in for the public") for page in likely])
    told = [*_links(site, concept), *_texts(site, words, concept)]
    if told:
        return hinted(*first(told), login, confidence=0.8)
    return no_hint(
        site,
        "login",
        visited=[place(page, "nothing says what is to be seen after the log-in") for page in likely],
    )


def _texts(site: Site, words: Vocabulary, concept: str) -> Iterator[Evidence]:
    """Texts beside a log-in, and elsewhere those that speak of logging in, too."""
    for page in site.pages:
        told = [block for block in page.naming(concept) if len(block.text) <= LONGEST_PROMISE]
        at_login = bool(told) and _is_login(site, page, words)
        for block in told:
            if at_login or (page.depth and words.names("login", block.norm)):
                yield text_evidence(site, page, block, concept)
                break


def _is_login(site: Site, page: PageView, words: Vocabulary) -> bool:
    return page.depth > 0 and (
        is_called(site, page, words, "login") or any(form.has("password") for form in page.forms)
    )


def _links(site: Site, concept: str) -> Iterator[Evidence]:
    for page, link in site.links_naming(concept, OWN_NAME):
        if (
            link.visible
            and link.node >= 0
            and site.is_own(link.url)
            and site.target(link.url).outcome in BEHIND
        ):
            yield link_evidence(site, page, link, concept)
