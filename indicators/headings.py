"""Headings that only look like headings. Where a page's makers marked up none, a short line that is bold as a
whole, or whose element is named a title, heads what comes below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from indicators.page import Block

LONGEST = 90
"""Characters of such a line."""

INNER = ("main", "aside")
"""The areas of a page's own content, where its headings count."""

PAGE, DEEPEST = 2, 6
"""Levels given: to what is named the page's title, and one more to each look that was not met before."""

PAGE_TITLE = "page title"
"""The look of what is named so."""

_BOLD = frozenset(("b", "strong", "big"))
_TITLE = re.compile(
    r"(?:^|[\s_-])(?P<page>page|post|entry|article|content|component|main)?[-_]?"
    r"(?:title|titr|titre|titulo|titolo|heading|caption|onvan)\d?(?=$|[\s_-])",
    re.I,
)
_STYLED = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:x+-large|large|[2-9]\d\s*p[xt])", re.I
)
_LARGE = ("+1", "+2", "+3", "4", "5", "6", "7")
_ENTRIES = frozenset(("li", "th", "dt", "label", "option", "button", "summary", "legend", "caption"))
"""Elements that say themselves that they are something else."""


class Look(NamedTuple):
    """A block that looks like a heading."""

    block: int
    look: str


def look_of(name: str, given: Mapping[str, str]) -> str:
    """How an element looks that looks like a heading, '' for all others: those that look the same have the
    same word. `given` are its attributes."""
    named = _TITLE.search(f"{given.get('class', '')} {given.get('id', '')}") if given else None
    if named is not None:
        return PAGE_TITLE if named["page"] else f"{name} {given.get('class')}"
    style = given.get("style", "")
    bold = name in _BOLD or (name == "font" and given.get("size", "").startswith(_LARGE))
    return f"{name} {given.get('size')} {style}" if bold or (style and _STYLED.search(style)) else ""


def with_headings(blocks: Sequence[Block], looks: Sequence[Look]) -> tuple[Block, ...]:
    """A page's blocks, with levels for those that look like headings where it has none below its title."""
    if not looks or any(block.level > 1 and block.area in INNER for block in blocks):
        return tuple(blocks)
    changed = list(blocks)
    levels = {PAGE_TITLE: PAGE}
    for index, look in looks:
        if not blocks[index].level and _can_head(blocks, index):
            level = levels.setdefault(look, min(PAGE + len(levels), DEEPEST))
            changed[index] = changed[index]._replace(level=level)
    return tuple(changed)


def _can_head(blocks: Sequence[Block], index: int) -> bool:
    block = blocks[index]
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    return (
        len(block.text) <= LONGEST
        and block.area in (*INNER, "header")  # parts of a page have heads of their own, called headers
        and block.tag not in _ENTRIES
        and below is not None
        and below.area in (block.area, *INNER)
        and any(char.isalpha() for char in block.text)
        and not block.text.endswith((".", "،", ","))
    )
