"""One page as detectors see it: its visible text in blocks, its links, forms and marks.

`indicators.reading` takes the facts of a page in one walk; its tree is dropped afterwards, so that the facts
of ten thousand pages fit in memory. A place in the page is kept as `node`, the element's number in document
order; `Tree.xpath` turns it into an XPath when an evidence needs one.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from lxml import etree

from crawler.capture import Area
from crawler.markup import unended
from crawler.text import normalize

_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)

_OF_HEAD = frozenset(
    (
        "base",
        "basefont",
        "bgsound",
        "link",
        "meta",
        "noframes",
        "noscript",
        "script",
        "style",
        "template",
        "title",
    )
)


class Block(NamedTuple):
    """A run of visible text inside one block-level element, white space folded."""

    text: str
    tag: str
    area: Area
    node: int
    level: int
    """1 to 6 for headings, else 0."""

    @property
    def norm(self) -> str:
        """The text in the form in which texts are compared."""
        return _normal(self.text)


class Anchor(NamedTuple):
    """A link as it stands in the page. `url` is absolute, without its fragment; `href` as written."""

    url: str
    href: str
    text: str
    """What a reader sees: text, else the image's alt text, aria-label or title."""
    title: str
    area: Area
    node: int
    block: int
    """Index of the text block around it in `Facts.blocks`."""
    tag: str
    """a, area, iframe, frame, link."""
    rel: str
    lang: str
    """hreflang, or the lang of the link itself."""
    visible: bool

    @property
    def norm(self) -> str:
        return _normal(self.text)


class Control(NamedTuple):
    """A form field or button."""

    tag: str
    type: str
    name: str
    label: str
    """What tells a person what to enter: label, placeholder, aria-label, title, value of a button."""
    options: tuple[str, ...]
    node: int
    marks: str
    """id, class, role and autocomplete, for what they say about the field."""
    before: str = ""
    """The line right before a field that has no label: in old forms the cell beside it."""

    @property
    def norm(self) -> str:
        return _normal(self.label)


class FormView(NamedTuple):
    """A form; controls that stand outside any form are gathered in one with `tag` ``""``."""

    tag: str
    action: str
    """Absolute; '' where the form has no action."""
    method: str
    area: Area
    node: int
    controls: tuple[Control, ...]
    text: str
    """The visible text inside, without that of its fields."""
    marks: str
    dead: bool = False
    """True where the page itself says that nothing is sent: ``onsubmit="return false"`` and no address."""

    @property
    def norm(self) -> str:
        return _normal(self.text)

    def has(self, *types: str) -> bool:
        """Whether a field of one of these types is there (``password``, ``file``, ``textarea`` ...)."""
        return any(control.type in types for control in self.controls)


class Image(NamedTuple):
    alt: str
    src: str
    node: int


class Stamp(NamedTuple):
    """A <time> element or a metadata date: the machine-readable value."""

    value: str
    node: int
    block: int


class Hidden(NamedTuple):
    """A block that is switched off. `before`: index of the visible block that comes next."""

    before: int
    block: Block


class Mark(NamedTuple):
    """An element that tells a reader where in the portal the page lies; `end` is the number after its last
    descendant's."""

    kind: str
    """``trail``: a breadcrumb trail; ``current``: the entry of a menu that is shown as the present one."""
    node: int
    end: int


class Facts(NamedTuple):
    """What one page shows. Indices named `block` refer to `blocks`."""

    title: str
    lang: str
    direction: str
    blocks: tuple[Block, ...]
    hidden: tuple[Hidden, ...]
    """Text that is switched off, and only a script knows how it opens: never evidence of its own."""
    links: tuple[Anchor, ...]
    forms: tuple[FormView, ...]
    images: tuple[Image, ...]
    stamps: tuple[Stamp, ...]
    metas: dict[str, str]
    """name or property, lower case -> content."""
    json_ld: tuple[str, ...]
    protected_emails: tuple[tuple[str, int], ...]
    """(address, block): e-mail addresses that Cloudflare encodes and a browser shows."""
    marks: tuple[Mark, ...]
    microdata: bool
    """Whether the page describes something by a vocabulary in its markup (microdata, RDFa)."""


class Tree:
    """A parsed page in which elements are found by their number, for locators."""

    def __init__(self, html: str) -> None:
        self.root = parse(html)

    @cached_property
    def elements(self) -> list[Any]:
        """Every element in document order: the place of each is its number."""
        return [] if self.root is None else list(self.root.iter())

    @cached_property
    def _identities(self) -> Counter[str]:
        return Counter() if self.root is None else Counter(self.root.xpath("//@id"))

    def xpath(self, node: int) -> str:
        """XPath of the element, '' if there is none with this number."""
        return self.path_of(self.elements[node]) if 0 <= node < len(self.elements) else ""

    def scripts(self) -> list[Any]:
        """The script elements in their order."""
        return [] if self.root is None else list(self.root.iter("script"))

    def script_xpath(self, number: int) -> str:
        """XPath of the page's script of this number, '' if there is none."""
        scripts = self.scripts()
        return self.path_of(scripts[number]) if 0 <= number < len(scripts) else ""

    def path_of(self, element: Any) -> str:
        """A path of one of the tree's elements that holds in this tree and in a browser's, which puts a
        <tbody> around rows.

        It begins at the nearest ancestor with an id of its own. Rows are counted over their whole table.
        """
        steps: list[str] = []
        while element is not None:
            parent = element.getparent()
            name = element.tag if isinstance(element.tag, str) else "*"
            if parent is None:
                steps.append(f"/{name}")
                break
            identity = element.get("id")
            if identity and _is_plain(identity) and self._identities[identity] == 1:
                steps.append(f"//*[@id='{identity}']")
                break
            if name == "tr":
                table = next(element.iterancestors("table"), None)
                if table is not None:
                    depth = sum(1 for _ in element.iterancestors("table"))
                    rows = (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)
                    place = 1 + next(index for index, row in enumerate(rows) if row is element)
                    steps.append(f"descendant::tr[count(ancestor::table)={depth}][{place}]")
                    element = table
                    continue
            place = 1 + sum(1 for _ in element.itersiblings(name, preceding=True))
            steps.append(f"{name}[{place}]")
            element = parent
        steps.reverse()
        return "/".join(steps)


def parse(html: str) -> Any | None:
    """The root element, or None where there is nothing to parse. Never raises for a page's content."""
    if not html or html.isspace():
        return None
    try:
        root = etree.fromstring(unended(html).encode("utf-8", errors="replace"), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        _begin_body(root)
        # What is written out again depends on the kind of document that this names.
        root.getroottree().docinfo.clear()
    return root


def _begin_body(root: Any) -> None:
    """Ends the head where a browser ends it: libxml2 takes into a head that was never closed what it does not
    know from HTML 4 (<main>, <header>, elements of the page's own)."""
    head = root.find("head")
    first = None if head is None else next((child for child in head if child.tag not in _OF_HEAD), None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    moved = [first, *first.itersiblings()]
    moved[-1].tail = (moved[-1].tail or "") + (body.text or "")
    body.text = None
    body[:0] = moved


def scripts_of(tree: Tree) -> list[str]:
    """The scripts of a page in their order: the address of each as written, else its text."""
    return [(element.get("src") or "").strip() or element.text or "" for element in tree.scripts()]


def _is_plain(identity: str) -> bool:
    return "'" not in identity and len(identity) < 80 and identity.isprintable()


@lru_cache(maxsize=100_000)
def _normal(text: str) -> str:
    return normalize(text)
