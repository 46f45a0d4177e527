"""Whether an excerpt stands in an archived page, word for word."""

from __future__ import annotations

import re

from indicators.page import Facts, read_page

_WHITE = re.compile(r"\s+")


def stands_in(html: str, excerpt: str) -> bool:
    """True if the page shows the excerpt: in its text, in what stands for text (alternative texts, titles,
    labels of fields) or, for a bare link, as an address in its markup. White space is not compared, as
    markup and style sheets decide over it."""
    wanted = _WHITE.sub("", excerpt)
    if not wanted:
        return False
    facts = read_page(html, "")
    return wanted in _WHITE.sub("", _shown(facts)) or any(
        wanted in _WHITE.sub("", text) for text in _standing_in(facts)
    )


def _shown(facts: Facts) -> str:
    return " ".join(block.text for block in facts.blocks)


def _standing_in(facts: Facts) -> list[str]:
    texts = [text for link in facts.links for text in (link.text, link.title, link.href)]
    texts += [text for form in facts.forms for c in form.controls for text in (c.label, c.name, *c.options)]
    return [*texts, *(text for image in facts.images for text in (image.alt, image.src))]
