"""digital_signature: a certificate or electronic signature for services or log-in, or how to get one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import form_shown, forms_of, is_called
from indicators.detectors._shared import says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_STATEMENT = 600
"""Characters of a text that says that a signature is used; longer ones mention it among other things."""

STEPS = ("service_step", "step_order", "step_papers", "step_time", "step_fee", "step_conditions")
CAPTIONS = 2
"""Captions for what a service takes from which a page presents one."""

LEAST_SHARE = 0.5
"""Part of a link's text that must name the signature."""

USES = ("services", "login", "help", "faq", "use_service", "service_step", "blank_form")
"""Pages on which such a statement is about using the agency's services."""


@detector("digital_signature", version=4)
def detect(site: Site, words: Vocabulary) -> Verdict:
    named = list(_pages(site, words))
    fields = list(_fields(site, words))
    if named or fields:
        return found("yes", *first([*named, *fields]), confidence=0.9)
    systems = list(_systems(site))
    if systems:
        return found("yes", *first(systems), confidence=0.75)
    told = list(_statements(site, words))
    if told:
        return found("yes", *first(told), confidence=0.75)
    likely = candidates(site, "digital_signature", "login")
    visited = [place(page, "no certificate or electronic signature in use") for page in likely]
    return absent(site, "digital_signature", visited=visited, confidence=0.9)


def _pages(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Pages on the signature itself that tell how to get or use it."""
    for page in site.pages:
        if not is_called(site, page, words, "digital_signature") or says_nothing(site, page):
            continue
        if page.words < threshold("service_page_words"):
            continue
        telling = max(page.content, key=lambda b: (len(_acts(b, words)), -b.node))
        if _acts(telling, words):
            yield text_evidence(site, page, telling, "digital_signature")


def _fields(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Forms with a field or button for a certificate or signature."""
    for page in site.pages:
        for form in forms_of(site, page):
            control = next((c for c in form.controls if words.names("digital_signature", c.norm, 0.3)), None)
            if control is not None:
                yield form_shown(site, page, form, "digital_signature", control)


def _systems(site: Site) -> Iterator[Evidence]:
    """Links into a system on a host beside the portal's that are named after the signature, and to one where
    signed documents are checked."""
    for page in site.pages:
        for concept in ("digital_signature", "signed_documents"):
            for link in page.links_naming(concept, LEAST_SHARE):
                inside = urlsplit(link.url).path.strip("/") != "" or concept == "signed_documents"
                shown = link.visible and link.tag == "a" and len(link.text) <= LONGEST_NAME
                if inside and shown and site.is_sibling(link.url):
                    yield link_evidence(site, page, link, "digital_signature")


def _statements(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    for page in site.pages:
        if page.depth == 0:
            continue
        for block in page.naming("digital_signature"):
            if len(block.text) <= LONGEST_STATEMENT and _acts(block, words):
                if _is_about_use(site, page, words):
                    yield text_evidence(site, page, block, "digital_signature")
                break


def _is_about_use(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is called one of using services, or presents one with captions such as "Documents" and
    "Fee"."""
    if any(is_called(site, page, words, concept) for concept in USES):
        return True
    captions = {
        b.norm for step in STEPS for b in page.naming(step, LEAST_SHARE) if len(b.text) <= LONGEST_NAME
    }
    return len(captions) >= CAPTIONS


def _acts(block: Block, words: Vocabulary) -> tuple[str, ...]:
    """What a text says is done with a signature, if it speaks of one."""
    if not words.names("digital_signature", block.norm):
        return ()
    return tuple(
        s for s in words.signs("digital_signature", block.norm) if words.match("digital_signature", s) is None
    )
