"""What a form is for, and whether anything is behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.text import normalize
from indicators.candidates import LONGEST_NAME, names_given
from indicators.detector import form_evidence
from indicators.page import Anchor, Control, FormView
from indicators.quoting import LONGEST_FORM
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary
from indicators.vocabulary.prefilter import Sifted

TYPED = frozenset(("text", "search", "email", "tel", "number", "textarea", "url"))
"""Types of fields into which a person writes freely."""

_TITLE_BAR = re.compile(r"\s*(?:[|»]|::|\s[-–—:]\s)\s*")

PRESSED = frozenset(("submit", "image", "button"))


def forms_of(site: Site, page: PageView) -> Iterator[FormView]:
    """The forms of a page that can be sent; a form whose own address is known to be dead is left out."""
    for form in page.forms:
        if form.tag and not is_dead(site, form):
            yield form


def is_dead(site: Site, form: FormView) -> bool:
    """Whether nothing is behind a form: it sends nothing, or to an address that is not there."""
    if form.dead:
        return True
    if not form.action or form.method != "get":
        return False  # only its page was asked for, never the address to which a form is posted
    return site.target(form.action).outcome in ("http_error", "soft_404")


def asks_for(words: Vocabulary, control: Control, concept: str) -> bool:
    """Whether a field is for what the concept names, by its label or else its name in the form, or the line
    before it."""
    if control.label:
        return words.names(concept, control.norm, 0.2)
    if words.in_address(concept, f"/{control.name}"):
        return True
    return bool(control.before) and words.names(concept, normalize(control.before), 0.2)


def pressed(form: FormView) -> list[Control]:
    """The buttons of a form."""
    return [control for control in form.controls if control.type in PRESSED]


def names_of(site: Site, page: PageView) -> Sequence[str]:
    """What a page is called, normalised: its first headings, its title, and the links that lead to it."""
    return _names(site, page).things


def _names(site: Site, page: PageView) -> Sifted[str]:
    known: dict[int, Sifted[str]] = site.__dict__.setdefault("_names_of_pages", {})
    if page.id not in known:
        headings = [
            b.norm
            for b in page.headings
            if b.level <= 2 and len(b.text) <= LONGEST_NAME and not site.is_frame(b)
        ]
        title = normalize(_TITLE_BAR.split(page.facts.title)[0])
        names = [*headings[:3], *([title] if title else []), *names_given(site, page)]
        known[page.id] = Sifted(names, map(site.words.naming, names))
    return known[page.id]


def is_called(site: Site, page: PageView, words: Vocabulary, concept: str, share: float = 0.4) -> bool:
    """Whether a page is called what the concept names, by its names or its address; the home page is called
    nothing."""
    if page.depth == 0:
        return False
    return words.in_address(concept, page.url) or any(
        words.names(concept, name, share) for name in _names(site, page).holding(words.bits(concept))
    )


def frames_of(site: Site, page: PageView, words: Vocabulary) -> Iterator[Anchor]:
    """What a page embeds from other hosts to show part of itself there; no maps, players and the like."""
    for link in page.links:
        if link.tag != "iframe" or not link.visible or not link.url.startswith("http"):
            continue
        decorates = words.network_of(link.url) or words.in_address("widget", link.url)
        if not site.is_own(link.url) and not decorates:
            yield link


def is_search_field(words: Vocabulary, control: Control) -> bool:
    """Whether a field takes a search query, by its type, label, name or marks."""
    if control.type == "search":
        return True
    if control.tag != "input" or control.type != "text":
        return False
    marks = f"/{control.name}/{control.marks.replace(' ', '/')}"
    if words.names("search", control.norm, 0.3) or words.in_address("search", marks):
        return True
    begun = words.match("search", control.norm) if control.norm.endswith(("...", "…")) else None
    return begun is not None and begun.start == 0  # "Search a service, an office ..."


def typed_fields(words: Vocabulary, form: FormView) -> list[Control]:
    """The fields of a form into which a person writes, without search boxes that it encloses."""
    return [c for c in form.controls if c.type in TYPED and not is_search_field(words, c)]


def form_shown(
    site: Site, page: PageView, form: FormView, note: str, control: Control | None = None
) -> Evidence:
    """A form as evidence, by its own words, that of the field which matters among them. The place is the
    form's, unless it encloses a whole page."""
    evidence = form_evidence(site, page, form, note, control or next(iter(pressed(form)), None))
    if len(form.text) > LONGEST_FORM:
        return evidence
    return evidence.model_copy(update={"locator": site.xpath(page, form.node)})
