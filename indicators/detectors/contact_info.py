"""contact_info: the agency's own telephone, postal address or e-mail, at home or on a contact page."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.contacts import is_postal_address
from indicators.detector import Verdict, absent, detector, found, link_evidence, place, text_evidence
from indicators.detectors._shared import CLICKS, contact_pages, emails_of, is_filler, own_text, rows_of_links
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

EXTENSION = 3
"""Digits of an extension, which reaches nobody alone; a public line of so few digits says what it is."""

WHOLE = 7
"""Digits of a number that is one among links, too; a shorter one names a service there: "Survey on 1888"."""


@detector("contact_info", version=8)
def detect(site: Site, words: Vocabulary) -> Verdict:
    pages = contact_pages(site)
    near = (page for page in candidates(site, "complaint") if page.depth <= CLICKS)
    pages += [page for page in near if page not in pages]  # where one writes to the agency, too
    evidence: dict[str, Evidence] = {}
    for page in pages:
        for index, block in enumerate(page.blocks):
            text = own_text(site, page, index)
            if text and not is_filler(site, block):
                for kind in _kinds(site, page, index, text, words):
                    evidence.setdefault(kind, text_evidence(site, page, block, kind))
        for email in emails_of(site, page):
            if email.link is not None and "email" not in evidence:
                evidence["email"] = link_evidence(site, page, email.link, "email")
            elif email.block is not None and not is_filler(site, email.block) and "email" not in evidence:
                evidence["email"] = text_evidence(site, page, email.block, "email", around=email.address)
        for link in page.links:
            digits = "".join(char for char in link.href[4:] if char.isdigit())
            if link.href.lower().startswith("tel:") and len(digits) >= 3 and "telephone" not in evidence:
                around = own_text(site, page, link.block) if link.block < len(page.blocks) else " "
                if around and not words.is_filler_phone(digits):
                    evidence["telephone"] = link_evidence(site, page, link, "telephone")
    if evidence:
        return found("yes", *evidence.values(), confidence=0.95 if len(evidence) > 1 else 0.85)
    return absent(site, "contact", visited=[place(p, "no telephone, address or e-mail") for p in pages])


def _kinds(site: Site, page: PageView, index: int, text: str, words: Vocabulary) -> list[str]:
    block, kinds = page.blocks[index], []
    row = index in rows_of_links(page) or (
        block.area == "menu"
        and not words.signs("telephone_label", text)
        and not words.signs("address_part", text)
    )
    lengths = [len(phone.digits) for phone in site.phones(text)]
    if any(
        length >= WHOLE or (not row and (length > EXTENSION or words.signs("hotline_label", text)))
        for length in lengths
    ):
        kinds.append("telephone")
    if not row and is_postal_address(block.text if text == block.norm else text, words):
        kinds.append("address")
    return kinds
