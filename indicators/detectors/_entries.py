"""How the services that a portal presents can be used: by an entry point, from start to end, or in person."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from indicators.candidates import LONGEST_NAME
from indicators.detector import link_evidence, text_evidence
from indicators.detectors._dialogue import is_comment, is_rating
from indicators.detectors._forms import form_shown, forms_of, frames_of, is_called, pressed, typed_fields
from indicators.detectors._services import (
    Service,
    distinct,
    pages_of_their_own,
    service_lists,
    services_of,
    witness,
)
from indicators.detectors._shared import is_edge
from indicators.page import Anchor, Block, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

CARD = 14
"""Blocks after a service's name that still belong to it in a list."""

OUTSIDE = "outside_system"
"""Note of an entry of which only the name's link to another host is seen, not what is there."""

LEVELS = (
    ("very_high", "share_very_high"),
    ("high", "share_high"),
    ("medium", "share_medium"),
    ("low", "share_low"),
)

SHARE_BANDS = {"share": tuple(limit for _, limit in LEVELS)}
"""What the detail ``share`` is held against."""


class Use(NamedTuple):
    """A service and how it can be used."""

    service: Service
    entry: Evidence | None
    """Its way in: a form, a log-in, a system."""
    complete: Evidence | None
    """What shows that all of it happens online."""


def uses(site: Site, words: Vocabulary) -> list[Use]:
    """Every service that the portal presents by name, once, with its use."""
    kept = site.__dict__.setdefault("_uses", [])
    if not kept:
        kept.append(_uses(site, words))
    result: list[Use] = kept[0]
    return result


def share_level(share: float) -> str:
    """The questionnaire's band of a share; very high begins above its limit."""
    if share > threshold("share_very_high"):
        return "very_high"
    return next((name for name, limit in LEVELS[1:] if share >= threshold(limit)), "very_low")


def _uses(site: Site, words: Vocabulary) -> list[Use]:
    services = _presented(site, words)
    names = {service.name for service in services}
    starts: dict[int, list[int]] = {}
    for service in services:
        starts.setdefault(service.page.id, []).append(service.at)
    return [_use(site, words, service, names, starts[service.page.id]) for service in services]


def _presented(site: Site, words: Vocabulary) -> list[Service]:
    """The services of the fullest list, and those that other lists and pages of their own add to it."""
    lists = service_lists(site, words)
    listed = [_listed(site, page, words, whole=True) for page in site.pages if page.id in lists]
    if max(map(len, listed), default=0) < threshold("services"):
        others = [page for page in site.pages if page.id not in lists]
        listed += [_listed(site, page, words, whole=False) for page in others]
    listed = [found for found in listed if found]
    listed.sort(key=lambda found: (not _is_headed(found[0].page, words), -len(found)))
    known: dict[str, Service] = {}
    targets: set[int] = set()
    for found in listed:
        if found[0].page.id in targets:
            continue  # the page of one service, not a list of them
        for service in found:
            own = own_page(site, service)
            if service.name in known or (own is not None and own.id in targets):
                continue
            known[service.name] = service
            if own is not None:
                targets.add(own.id)
    for service in pages_of_their_own(site, words):
        if service.name not in known and service.page.id not in targets:
            known[service.name] = service
    return list(known.values())


def _listed(site: Site, page: PageView, words: Vocabulary, *, whole: bool) -> list[Service]:
    return list(distinct(services_of(site, page, words, whole=whole)).values())


def _is_headed(page: PageView, words: Vocabulary) -> bool:
    """Whether the first heading of a page is that of the services; that of a service's page is its name."""
    heading = next((block for block in page.content if block.level), None)
    return heading is not None and words.names("services", heading.norm, 0.35)


def own_page(site: Site, service: Service) -> PageView | None:
    """The page of one service alone."""
    if service.link is not None:
        return site.target(service.link.url).page
    heading = service.page.blocks[service.at]
    first = next((block for block in service.page.content if block.level), None)
    return service.page if service.page.depth and heading is first else None


def _use(site: Site, words: Vocabulary, service: Service, names: set[str], starts: list[int]) -> Use:
    own = own_page(site, service)
    following = min((at for at in starts if at > service.at), default=service.end)
    last = min(following, service.at + CARD, service.end)
    card = service.page.blocks[service.at : last]
    entry = _entry_of_link(site, words, service) or _entry_in_card(site, words, service, last, names)
    if entry is None and own is not None:
        entry = _entry_on_page(site, words, own, names)
    if entry is None:
        return Use(service, None, None)
    return Use(service, entry, _completeness(site, words, service, card, own))


def _entry_of_link(site: Site, words: Vocabulary, service: Service) -> Evidence | None:
    """The name itself leads into a system on another host, or to a log-in."""
    link = service.link
    if link is None:
        return None
    if not site.is_own(link.url):
        parts = urlsplit(link.url)
        inside = bool(parts.query) or parts.path.strip("/") != ""
        return link_evidence(site, service.page, link, OUTSIDE) if inside else None
    target = site.target(link.url).page
    if target is not None and is_called(site, target, words, "login", 0.6):
        return link_evidence(site, service.page, link, "online_entry")
    return None


def _entry_in_card(
    site: Site, words: Vocabulary, service: Service, last: int, names: set[str]
) -> Evidence | None:
    """A link beside the name in the list that says that the service can be used there."""
    for link in service.page.links:
        if service.at <= link.block < last and _is_entry(site, words, service.page, link, names):
            return link_evidence(site, service.page, link, "online_entry")
    return None


def _entry_on_page(site: Site, words: Vocabulary, page: PageView, names: set[str]) -> Evidence | None:
    """A form for the service on its own page, a link that says so, or a system of another host in a frame."""
    for form in forms_of(site, page):
        if _asks(site, words, page, form):
            return form_shown(site, page, form, "online_entry")
    for link in page.links:
        inside = link.area in ("main", "aside") and link.block < len(page.blocks)
        if (
            inside
            and not is_edge(site, page.blocks[link.block])
            and _is_entry(site, words, page, link, names)
        ):
            return link_evidence(site, page, link, "online_entry")
    frame = next(frames_of(site, page, words), None)
    return link_evidence(site, page, frame, "online_entry") if frame is not None else None


def _asks(site: Site, words: Vocabulary, page: PageView, form: FormView) -> bool:
    """Whether a form takes a request: fields and a button, and no search, rating or comment."""
    if form.area in ("header", "footer", "menu") or not pressed(form):
        return False
    fields = [c for c in form.controls if c.type in ("select", "radio", "date", "file", "password")]
    if len(typed_fields(words, form)) + len(fields) == 0 or is_rating(form, words):
        return False
    if words.names("search", form.norm) and not form.has("textarea", "file"):
        return False
    return not is_comment(site, page, form, words)


def _is_entry(site: Site, words: Vocabulary, page: PageView, link: Anchor, names: set[str]) -> bool:
    if not link.visible or link.tag not in ("a", "area") or not link.url.startswith("http"):
        return False
    if len(link.text) > LONGEST_NAME or link.norm in names or link.url == page.url:
        return False
    says = words.names("use_service", link.norm, 0.35) or words.names("login", link.norm, 0.5)
    target = site.target(link.url)
    return says and site.works(link.url) and target.file is None and not words.names("help", link.norm)


def _completeness(
    site: Site, words: Vocabulary, service: Service, card: tuple[Block, ...], own: PageView | None
) -> Evidence | None:
    """What says that everything happens online; else, steps told beside a form of the portal's own, none of
    which asks somebody to come."""
    for block in card:
        if words.names("fully_online", block.norm):
            return text_evidence(site, service.page, block, "fully_online")
    if own is None:
        return None
    content = own.content
    for block in content:
        if words.names("fully_online", block.norm):
            return text_evidence(site, own, block, "fully_online")
    steps = next((b for b in content if b.level and words.names("service_step", b.norm, 0.3)), None)
    form = next((f for f in forms_of(site, own) if _asks(site, words, own, f)), None)
    if steps is None or form is None or any(words.names("in_person", b.norm) for b in content):
        return None
    return text_evidence(site, own, steps, "steps_online")


def shown(site: Site, use: Use) -> Evidence:
    """A service without a way in, as a witness of what was counted."""
    return witness(site, use.service)
