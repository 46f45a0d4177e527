"""two_way_public_networks: a link to an account or channel of the agency on a public network."""

from __future__ import annotations

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, place
from indicators.detectors._shared import is_edge, own_text, unwrap
from indicators.page import Anchor
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary


@detector("two_way_public_networks", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "social", "contact")
    pages = list(dict.fromkeys([*([site.home] if site.home else []), *likely, *site.pages]))
    accounts: dict[str, Evidence] = {}
    named = set(likely)
    to_accounts = site.sift(address=lambda url: _account(site, unwrap(url), words) is not None)
    for page in pages:
        for link in to_accounts(page):
            network = _account(site, unwrap(link.url), words)
            if not link.visible or network is None or network in accounts:
                continue
            if not _is_own(site, page, link, page in named):
                continue
            accounts[network] = link_evidence(site, page, link, "account")
        if len(accounts) >= 5:
            break
    if accounts:
        return found("yes", *accounts.values(), confidence=0.93, details={"networks": len(accounts)})
    seen = [place(page, "no link to an account") for page in pages[:5]]
    return absent(site, "social", visited=seen)


def _account(site: Site, url: str, words: Vocabulary) -> str | None:
    """The network on which an address outside the portal is an account."""
    return words.account_of(url) if url.startswith("http") and not site.is_own(url) else None


def _is_own(site: Site, page: PageView, link: Anchor, named: bool) -> bool:
    """Whether the place of a link makes it the agency's: the frame of the portal, its home or contact page,
    or words about its channels. An article's links are its subject's, a studio's are its own."""
    url = unwrap(link.url)
    if site.words.names("share", link.norm, 0.5):
        return False
    if site.words.is_persons(url) and link.norm and (site.words.account_of(url) or "") not in link.norm:
        return False  # by its words a person's: who wrote the portal, or is spoken of
    if link.block < len(page.blocks):
        block = page.blocks[link.block]
        if is_edge(site, block):
            return bool(own_text(site, page, link.block))
        above = next((b for b in reversed(page.blocks[: link.block]) if b.level), block)
        if any(site.words.signs("social", b.norm) for b in (block, above)):
            return True
    return page is site.home or named or link.area in ("header", "footer", "aside", "menu")
