"""How what stands on a page is quoted: whole words, and a form by its heading, its labels and its button."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.page import Block, Control, FormView
from indicators.site import PageView, Site

CUT = " … "
"""Between the pieces of a quotation, as in print, for what is left out; each piece stands in the page."""

LONGEST_EXCERPT = 300
LONGEST_PIECE = 80
"""Characters of one piece: a longer label explains what it asks."""

LONGEST_FORM = 400
"""Characters of text; a form with more is the page itself, as some makers of portals have it."""

MOST_FIELDS = 6
ABOVE = 6
"""Blocks before a form's first field among which its heading or question stands."""

NEAR = 12
"""Elements between a field and the words right before it."""

_PRESSED = frozenset(("submit", "image", "button"))
_HEADS = frozenset(("legend", "caption", "summary"))
_MARKS = " \t:*：؛"
"""What labels end with without saying it: colons, the star of a field that must be filled."""


def excerpt(text: str, around: str | None = None, longest: int = LONGEST_EXCERPT) -> str:
    """At most `longest` characters of a text, whole words, holding `around` if it stands there."""
    text = " ".join(text.split()).strip("\u200b\u200c\u200e\u200f\ufeff ")
    if len(text) <= longest:
        return text
    at = max(text.find(around), 0) if around else 0
    start = max(0, min(at - longest // 3, len(text) - longest))
    piece = text[start : start + longest]
    words = piece.split(" ")
    if start > 0 and text[start - 1] != " ":
        words = words[1:]
    if start + longest < len(text) and text[start + longest] != " ":
        words = words[:-1]
    return " ".join(words) or piece


def form_words(site: Site, page: PageView, form: FormView, control: Control | None = None) -> str:
    """A form in its own words, which stand apart: its heading, legend or question, the labels of its fields
    (`control` among them), its button. Captchas are left out: they say nothing of what a form is for."""
    own = _controls(page, form, control)
    labels = [(c, words) for c in own if (words := _label(site, page, c, always=c is control))]
    buttons = [words for c, words in labels if c.type in _PRESSED and c is not control]
    fields = [(c, words) for c, words in labels if c.type not in _PRESSED or c is control]
    kept = fields[:MOST_FIELDS]
    if control is not None and not any(c is control for c, _ in kept):
        kept[-1:] = [(c, words) for c, words in fields if c is control]
    short = [words if c is control else excerpt(words, longest=LONGEST_PIECE) for c, words in kept]
    quoted = _joined([excerpt(_title(site, page, form, own), longest=LONGEST_PIECE), *short, *buttons[:1]])
    if quoted:
        return quoted
    named = control or next((c for c in own if c.name), None)
    return excerpt(form.text) or (named.name if named else "")


def _joined(pieces: Iterable[str]) -> str:
    """The pieces that say something, each once, as many as there is room for."""
    kept: list[str] = []
    for piece in pieces:
        says = any(map(str.isalnum, piece)) and piece not in kept
        if says and len(CUT.join([*kept, piece])) <= LONGEST_EXCERPT:
            kept.append(piece)
    return CUT.join(kept)


def _controls(page: PageView, form: FormView, control: Control | None) -> tuple[Control, ...]:
    """The controls that belong together: all of a form's; of one that encloses a whole page, those below the
    same heading; of those outside any form, each stands alone."""
    if not form.tag:
        return (control,) if control is not None else form.controls[:1]
    if not _encloses(form) or not form.controls:
        return form.controls
    anchor = control or next((c for c in form.controls if c.tag == "textarea"), form.controls[0])
    heads = [b.node for b in page.headings]
    start = max((node for node in heads if node < anchor.node), default=form.node)
    end = min((node for node in heads if node > anchor.node), default=anchor.node + 10_000)
    return tuple(c for c in form.controls if start < c.node < end)


def _label(site: Site, page: PageView, control: Control, *, always: bool) -> str:
    """What a field is called: its label, else the words right before it, as in the cells of a table."""
    if control.type == "reset" or (not always and site.words.names("captcha", control.norm)):
        return ""
    words = control.label or (_before(page, control) if control.type not in _PRESSED else "")
    return words.strip(_MARKS)


def _before(page: PageView, control: Control) -> str:
    near = [b for b in page.blocks if control.node - NEAR <= b.node < control.node]
    text = max(near, key=lambda b: b.node).text if near else ""
    return text if len(text) <= LONGEST_PIECE else ""


def _title(site: Site, page: PageView, form: FormView, own: tuple[Control, ...]) -> str:
    """The heading or legend right above the fields, else the question that they answer."""
    if not form.tag or not own or form.area == "header" or (len(own) < 2 and _encloses(form)):
        return ""
    above = [b for b in page.blocks if b.node < own[0].node and b.area == form.area][-ABOVE:]
    heads = [b for b in reversed(above) if _is_head(b) and not site.is_frame(b)]
    inside = [b for b in heads if b.node >= form.node]
    asked = [b for b in above if b.node >= form.node and b.text.endswith(("?", "؟"))]
    return next((b.text for b in (*inside, *asked, *heads)), "")


def _encloses(form: FormView) -> bool:
    """Whether a form is the page itself, with all that stands on it."""
    return len(form.text) > LONGEST_FORM


def _is_head(block: Block) -> bool:
    return block.level > 0 or block.tag in _HEADS
