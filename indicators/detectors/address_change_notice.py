"""address_change_notice: a moved office or new web address is told, or the old host leads to the new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from indicators.candidates import candidates
from indicators.detector import Verdict, detector, first, hinted, no_hint, place, text_evidence
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

LONGEST_NOTICE = 500
"""Characters of a text that tells of a move; in a longer one it is mentioned among others."""

BELOW = 3
"""Blocks below a heading of a move in which the new address stands."""

ANY = ("very_high", "high", "medium", "low", "very_low")
"""A notice shows that changes are told; how far, the agency knows."""

_WEB_ADDRESS = re.compile(r"(?<![\w@.-])(?:https?://|www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w@])")


@detector("address_change_notice", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    notices = [e for page in site.pages for e in _notices(site, page, words)]
    moved = list(_old_hosts(site))
    if notices or moved:
        return hinted(*first([*notices, *moved]), suggests=ANY, confidence=0.8 if notices else 0.65)
    likely = candidates(site, "address_change", "contact", "announcement", "news")
    return no_hint(
        site, "address_change", visited=[place(page, "no notice of a changed address") for page in likely]
    )


def _notices(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Texts that tell of a move and give the address, in the same text or right below."""
    content = page.content
    for index in page.may_name("address_change"):
        block = content[index]
        if len(block.text) > LONGEST_NOTICE or not words.names("address_change", block.norm):
            continue
        if words.is_filler_text(block.norm):
            continue
        below = content[index + 1 : index + 1 + BELOW] if _opens(block) else []
        if any(_gives_address(b, words) for b in (block, *below)):
            yield text_evidence(site, page, block, "address_change")


def _opens(block: Block) -> bool:
    return block.level > 0 or block.text.rstrip().endswith(":") or block.tag in ("dt", "th", "strong", "a")


def _gives_address(block: Block, words: Vocabulary) -> bool:
    if len(block.text) > LONGEST_NOTICE:
        return False
    return words.names("address_part", block.norm) or bool(_WEB_ADDRESS.search(block.norm))


def _old_hosts(site: Site) -> Iterator[Evidence]:
    """Hosts of the portal that lead to another of its hosts; a mere "www." is no other host."""
    seen: set[tuple[str, str]] = set()
    for page in site.all_pages:
        old, new = _host(page.url), _host(page.final_url)
        if page.outcome != "ok" or old == new or (old, new) in seen:
            continue
        record = (
            site.latest_record(page.url) if site.is_own(page.url) and site.is_own(page.final_url) else None
        )
        headers = site.headers(record) if record else []
        location = next((value for name, value in headers if name.lower() == "location"), "")
        if record and location:
            seen.add((old, new))
            yield Evidence(
                url=page.url,
                seen_at=page.fetched_at,
                kind="header",
                excerpt=f"Location: {location}",
                warc_record=record,
                page=page.id,
                note="old_host",
            )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
