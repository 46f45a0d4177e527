"""services_on_portal: three of the agency's services by name, each described, linked or with a form."""

from __future__ import annotations

import re

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._services import (
    LONG_WORD,
    Service,
    distinct,
    is_name,
    leads_to_something,
    pages_of_their_own,
    service_lists,
    services_of,
    witness,
)
from indicators.detectors._shared import says_nothing, sections
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

_ASPECTS = ("step_papers", "step_time", "step_fee")
_NO_SERVICE = ("news", "tender", "jobs", "contact", "faq", "privacy", "policy", "related_links", "managers")

_OPENS = ("#", "javascript:")
"""How the address of a menu's entry begins that opens a list only."""

ENTRIES = 40
"""Blocks below such an entry that may be its list."""

_NO_ENTRY = (*_NO_SERVICE, "login", "staff_login", "poll", "help", "usage_stats", "search", "email_label")
_NO_SYSTEM = (*_NO_ENTRY, "services")

_ELECTRONIC = re.compile(r"e-\w{3,}")
"""How names of online systems begin in many languages: "e-Tahsilat", "e-Filing"."""


@detector("services_on_portal", version=18)
def detect(site: Site, words: Vocabulary) -> Verdict:
    visited = []
    lists = service_lists(site, words)
    likely = candidates(site, "services")
    least = int(threshold("services"))
    best: dict[str, Service] = {}
    for page in dict.fromkeys([*likely, *site.pages]):
        listed = page.id in lists
        services = distinct(services_of(site, page, words, whole=listed))
        if len(services) >= least:
            confidence = 0.95 if listed else 0.85
            shown = sorted(services.values(), key=lambda service: not service.described)
            return found(
                "yes",
                *[witness(site, service) for service in shown[:least]],
                confidence=confidence,
                details={"services": len(services)},
            )
        if page in likely:
            visited.append(place(page, f"names {len(services)} services with something to use or read"))
            best.update(services)
    for page in candidates(site, "blank_form"):
        forms = _forms_offered(site, page, words)
        if len(forms) >= least:
            return found("yes", *forms[:least], confidence=0.75, details={"forms": len(forms)})
    for page in site.pages:
        explained = _explained(site, page, words)
        if len(explained) >= least:
            return found("yes", *explained[:least], confidence=0.75, details={"services": len(explained)})
    own = distinct(pages_of_their_own(site, words))
    if len(own) >= least:
        evidence = [witness(site, service) for service in own.values()]
        return found("yes", *first(evidence), confidence=0.85, details={"services": len(own)})
    best.update(own)
    if len(best) >= least:
        evidence = [witness(site, service) for service in best.values()]
        return found("yes", *evidence, confidence=0.75, details={"services": len(best)})
    menu = _menu_entries(site, words)
    if len(menu) >= least:
        return found("yes", *first(list(menu.values())), confidence=0.75, details={"services": len(menu)})
    online = _online_column(site, words)
    if len(online) >= least:
        return found("yes", *online[:least], confidence=0.75, details={"services": len(online)})
    systems = own_systems(site, words)
    if len(systems) >= least:
        evidence = list(systems.values())[:least]
        return found("yes", *evidence, confidence=0.75, details={"services": len(systems)})
    return absent(site, "services", visited=visited, details={"services": len(best)})


def _explained(site: Site, page: PageView, words: Vocabulary) -> list[Evidence]:
    """The services on a page that is called neither one of services nor of anything else: below headings of
    one rank, of which at least two name papers, time or fee."""
    if page.depth == 0 or len(page.blocks_may_name(*_ASPECTS)) < 2 or says_nothing(site, page):
        return []
    ranks: dict[int, list[tuple[Block, bool]]] = {}
    for section in sections(page.content):
        head = section.heading
        if head.level == 1 or section.words < threshold("service_description_words"):
            continue
        if any(words.names(concept, head.norm, 0.4) for concept in (*_ASPECTS, *_NO_SERVICE)):
            continue
        told = any(words.names(concept, block.norm) for block in section.body[:4] for concept in _ASPECTS)
        ranks.setdefault(head.level, []).append((head, told))
    best = max(ranks.values(), key=len, default=[])
    if sum(told for _, told in best) < 2:
        return []
    return [text_evidence(site, page, head, "service") for head, _ in best]


def _online_column(site: Site, words: Vocabulary) -> list[Evidence]:
    """The entries of a menu or a column of the footer that is called one of online services: those that lead
    to what they name, and in a saved copy beside them those that were not saved with it."""
    home = site.home
    if home is None:
        return []
    links = {link.block: link for link in home.links if link.visible and link.text and link.tag == "a"}
    for index in home.blocks_may_name("services"):
        caption = home.blocks[index]
        online = words.names("services", caption.norm, 0.75) and words.names("online_service", caption.norm)
        if not online or caption.area not in ("menu", "footer") or index in links:
            continue
        offered: dict[str, Evidence] = {}
        answered = 0
        for at in range(index + 1, min(len(home.blocks), index + 1 + ENTRIES)):
            link = links.get(at)
            if link is None or home.blocks[at].level or not site.is_own(link.url):
                break
            works = leads_to_something(site, home, link, words)
            missing = site.archived and site.target(link.url).outcome in ("http_error", None)
            if (works or missing) and is_name(link.text, words, one_word=len(link.text) >= LONG_WORD):
                answered += works
                offered.setdefault(link.url, link_evidence(site, home, link, "service"))
        if answered:
            return list(offered.values())
    return []


def own_systems(site: Site, words: Vocabulary) -> dict[str, Evidence]:
    """The agency's own systems on hosts beside the portal, where the home page names them in a menu of
    services or, below no heading, after what they are for: "Inquiry about building permits". One system may
    be the way to several things that are done there, each named."""
    named: dict[str, Evidence] = {}
    home = site.home
    if home is None:
        return named
    menu = _service_menus(site, home, words)
    for link in home.links:
        if not link.visible or not link.text or not site.is_sibling(link.url):
            continue
        electronic = _ELECTRONIC.match(link.norm) is not None
        if not is_name(link.text, words, one_word=electronic):
            continue
        listed = link.block in menu and not any(words.names(concept, link.norm, 0.5) for concept in _NO_ENTRY)
        # One system is for several services, each named in a menu of them or after what is done there.
        if listed or _does_something(link.norm, words):
            done = listed or (not electronic and _at_edge("use_service", link.norm, words))
            named.setdefault(link.norm if done else link.url, link_evidence(site, home, link, "service"))
    return named


def _menu_entries(site: Site, words: Vocabulary) -> dict[str, Evidence]:
    """What a menu called one of services opens on the home page: entries that lead to what they name, on the
    portal or in the agency's own systems."""
    entries: dict[str, Evidence] = {}
    home = site.home
    inside = _submenus(site, home, words) if home is not None else None
    if home is None or not inside:
        return entries
    for link in home.links:
        if link.block not in inside or not link.visible or link.tag != "a" or not is_name(link.text, words):
            continue
        if any(words.names(concept, link.norm, 0.5) for concept in _NO_ENTRY):
            continue
        if site.is_sibling(link.url) or (site.is_own(link.url) and _leads_on(site, home, link, words)):
            entries.setdefault(link.norm, link_evidence(site, home, link, "service"))
    return entries


def _leads_on(site: Site, home: PageView, link: Anchor, words: Vocabulary) -> bool:
    page = site.target(link.url).page
    return page is not None and page.depth > 0 and leads_to_something(site, home, link, words)


def _submenus(site: Site, home: PageView, words: Vocabulary) -> set[int]:
    """The blocks of all that a menu's entry opens which is called one of services, however deep."""
    inside: set[int] = set()
    leading = _leading(home)
    for index in home.blocks_may_name("services"):
        caption = home.blocks[index]
        if index in leading or caption.area != "menu" or caption.tag != "li":
            continue
        if not words.names("services", caption.norm, 0.6):
            continue
        end = caption.node + sum(1 for _ in site.tree(home).elements[caption.node].iter())
        for below in range(index + 1, len(home.blocks)):
            if home.blocks[below].node >= end:
                break
            inside.add(below)
    return inside


def _service_menus(site: Site, home: PageView, words: Vocabulary) -> set[int]:
    """The blocks of the menu entries below one that is called services and opens a list, up to the next that
    opens one; and of the list right below a caption elsewhere that says the same."""
    leading = _leading(home)
    inside = _submenus(site, home, words)
    for index in home.blocks_may_name("services"):
        caption = home.blocks[index]
        if index in leading or not words.names("services", caption.norm, 0.6):
            continue
        start, end = index + 1, min(len(home.blocks), index + 1 + ENTRIES)
        if caption.area != "menu" and start < end and start not in leading:
            start += word_count(home.blocks[start].text) <= threshold("title_words")  # whom they are for
        for below in range(start, end):
            entry = home.blocks[below]
            if below not in leading or not (
                entry.area == "menu" if caption.area == "menu" else entry.tag == "li"
            ):
                break
            inside.add(below)
    return inside


def _leading(home: PageView) -> set[int]:
    """The blocks with links that lead somewhere."""
    return {
        link.block
        for link in home.links
        if link.tag != "link" and link.url.startswith("http") and not link.href.strip().startswith(_OPENS)
    }


def _does_something(name: str, words: Vocabulary) -> bool:
    """Whether a name begins or, as in languages that put the verb last, ends with what a system is or does
    for whoever uses it, or names what is granted, or a map."""
    if words.names("gis", name, 0.6):
        return True
    done = _at_edge("use_service", name, words)
    electronic = _ELECTRONIC.match(name) is not None
    # "Membership in the system of services" begins with what is done, whatever it names then.
    if any(words.names(c, name) for c in (_NO_SERVICE if done else _NO_ENTRY if electronic else _NO_SYSTEM)):
        return False
    named = done or electronic or _at_edge("online_service", name, words)
    return named or bool(words.signs("services", name))


def _at_edge(concept: str, name: str, words: Vocabulary) -> bool:
    named = words.match(concept, name)
    return named is not None and (named.start == 0 or named.end == len(name))


def _forms_offered(site: Site, page: PageView, words: Vocabulary) -> list[Evidence]:
    """The forms for applications on a page called one of forms: documents that are named after what they are
    for and are there."""
    if page.depth == 0 or not is_called(site, page, words, "blank_form", 0.4):
        return []
    offered: dict[str, Evidence] = {}
    for link in page.links:
        target = site.target(link.url)
        names = word_count(link.text) >= 2 and not words.names("download", link.norm, 0.6)
        if link.visible and names and target.file is not None and target.outcome == "ok":
            offered.setdefault(link.url, link_evidence(site, page, link, "service"))
    return list(offered.values())
