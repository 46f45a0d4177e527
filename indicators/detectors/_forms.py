"""What a form is for, and whether anything is behind it."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.text import normalize
from indicators.candidates import LONGEST_NAME
from indicators.page import Anchor, Control, FormView
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

TYPED = frozenset(("text", "search", "email", "tel", "number", "textarea", "url"))
"""Types of fields into which a person writes freely."""

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
    """Whether a field is for what the concept names, by its label or else its name in the form."""
    if control.label:
        return words.names(concept, control.norm, 0.2)
    return words.in_address(concept, f"/{control.name}")


def asks_in_any_way(words: Vocabulary, control: Control, concept: str) -> bool:
    """As `asks_for`, but a field's name in the form counts beside its label."""
    return asks_for(words, control, concept) or words.in_address(concept, f"/{control.name}")


def pressed(form: FormView) -> list[Control]:
    """The buttons of a form."""
    return [control for control in form.controls if control.type in PRESSED]


def names_of(site: Site, page: PageView) -> list[str]:
    """What a page is called, normalised: its first headings, its title, and the links that lead to it."""
    headings = [b.norm for b in page.headings if b.level <= 2 and len(b.text) <= LONGEST_NAME]
    title = page.facts.title.replace("|", "\n").replace(" - ", "\n").replace(" :: ", "\n").split("\n")[0]
    links = [i.link.norm for i in site.links_to(page) if i.link.text and len(i.link.text) <= LONGEST_NAME]
    return [*headings[:3], *([normalize(title)] if title.strip() else []), *links]


def is_called(site: Site, page: PageView, words: Vocabulary, concept: str, share: float = 0.4) -> bool:
    """Whether a page is called what the concept names; the home page is called nothing."""
    if page.depth == 0:
        return False
    return any(words.names(concept, name, share) for name in names_of(site, page))


def frames_of(site: Site, page: PageView) -> Iterator[Anchor]:
    """What a page embeds from other hosts: there it shows part of itself."""
    for link in page.links:
        if (
            link.tag == "iframe"
            and link.visible
            and link.url.startswith("http")
            and not site.is_own(link.url)
        ):
            yield link
