"""digital_identity: log-in or request by a national or federated digital identity, with a working way in."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place
from indicators.detectors._dialogue import links_once
from indicators.detectors._forms import asks_for, form_shown, forms_of, is_called
from indicators.detectors._shared import enters_by_identity, is_edge, unwrap
from indicators.page import Anchor, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

SHORT = 300
"""Characters of a text beside a form that tells how one logs in."""


SENTENCE = 3
"""Words of a link from which it says more than a system's name."""

ENTRIES = 3
"""Links behind one that opens a list, from which it is told what the list holds."""


@detector("digital_identity", version=8)
def detect(site: Site, words: Vocabulary) -> Verdict:
    entries = list(_entries(site, words))
    if entries:
        return found("yes", *first(entries), confidence=0.92)
    asked = list(_own_check(site, words))
    if asked:
        return found("yes", *first(asked), confidence=0.85)
    visited = [place(page, "no national or federated identity") for page in candidates(site, "login")]
    return absent(site, "login", visited=visited, confidence=0.88)


def _entries(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Links, buttons and redirects into an identity system, for logging in here."""
    for page, link in links_once(site):
        if (
            link.visible
            and link.tag in ("a", "area")
            and _enters(site, link, words, at_login=False)
            and not _opens_nothing(page, link)
        ) or enters_by_identity(site, page, link):
            yield link_evidence(site, page, link, "digital_identity")
    for page in site.pages:
        at_login = _is_login(site, page, words)
        for link in page.links if at_login else ():
            beside = link.visible and link.tag in ("a", "area") and not _is_frame(site, page, link)
            if beside and _enters(site, link, words, at_login=True) and not _opens_nothing(page, link):
                yield link_evidence(site, page, link, "digital_identity")
        for block in page.naming("login_with"):  # "Log in with", then the identity's name as a link
            if len(block.text) <= SHORT:
                for link in page.links:
                    within = page.blocks[link.block] is block if link.block < len(page.blocks) else False
                    if within and link.visible and words.gateway_of(unwrap(link.url), "identity"):
                        yield link_evidence(site, page, link, "digital_identity")
        for form in forms_of(site, page):
            named = next(
                (
                    c
                    for c in form.controls
                    if c.type in ("submit", "button", "image") and words.gateway_named(c.norm, "identity")
                ),
                None,
            )
            if words.gateway_of(form.action, "identity") or (
                named is not None and (at_login or words.names("login_with", named.norm))
            ):
                yield form_shown(site, page, form, "digital_identity", named)


def _opens_nothing(page: PageView, link: Anchor) -> bool:
    """Whether a link opens a list on its own page whose entries lead nowhere: where the providers of the
    identity will stand one day."""
    if not link.href.startswith("#"):
        return False
    below = [other for other in page.links if other.node > link.node and other.tag == "a"][:ENTRIES]
    return len(below) == ENTRIES and all(other.href.strip() in ("", "#") for other in below)


def _enters(site: Site, link: Anchor, words: Vocabulary, *, at_login: bool) -> bool:
    """Whether a link logs somebody in by such an identity. A general link to the identity system's own
    portal, as stands in many footers, does not."""
    if len(link.text) > LONGEST_NAME:
        return False
    address = unwrap(link.url)
    named = words.gateway_named(link.norm, "identity") is not None
    there = words.gateway_of(address, "identity") is not None
    if there:
        offers = at_login and not _only_tells(link, address, words)
        return offers or words.names("login_with", link.norm) or _hands_over(address, words)
    if site.is_own(link.url):
        gone = _sent_away(site, link.url)
        if gone and words.gateway_of(gone, "identity"):
            return True
        way_in = words.in_address("single_sign_on", link.url) or words.in_address("login", link.url)
        return (
            named
            and (words.names("login_with", link.norm) or at_login or way_in)
            and _is_there(site, link.url)
        )
    if not named:
        return False
    enters_own = site.is_sibling(link.url) and words.names("login", link.norm)
    return words.names("login_with", link.norm) or enters_own or (at_login and _hands_over(address, words))


def _only_tells(link: Anchor, address: str, words: Vocabulary) -> bool:
    """Whether a link to the front page of such a system tells of it ("Information on ...") and lets nobody
    in."""
    enters = any(words.names(concept, link.norm) for concept in ("login", "login_with", "use_service"))
    return word_count(link.text) >= SENTENCE and not enters and urlsplit(address).path.strip("/") == ""


def _hands_over(url: str, words: Vocabulary) -> bool:
    """Whether an address says where somebody comes from, or that they come to log in."""
    return words.in_address("single_sign_on", url) or bool(urlsplit(url).query)


def _is_frame(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether a link stands around the page rather than in it: many footers link the national portal."""
    return link.block < len(page.blocks) and is_edge(site, page.blocks[link.block])


def _is_there(site: Site, url: str) -> bool:
    return site.target(url).outcome not in ("http_error", "soft_404", "empty", "parked")


def _sent_away(site: Site, url: str) -> str:
    """Where an address of the portal redirects to, '' if it does not leave."""
    target = site.target(url)
    if target.outcome != "redirected_away":
        return ""
    return next((p.final_url for p in site.all_pages if p.url == url or p.final_url == url), "")


def _own_check(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Log-ins that ask for the national number and send a one-time code."""
    for page in site.pages:
        for form in forms_of(site, page):
            if form.has("password") or not any(
                asks_for(words, control, "national_id_field") for control in form.controls
            ):
                continue
            if _sends_code(page, form, words):
                yield form_shown(site, page, form, "national_id_and_code")


def _sends_code(page: PageView, form: FormView, words: Vocabulary) -> bool:
    if any(words.names("one_time_code", control.norm) for control in form.controls):
        return True
    return any(
        words.names("one_time_code", block.norm) for block in page.content if len(block.text) <= SHORT
    ) and words.in_address("login", page.url)


def _is_login(site: Site, page: PageView, words: Vocabulary) -> bool:
    return is_called(site, page, words, "login") or any(form.has("password") for form in page.forms)
