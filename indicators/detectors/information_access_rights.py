"""information_access_rights: the citizen's right of access to information: the law, a procedure or form for
requests, or a link to the national system."""

from __future__ import annotations

from crawler.text import normalize, word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    Verdict,
    absent,
    detector,
    found,
    link_evidence,
    place,
    text_evidence,
)
from indicators.detectors._forms import TYPED, form_shown, forms_of
from indicators.detectors._shared import is_host_of, says_nothing, unwrap
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

CLEAR = 0.35
"""Share of a heading or link that the right must take to be what it is about."""


OPENING = 12
"""Characters before the name of the right in a text that begins with it."""

MANY = 5
"""Signs of the right in a text that names it farther on."""

FULL_NAME = 4
"""Words of the full name."""


@detector("information_access_rights", version=9)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "information_access")
    for page in likely:
        witness = _explains(site, page, words)
        if witness is not None:
            return found("yes", witness, confidence=0.93)
    for page in site.pages:
        told = _told_in_passing(page, words) if page.depth else None
        if told is not None:
            return found("yes", text_evidence(site, page, told, "access_right"), confidence=0.8)
    national = _national_system(site, words)
    if national is not None:
        return found("yes", national, confidence=0.93)
    elsewhere = _on_another_host(site, words)
    if elsewhere is not None:
        return found("yes", elsewhere, confidence=0.7)
    visited = [place(page, "does not tell of the right of access to information") for page in likely]
    return absent(site, "information_access", visited=visited)


def _explains(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """The block that tells most of the right, on a page that is about it, else a form for requests."""
    if page.depth == 0 or says_nothing(site, page):
        return None
    named = any(words.names("information_access", b.norm, CLEAR) for b in page.headings)
    named = named or words.in_address("information_access", page.url)
    named = named or words.names("information_access", normalize(page.title))
    content = [b for b in page.content if not words.is_filler_text(b.norm)]
    if not named or not content:
        return None
    for form in forms_of(site, page):
        if form.area == "main" and form.has("textarea") and form.has(*TYPED):
            return form_shown(site, page, form, "information_request")
    inside = {block.node for block in content}
    for link in page.links:
        asked = link.visible and link.block < len(page.blocks) and page.blocks[link.block].node in inside
        if asked and words.gateway_of(link.url, "form") is not None:
            return link_evidence(site, page, link, "information_request")
    told = {sign for b in content for sign in _signs(b, words)}
    if not any(_signs(b, words) for b in content if not b.level):
        return None  # what a heading says alone, nothing below it tells
    if len(told) < threshold("access_signs") or page.words < threshold("access_words"):
        return None
    telling = max(content, key=lambda b: (len(_signs(b, words)), not b.level, -b.node))
    return text_evidence(site, page, telling, "access_right")


def _told_in_passing(page: PageView, words: Vocabulary) -> Block | None:
    """A text on a page of another name that names the right and tells how it is used: by a line or heading of
    its own above it, or with its first words."""
    content = page.content
    for index in page.may_name("information_access"):
        title, told = content[index], content[index + 1] if index + 1 < len(content) else None
        if told is None or not words.names("information_access", title.norm, 0.75):
            continue
        enough = len(set(_signs(told, words))) >= threshold("access_signs")
        if enough and word_count(told.text) >= threshold("access_words") and not told.level:
            return told
    return next((b for b in page.signing("access_right") if _begins_with_right(page, b, words)), None)


def _begins_with_right(page: PageView, block: Block, words: Vocabulary) -> bool:
    """Whether a text begins with the full name of the right ("The right of access to information ...") and
    tells of it, or names it farther on and tells much of it; the right of access to one's own data has a
    shorter name."""
    named = words.match("information_access", block.norm)
    if named is None or word_count(block.norm[named.start : named.end]) < FULL_NAME:
        return False
    if block.area != "main" or block.level or words.in_address("privacy", page.url):
        return False
    signs = len(set(words.signs("access_right", block.norm)))
    enough = signs >= (threshold("access_signs") if named.start <= OPENING else MANY)
    return enough and word_count(block.text) >= threshold("access_words")


def _signs(block: Block, words: Vocabulary) -> tuple[str, ...]:
    return (*words.signs("access_right", block.norm), *words.signs("information_access", block.norm))


def _national_system(site: Site, words: Vocabulary) -> Evidence | None:
    likely = site.sift(address=lambda url: words.gateway_of(unwrap(url), "information_access") is not None)
    for page in site.pages:
        for link in likely(page):
            if link.visible:
                return link_evidence(site, page, link, "national_access_system")
    return None


def _on_another_host(site: Site, words: Vocabulary) -> Evidence | None:
    """A link whose words and target's address both name the right: the parent body's office for it, or a
    national system that is not among the known ones."""
    for page in site.pages:
        for link in page.links_naming("information_access"):
            named = words.names("information_access", link.norm, 0.6)
            if (
                (named or is_host_of(site, link.url, words, "information_access"))
                and link.visible
                and link.url.startswith("http")
                and not site.is_own(link.url)
                and not site.was_here(link.url)
                and len(link.text) <= LONGEST_NAME
                and words.network_of(link.url) is None
            ):
                return link_evidence(site, page, link, "access_right_elsewhere")
    return None
