"""app_multi_os: the agency's own mobile application, offered for two operating systems or more."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from crawler.capture import CaptureError, File
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, file_evidence, found, link_evidence, place
from indicators.detectors._shared import rows_of_links, unwrap
from indicators.page import Anchor
from indicators.records import Evidence, Place
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

INSTALLABLE = frozenset(("standalone", "fullscreen", "minimal-ui"))
"""What a manifest's `display` must be for browsers to offer the installation."""

LARGEST_MANIFEST = 100_000
LONGEST_SENTENCE = 250
"""Characters of the text around a link that speak of it; in a longer one it is mentioned among others."""


class Offer(NamedTuple):
    system: str
    page: PageView
    evidence: Evidence


@detector("app_multi_os", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    offers: dict[str, Offer] = {}
    likely = site.sift(address=lambda url: _offered_at(unwrap(url), words) is not None)
    for page in dict.fromkeys([*candidates(site, "mobile_app"), *site.pages]):
        for link in likely(page):
            system = _system(site, page, link, words)
            if system and system not in offers:
                offers[system] = Offer(system, page, link_evidence(site, page, link, f"app_{system}"))
    web = _installable(site) if offers else None
    if web is not None:
        offers["web"] = web
    systems = sorted(offers)
    if len(offers) >= 2:
        together = len({offer.page.id for offer in offers.values() if offer.system != "web"}) == 1
        return found(
            "yes",
            *(offer.evidence for offer in offers.values()),
            confidence=0.95 if (together and "web" not in offers) or len(offers) > 2 else 0.85,
            details={"systems": ", ".join(systems)},
        )
    visited: list[Place] = [place(o.page, f"offered for {o.system} only") for o in offers.values()]
    rest = [page for page in candidates(site, "mobile_app") if page.url not in {p.url for p in visited}]
    visited += [place(page, "offers no application") for page in rest]
    return absent(site, "mobile_app", visited=visited, confidence=0.9)


def _system(site: Site, page: PageView, link: Anchor, words: Vocabulary) -> str | None:
    """The operating system for which a link offers an application of the agency."""
    address = unwrap(link.url)
    system = _offered_at(address, words) if link.visible else None
    there = words.store_of(address) is not None or _is_package(site, address)
    return system if system and there and not _is_foreign(page, link, words) else None


def _offered_at(url: str, words: Vocabulary) -> str | None:
    """The operating system of the application in a store, or of the package file, at an address."""
    if not url.startswith("http"):
        return None
    store = words.store_of(url)
    return store[1] if store else words.stores.files.get(_ending(url))


def _ending(url: str) -> str:
    path = url.partition("#")[0].partition("?")[0]
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def _is_package(site: Site, url: str) -> bool:
    """Whether a package file is really there. Files on other hosts are never asked for."""
    target = site.target(url)
    if not target.own:
        return True
    return target.file is not None and target.outcome == "ok" and "html" not in target.file.media_type


def _is_foreign(page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether the words at a link, or the name of the application in its address, are those of somebody
    else's: a messenger, a reader, a browser, a national system. What is only announced is no offer either."""
    # In a row of links the others' words are not about this one.
    beside = link.block < len(page.blocks) and link.block not in rows_of_links(page)
    around = page.blocks[link.block].norm if beside else ""
    texts = [link.norm, around if len(around) <= LONGEST_SENTENCE else ""]
    name = urlsplit(link.url)
    in_address = " ".join(f"{name.path} {name.query}".lower().replace(".", " ").replace("-", " ").split("/"))
    return (
        any(words.names("foreign_app", t) or words.signs("under_construction", t) for t in texts)
        or words.names("foreign_app", in_address)
        or words.gateway_named(link.norm) is not None
    )


def _installable(site: Site) -> Offer | None:
    """The portal as a web application that browsers offer to install: served safely, with a manifest that
    has a name, an icon, a start and a window of its own."""
    seen: set[str] = set()
    for page in site.pages:
        for link in page.links:
            if link.tag != "link" or "manifest" not in link.rel.split() or link.url in seen:
                continue
            seen.add(link.url)
            target = site.target(link.url)
            file = target.file
            if file is None or target.outcome != "ok" or not link.url.startswith("https://"):
                continue
            if _is_manifest(site, file, link.url):
                return Offer("web", page, file_evidence(file, "app_web"))
    return None


def _is_manifest(site: Site, file: File, url: str) -> bool:
    try:
        data: Any = json.loads(site.body(file.record_id)[:LARGEST_MANIFEST])
    except (CaptureError, ValueError, RecursionError, OSError):
        return False
    if not isinstance(data, dict) or not isinstance(data.get("start_url"), str):
        return False
    override = data.get("display_override")
    displays = [data.get("display"), *(override if isinstance(override, list) else ())]
    shown = {display for display in displays if isinstance(display, str)}
    return bool(
        (data.get("name") or data.get("short_name"))
        and data.get("icons")
        and shown & INSTALLABLE
        and site.is_own(urljoin(url, data["start_url"]))
    )
