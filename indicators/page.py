"""One page as detectors see it: its visible text in blocks, its links, forms and marks.

The facts of a page are taken in one walk over one lxml tree, which is dropped afterwards, so that the
facts of ten thousand pages fit in memory. A place in the page is kept as `node`, the element's number in
document order; `Tree.xpath` turns it into an XPath when an evidence needs one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin

from lxml import etree

from crawler.capture import Area
from crawler.text import fold_space, normalize

MAX_DEPTH = 200
"""Elements nested deeper than this are not looked at: no reader sees them, only crafted pages have them."""

LARGEST_TEXT = 20_000
"""Characters of one block that are kept."""

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
_INVISIBLE = frozenset(
    ("script", "style", "noscript", "template", "head", "svg", "math", "object", "datalist")
)
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "option",
    )
)
_CONTAINERS = frozenset(
    (
        "div",
        "section",
        "header",
        "footer",
        "nav",
        "main",
        "aside",
        "article",
        "ul",
        "table",
        "td",
        "tr",
        "form",
        "center",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTROLS = frozenset(("input", "select", "textarea", "button"))
_LINKS = frozenset(("a", "area"))
_SPECIAL = _LINKS | _CONTROLS | {"br", "img", "form", "time", "iframe", "frame"}
"""Elements that are more than the text in them."""

_OWN_TAG: dict[str, Area] = {
    "header": "header",
    "footer": "footer",
    "nav": "menu",
    "main": "main",
    "article": "main",
    "aside": "aside",
}
_OWN_ROLE: dict[str, Area] = {
    "banner": "header",
    "contentinfo": "footer",
    "navigation": "menu",
    "menubar": "menu",
    "main": "main",
    "complementary": "aside",
}
_NAMES: tuple[tuple[Area, str], ...] = (
    (
        "footer",
        r"(?:\w+[-_])?footer(?:[-_]?\w+)?|foot|copyrights?|credits?|bottom[-_]?(?:bar|links|menu|nav)",
    ),
    (
        "header",
        r"(?:site|main|page|top|global|web)?[-_]?(?:header|masthead)(?:[-_](?:top|main|inner|wrapper|area))?"
        r"|top[-_]?(?:bar|line|strip|links|menu)",
    ),
    (
        "menu",
        r"(?:\w+[-_])?(?:menu|nav|navbar|navigation|navmenu|megamenu|breadcrumbs?)(?:[-_]\w+)?"
        r"|mainmenu|topmenu|mainnav|navlinks?",
    ),
    ("aside", r"(?:\w+[-_])?(?:sidebar|side[-_]?bar|side[-_]?col(?:umn)?|side|aside)(?:[-_]\w+)?"),
    ("main", r"(?:main|page|site)?[-_]?content|main"),
)
_BY_NAME = tuple((area, re.compile(rf"(?:^|\s)(?:{words})(?=\s|$)", re.I)) for area, words in _NAMES)
_SCRIPTED = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)"""
)
_SENDS_NOTHING = re.compile(r"\s*(?:javascript:)?\s*return\s+false\s*;?\s*", re.I)
_USEFUL = {"alternate", "canonical", "manifest", "search", "license"}
_ENTRIES = frozenset(("li", "a", "span", "td"))
_PRESENT = re.compile(r"(?:^|[\s_-])(?:active|current|selected|here|on)(?=$|[\s_-])", re.I)
_TRAIL = re.compile(r"bread-?_?crumb|(?:^|[\s_-])crumbs?(?:$|[\s_-])|(?:^|\s)(?:site)?pathway(?:$|\s)", re.I)
_TELLS_OF_TRAIL = ("id", "itemtype", "typeof", "aria-label")
_TELLING = frozenset(
    ("class", "style", "role", "hidden", "onclick", "aria-current", "data-cfemail", *_TELLS_OF_TRAIL)
)
"""Attributes that `_said` looks at."""
_HIDING = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I)
_BLANKING = re.compile(r"(?:^|;)\s*visibility\s*:\s*hidden", re.I)
"""On a word or picture it hides; on what holds tabs or slides, a script lifts it once they are laid out."""


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
    """Text that is there but switched off (closed accordions, tabs): never evidence of its own."""
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
        root = etree.fromstring(html.encode("utf-8", errors="replace"), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        _begin_body(root)
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


@lru_cache(maxsize=50_000)
def _area_by_name(names: str) -> Area | None:
    return next((area for area, pattern in _BY_NAME if pattern.search(names)), None)


def read_page(html: str, url: str) -> Facts:
    """The facts of one page. `url` is its final address, against which its links are resolved."""
    return read_tree(Tree(html), url)


def read_tree(tree: Tree, url: str) -> Facts:
    """The facts of a page that is parsed already."""
    walk = _Walk(url)
    if tree.root is not None:
        walk.read(tree.root)
    return walk.facts()


class _Place(NamedTuple):
    """Where the walk is: the block-level element that text belongs to now."""

    tag: str
    node: int
    area: Area
    settled: bool
    """True inside what the page itself marks as its main part: a header in there is not the site's."""
    hidden: bool


class _Walk:
    """The one walk over a page's tree."""

    def __init__(self, url: str) -> None:
        self.base = url
        self.count = 0
        self.blocks: list[Block] = []
        self.hidden: list[Hidden] = []
        self.links: list[Anchor] = []
        self.forms: list[FormView] = []
        self.images: list[Image] = []
        self.stamps: list[Stamp] = []
        self.emails: list[tuple[str, int]] = []
        self.marks: list[Mark] = []
        self.microdata = False
        self.metas: dict[str, str] = {}
        self.json_ld: list[str] = []
        self.title = self.lang = self.direction = ""
        self._text: list[str] = []  # of the block that is open
        self._captions: dict[str, str] = {}  # <label for=...>
        self._controls: list[Control] = []  # of the form that is open
        self._loose: list[Control] = []

    def read(self, root: Any) -> None:
        self._head(root)
        self._element(root, _Place("html", 0, "main", False, False), 0)

    def facts(self) -> Facts:
        if self._loose:
            self.forms.append(FormView("", "", "", "main", self._loose[0].node, tuple(self._loose), "", ""))
        last = max(len(self.blocks) - 1, 0)
        links = tuple(a if a.block <= last else a._replace(block=last) for a in self.links)
        return Facts(
            self.title,
            self.lang,
            self.direction,
            tuple(self.blocks),
            tuple(self.hidden),
            links,
            tuple(self.forms),
            tuple(self.images),
            tuple(self.stamps),
            self.metas,
            tuple(self.json_ld),
            tuple(self.emails),
            tuple(self.marks),
            self.microdata,
        )

    def _head(self, root: Any) -> None:
        """What the page says about itself, wherever in the document it stands."""
        self.lang = (root.get("lang") or root.get("xml:lang") or "").strip().lower()
        self.direction = (root.get("dir") or "").lower()
        for element in root.iter("base", "title", "meta", "script", "link", "label"):
            tag = element.tag
            if tag == "meta":
                name = element.get("name") or element.get("property") or element.get("http-equiv")
                if name and element.get("content"):
                    self.metas.setdefault(name.strip().lower(), fold_space(element.get("content"))[:1000])
            elif tag == "link":
                self._head_link(element)
            elif tag == "script":
                if (element.get("type") or "").strip().lower() == "application/ld+json" and element.text:
                    self.json_ld.append(element.text[:50_000])
            elif tag == "label":
                if element.get("for"):
                    self._captions.setdefault(element.get("for"), _text_of(element))
            elif tag == "title":
                self.title = self.title or _text_of(element, 500)
            elif element.get("href"):
                self.base = _join(self.base, element.get("href")) or self.base

    def _head_link(self, element: Any) -> None:
        rel = (element.get("rel") or "").lower()
        if element.get("href") and _USEFUL & set(rel.split()):
            href = element.get("href").strip()
            title = element.get("title") or ""
            lang = (element.get("hreflang") or "").lower()
            url = _join(self.base, href)
            self.links.append(
                Anchor(url, href, title, element.get("type") or "", "header", -1, 0, "link", rel, lang, False)
            )

    def _element(self, element: Any, place: _Place, depth: int) -> None:
        tag = element.tag
        if tag in _INVISIBLE or depth > MAX_DEPTH:
            self.count += sum(1 for _ in element.iter())
            return
        node = self.count
        self.count += 1
        outer, hidden = place.area, place.hidden
        area, settled = outer, place.settled
        reverse, mark = -1, ""
        attributes = element.items()
        telling = tuple([pair for pair in attributes if pair[0] in _TELLING]) if attributes else ()
        said = _said(tag, telling) if telling or tag in _OWN_TAG else None
        if said is not None:
            hidden = hidden or said.hides
            mark = said.mark or ("current" if said.present and outer in ("menu", "header") else "")
            self.microdata = self.microdata or said.microdata
            if said.own is not None:
                area, settled = _area(said.own, area, settled)
            if said.reverses:
                reverse = len(self._text)
            if said.email is not None:
                self.emails.append((said.email, len(self.blocks)))
        here = place
        if tag in _BLOCKS or hidden != place.hidden:
            if self._text:
                self._flush(place)
            here = _Place(sys.intern(tag), node, area, settled, hidden)
        link = form = -1
        if tag in _LINKS or (said is not None and said.clicks):
            link = self._open_link(element, node, here)
        elif tag in _SPECIAL:
            if tag == "br":
                self._text.append(" ")
            elif tag == "img":
                self._image(element, node)
            elif tag in _CONTROLS:
                self._control(element, node)
                if tag != "button":
                    self.count += sum(1 for _ in element.iter()) - 1
                    return
            elif tag == "form":
                form = len(self.blocks)
                controls, self._controls = self._controls, []
            elif tag == "time":
                if element.get("datetime"):
                    self.stamps.append(Stamp(element.get("datetime").strip()[:40], node, len(self.blocks)))
            else:
                self._frame(element, node, here)
        started, written = len(self._text), len(self.blocks)
        text = element.text
        if text:
            self._text.append(text)
        beside = False  # two elements side by side are two things to a reader, however they are styled
        for child in element:
            if beside:
                self._text.append(" ")
            self._element(child, here, depth + 1)
            tail = child.tail
            if tail:
                if child.tag == "a" and tail[0].isalnum():
                    self._text.append(" ")  # so are a link and the words right behind it
                self._text.append(tail)
            beside = not tail
        if mark:
            self.marks.append(Mark(mark, node, self.count))
        if reverse >= 0 and len(self.blocks) == written:
            self._text[reverse:] = ["".join(self._text[reverse:])[::-1]]
        if link >= 0:
            self._close_link(element, link, started, written)
        if here is not place and self._text:
            self._flush(here)
        if form >= 0:
            self._close_form(element, node, here, form)
            self._controls = controls

    def _flush(self, place: _Place) -> None:
        """Write the open text as a block of `place`."""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if not text:
            return
        block = Block(
            sys.intern(text[:LARGEST_TEXT]), place.tag, place.area, place.node, _HEADINGS.get(place.tag, 0)
        )
        if place.hidden:
            self.hidden.append(Hidden(len(self.blocks), block))
            return
        self.blocks.append(block)

    def _open_link(self, element: Any, node: int, place: _Place) -> int:
        get = element.get
        href = (get("href") or "").strip()
        if not href or href[:1] == "#" or href[:11].lower() == "javascript:":
            script = _SCRIPTED.search(get("onclick") or href)
            if script:
                href = script[1]
            elif element.tag not in ("a", "area"):
                return -1
        title = get("title")
        self.links.append(
            Anchor(
                _join(self.base, href),
                sys.intern(href),
                "",
                sys.intern(fold_space(title)[:300]) if title else "",
                place.area,
                node,
                len(self.blocks),
                sys.intern(element.tag),
                (get("rel") or "").lower(),
                (get("hreflang") or get("lang") or "").lower(),
                not place.hidden,
            )
        )
        return len(self.links) - 1

    def _close_link(self, element: Any, link: int, started: int, written: int) -> None:
        if len(self.blocks) == written:
            text = " ".join("".join(self._text[started:]).split())
        else:  # blocks inside the link
            text = " ".join(" ".join(element.itertext()).split())
        if not text:
            image = next(element.iter("img"), None)
            alt = (image.get("alt") or image.get("title") or "") if image is not None else ""
            text = fold_space(
                alt or element.get("alt") or element.get("aria-label") or element.get("title") or ""
            )
        opened = self.links[link]
        self.links[link] = Anchor._make((*opened[:2], sys.intern(text[:500]), *opened[3:]))

    def _frame(self, element: Any, node: int, place: _Place) -> None:
        href = (element.get("src") or "").strip()
        if href:
            title = fold_space(element.get("title") or element.get("name") or "")
            url = _join(self.base, href)
            self.links.append(
                Anchor(
                    url,
                    href,
                    title,
                    "",
                    place.area,
                    node,
                    len(self.blocks),
                    element.tag,
                    "",
                    "",
                    not place.hidden,
                )
            )

    def _image(self, element: Any, node: int) -> None:
        alt = element.get("alt")
        src = element.get("src") or element.get("data-src") or ""
        if alt or src:
            self.images.append(Image(fold_space(alt or "")[:300], sys.intern(src[:300]), node))

    def _control(self, element: Any, node: int) -> None:
        get = element.get
        tag = element.tag
        kind = (
            (get("type") or ("submit" if tag == "button" else "text")).lower()
            if tag in ("input", "button")
            else tag
        )
        if kind == "hidden":
            return
        label = self._captions.get(get("id") or "") or get("aria-label") or get("placeholder") or ""
        if not label and tag != "button":
            around = next(element.iterancestors("label"), None)
            label = _text_of(around) if around is not None else ""
        if kind in ("submit", "button", "reset", "image"):
            shown = _text_of(element) if tag == "button" else get("value") or get("alt")
            label = label or shown or ""
        label = label or get("title") or ""
        options = (
            tuple(_text_of(option, 100) for option in element.iter("option"))[:100] if tag == "select" else ()
        )
        marks = " ".join(
            filter(None, (get("id"), get("class"), get("role"), get("autocomplete"), get("formaction")))
        )
        control = Control(tag, kind, get("name") or "", fold_space(label)[:200], options, node, marks)
        inside = next(element.iterancestors("form"), None)
        (self._loose if inside is None else self._controls).append(control)

    def _close_form(self, element: Any, node: int, place: _Place, first: int) -> None:
        get = element.get
        text = " ".join(block.text for block in self.blocks[first:])[:3000]
        action = (get("action") or "").strip()
        marks = " ".join(filter(None, (get("id"), get("class"), get("role"), get("name"))))
        self.forms.append(
            FormView(
                "form",
                _join(self.base, action) if action else "",
                (get("method") or "get").lower(),
                place.area,
                node,
                tuple(self._controls),
                text,
                marks,
                action in ("", "#") and bool(_SENDS_NOTHING.fullmatch(get("onsubmit") or "")),
            )
        )


class _Said(NamedTuple):
    """What an element's tag and attributes say of it, wherever it stands."""

    own: Area | None
    """The area that it calls itself."""
    mark: str
    """What it says of the page's place in the portal, '' for most."""
    present: bool
    """In a menu it would be the entry of the page itself."""
    hides: bool
    reverses: bool
    clicks: bool
    microdata: bool
    email: str | None
    """An address that Cloudflare encodes."""


_NOTHING = _Said(None, "", False, False, False, False, False, None)


@lru_cache(maxsize=50_000)
def _said(tag: str, attributes: tuple[tuple[str, str], ...]) -> _Said | None:
    """None for most elements. Remembered, as the same elements come again and again on a portal's pages."""
    given = dict(attributes)
    style, names = given.get("style", ""), given.get("class", "")
    said = _Said(
        own=_own_area(tag, given) if tag in _OWN_TAG or (given and tag in _CONTAINERS) else None,
        mark=_mark(tag, given),
        present=tag in _ENTRIES and bool(_PRESENT.search(names)),
        hides="hidden" in given
        or bool(_HIDING.search(style))
        or (tag not in _CONTAINERS and bool(_BLANKING.search(style))),
        reverses="bidi-override" in style,
        clicks="onclick" in given and tag not in _SPECIAL,
        microdata="schema.org" in given.get("itemtype", ""),
        email=_decode_protected(given["data-cfemail"]) if "data-cfemail" in given else None,
    )
    return None if said == _NOTHING else said


def _own_area(tag: str, attributes: dict[str, str]) -> Area | None:
    own = _OWN_ROLE.get(attributes.get("role", "")) or _OWN_TAG.get(tag)
    name = attributes.get("id", "") + " " + attributes.get("class", "")
    return own or (_area_by_name(name) if len(name) > 1 else None)


def _area(own: Area, area: Area, settled: bool) -> tuple[Area, bool]:
    """The area that a container opens which calls itself `own`, given the one it stands in."""
    if area == "footer":
        return area, settled
    if own == "main":
        return ("main", True) if area in ("main", "aside") else (area, settled)
    if settled and own in ("header", "footer"):
        return area, settled
    if own == "header" and area == "menu":
        return area, settled
    return own, settled


def _mark(tag: str, attributes: dict[str, str]) -> str:
    if attributes.get("aria-current", "false") != "false":
        return "current"
    if tag in _ENTRIES:
        return ""
    told = " ".join(filter(None, (attributes.get(name) for name in ("class", *_TELLS_OF_TRAIL))))
    return "trail" if told and _TRAIL.search(told) else ""


def _text_of(element: Any, most: int = 200) -> str:
    return " ".join("".join(element.itertext()).split())[:most]


def _join(base: str, href: str) -> str:
    """Absolute address without its fragment; '' for what is no address (a bare "#", a script)."""
    # Menus lead from every page to the same addresses: one join for all pages of a host, or of a folder.
    if href[:1] in ("?", ";") or href[:2] == "//":
        return _joined(base, href)
    rooted = href[:1] == "/" or (href[:4] == "http" and "://" in href[:8])
    return _joined(_above(base, "/" if rooted else "."), href)


@lru_cache(maxsize=10_000)
def _above(base: str, what: str) -> str:
    """The root or the folder of an address, against which the same addresses come out."""
    try:
        return urljoin(base, what)
    except ValueError:
        return base


@lru_cache(maxsize=50_000)
def _joined(base: str, href: str) -> str:
    scheme = href[:11].lower()
    if not href or href[0] == "#" or scheme.startswith(("javascript:", "data:")):
        return ""
    if scheme.startswith(("mailto:", "tel:", "sms:")):
        return href
    try:
        return sys.intern(urldefrag(urljoin(base, href)).url)
    except ValueError:
        return ""


def _decode_protected(code: str) -> str:
    """The address behind Cloudflare's ``data-cfemail``: hexadecimal, each byte XORed with the first."""
    try:
        data = bytes.fromhex(code[:400])
        return bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8")
    except (ValueError, IndexError):
        return ""
