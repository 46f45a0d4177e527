"""What a start tag says, wherever it stands: of its element, of the area it opens, of where it leads.

A portal's pages are made of the same few thousand start tags; each is read once and remembered.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import urldefrag, urljoin

from crawler.capture import Area
from crawler.text import fold_space
from indicators.headings import look_of

LONGEST_KEPT = 500
"""Characters of a start tag that is remembered; longer ones carry pictures and scripts."""

_INVISIBLE = frozenset(
    ("script", "style", "noscript", "template", "head", "svg", "math", "object", "datalist", "title")
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
CONTROLS = frozenset(("input", "select", "textarea", "button"))

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
        # The foot of a card, box or entry is not that of the page.
        r"(?:(?!(?:card|panel|modal|box|tile|item|post|entry|article|dialog|portlet)[-_])\w+[-_])?"
        r"footer(?:[-_]?\w+)?|foot|copyrights?|credits?|bottom[-_]?(?:bar|links|menu|nav)",
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
_BY_NAME = tuple((area, re.compile(words, re.I)) for area, words in _NAMES)
_SCRIPTED = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)"""
)
_ENTRIES = frozenset(("li", "a", "span", "td"))
_PRESENT = re.compile(r"(?:^|[\s_-])(?:active|current|selected|here|on)(?=$|[\s_-])", re.I)
_TRAIL = re.compile(r"bread-?_?crumb|(?:^|[\s_-])crumbs?(?:$|[\s_-])|(?:^|\s)(?:site)?pathway(?:$|\s)", re.I)
_TELLS_OF_TRAIL = ("id", "itemtype", "typeof", "aria-label")
_TELLING = frozenset(("class", "style", "role", "hidden", "aria-current", "data-cfemail", *_TELLS_OF_TRAIL))
"""Attributes that `_said` looks at."""
_HIDING = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I)
_BLANKING = re.compile(r"(?:^|;)\s*visibility\s*:\s*hidden", re.I)
"""On a word or picture it hides; on what holds tabs or slides, a script lifts it once they are laid out."""
_STANDS_ALONE = re.compile(r"#|/(?!/)|//\w|https?://\w|(?:javascript|data|mailto|tel|sms):", re.I | re.A)
_TAKES_ALL = re.compile(r"[?;]|//|https?:", re.I | re.A)
_ROOT = re.compile(r"https?://[a-z0-9.:-]+/")
_ROOTED = re.compile(r"(?:/(?!\.)[\w%~@!$&'()*+,:=.-]+)+/?(?:\?[\w%~@!$&'()*+,:=./-]+)?", re.A)
_ABSOLUTE = re.compile(_ROOT.pattern[:-1] + f"(?:/|{_ROOTED.pattern})?", re.A)
"""Addresses in their plainest form, to which the rules for joining do nothing."""

Part = Literal["", "invisible", "link", "br", "img", "control", "form", "time", "frame", "label"]
"""What an element is apart from the text in it; "" for most."""

_PARTS: dict[str, Part] = {
    "a": "link",
    "area": "link",
    "br": "br",
    "img": "img",
    "form": "form",
    "time": "time",
    "iframe": "frame",
    "frame": "frame",
    "label": "label",
    **dict.fromkeys(CONTROLS, "control"),
    **dict.fromkeys(_INVISIBLE, "invisible"),
}

_ATTRIBUTE = re.compile(r' (.[^=]*)="([^"]*)"', re.S)
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot)|#(?:([0-9]+)|x([0-9A-Fa-f]+)));")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}

HOST, FOLDER, PAGE = 0, 1, 2
"""How much of the page's address an address on it takes up: none or its host, its folder, all of it."""


class Reference(NamedTuple):
    """Where an element leads, as written."""

    href: str
    reach: int
    title: str
    rel: str
    lang: str
    instead: str
    """What stands for the words of a link without any."""


class Said(NamedTuple):
    """What an element's name and attributes say of it."""

    own: Area | None
    """The area that it calls itself."""
    mark: str
    """What it says of the page's place in the portal, '' for most."""
    present: bool
    """In a menu it would be the entry of the page itself."""
    hides: bool
    reverses: bool
    microdata: bool
    email: str | None
    """An address that Cloudflare encodes."""


_NOTHING = Said(None, "", False, False, False, False, None)


class Tag(NamedTuple):
    """A start tag that was read."""

    name: str
    given: dict[str, str]
    """Its attributes."""
    empty: bool
    """Nothing is in the element, and no end tag follows."""
    part: Part
    block: bool
    level: int
    """1 to 6 for headings, else 0."""
    container: bool
    """One of those that hold much."""
    said: Said | None
    """None for most."""
    link: Reference | None
    look: str
    """How it looks if it looks like a heading without being one, '' for most; see `indicators.headings`."""
    plain: bool
    """Nothing but the text in it counts."""


def tag_of(markup: str) -> Tag:
    """Reads a start tag, given without its brackets and as an XML serialiser writes it: ``a href="/x"``,
    ``br/``."""
    return _kept(markup) if len(markup) <= LONGEST_KEPT else _tag(markup)


def _tag(markup: str) -> Tag:
    empty = markup[-1] == "/"
    name = sys.intern(markup.rstrip("/").split(" ", 1)[0])
    given = dict(_ATTRIBUTE.findall(markup))
    if "&" in markup:
        given = {key: plain(value) for key, value in given.items()}
    part = _PARTS.get(name, "")
    link = None
    if part == "link" or ("onclick" in given and part in ("", "label")):
        link = _reference(given, part == "link")
    look = look_of(name, given) if part in ("", "link") and name not in _HEADINGS else ""
    said = _said(name, given) if name in _OWN_TAG or not _TELLING.isdisjoint(given) else _NOTHING
    return Tag(
        name,
        given,
        empty,
        "link" if link else part,
        name in _BLOCKS,
        _HEADINGS.get(name, 0),
        name in _CONTAINERS,
        None if said == _NOTHING else said,
        link,
        look,
        not part and not look and link is None and said == _NOTHING and name not in _BLOCKS,
    )


_kept = lru_cache(maxsize=10_000)(_tag)


def plain(text: str) -> str:
    """A text or the value of an attribute, its character references resolved."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    return _SIGNS[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def _reference(given: dict[str, str], always: bool) -> Reference | None:
    """Where an element leads; None where it leads nowhere and is not `always` a link."""
    href = given.get("href", "").strip()
    if not href or href[:1] == "#" or href[:11].lower() == "javascript:":
        script = _SCRIPTED.search(given.get("onclick") or href)
        if script:
            href = script[1]
        elif not always:
            return None
    return Reference(
        sys.intern(href),
        reach_of(href),
        sys.intern(fold_space(given.get("title", ""))[:300]),
        given.get("rel", "").lower(),
        (given.get("hreflang") or given.get("lang") or "").lower(),
        fold_space(given.get("alt") or given.get("aria-label") or given.get("title") or ""),
    )


def _said(name: str, given: dict[str, str]) -> Said:
    style, classes = given.get("style", ""), given.get("class", "").split()
    return Said(
        own=_own_area(name, given, classes) if name in _OWN_TAG or name in _CONTAINERS else None,
        mark=_mark(name, given, classes),
        present=name in _ENTRIES and any(_word(word).present for word in classes),
        hides="hidden" in given
        or bool(style and _HIDING.search(style))
        or bool(style and name not in _CONTAINERS and _BLANKING.search(style)),
        reverses="bidi-override" in style,
        microdata="schema.org" in given.get("itemtype", ""),
        email=_decode_protected(given["data-cfemail"]) if "data-cfemail" in given else None,
    )


class _Word(NamedTuple):
    """What one of an element's names says of it."""

    area: int
    """Index in `_NAMES` of the area that is called so, their number for none."""
    present: bool
    trail: bool


@lru_cache(maxsize=20_000)
def _word(word: str) -> _Word:
    """The same few words are in the classes of all of a portal's elements."""
    area = next((rank for rank, (_, pattern) in enumerate(_BY_NAME) if pattern.fullmatch(word)), len(_NAMES))
    return _Word(area, bool(_PRESENT.search(word)), bool(_TRAIL.search(word)))


def _own_area(name: str, given: dict[str, str], classes: list[str]) -> Area | None:
    own = _OWN_ROLE.get(given.get("role", "")) or _OWN_TAG.get(name)
    if own:
        return own
    words = [*given.get("id", "").split(), *classes]
    area = min((_word(word).area for word in words), default=len(_NAMES))
    return _NAMES[area][0] if area < len(_NAMES) else None


def _mark(name: str, given: dict[str, str], classes: list[str]) -> str:
    if given.get("aria-current", "false") != "false":
        return "current"
    if name in _ENTRIES:
        return ""
    told = [word for key in _TELLS_OF_TRAIL if key in given for word in given[key].split()]
    return "trail" if any(_word(word).trail for word in (*classes, *told)) else ""


def heads_a_part(tag: Tag) -> bool:
    """Whether a <header> may be that of a section: nothing but its tag calls it the page's own."""
    names = (*tag.given.get("id", "").split(), *tag.given.get("class", "").split())
    return (
        tag.name == "header" and "role" not in tag.given and all(_word(w).area == len(_NAMES) for w in names)
    )


def area_within(own: Area, area: Area, settled: bool) -> tuple[Area, bool]:
    """The area that a container opens which calls itself `own`, given the one it stands in, and whether all
    in it is of the page's main part."""
    if area == "footer":
        return area, settled
    if own == "main":
        return ("main", True) if area in ("main", "aside") else (area, settled)
    if settled and own in ("header", "footer"):
        return area, settled
    if own == "header" and area == "menu":
        return area, settled
    return own, settled


def _decode_protected(code: str) -> str:
    """The address behind Cloudflare's ``data-cfemail``: hexadecimal, each byte XORed with the first."""
    try:
        data = bytes.fromhex(code[:400])
        return bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8")
    except (ValueError, IndexError):
        return ""


# Addresses


def reach_of(href: str) -> int:
    """How much of the page's address goes into the absolute form of this one."""
    if not href.isprintable():  # tabs and line ends are left out, so that "/\t/x" begins with two strokes
        return PAGE
    if not href or _STANDS_ALONE.match(href):
        return HOST
    return PAGE if _TAKES_ALL.match(href) else FOLDER


class Base:
    """The address against which those of a page are resolved. Menus lead from every page to the same
    addresses: what does not take up a page's own address is joined once for all pages of a host or folder."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.reaches = (_above(url, "/"), _above(url, "."), url)
        """The address, as far as `reach_of` says that it goes into another."""

    def join(self, href: str, reach: int | None = None) -> str:
        """Absolute address without its fragment; '' for what is no address (a bare "#", a script)."""
        return _joined(self.reaches[reach_of(href) if reach is None else reach], href)


def _above(url: str, what: str) -> str:
    try:
        return urljoin(url, what)
    except ValueError:
        return url


@lru_cache(maxsize=50_000)
def _joined(base: str, href: str) -> str:
    if _ABSOLUTE.fullmatch(href):
        return href
    if _ROOTED.fullmatch(href) and _ROOT.fullmatch(base):
        return sys.intern(base + href[1:])
    scheme = href[:11].lower()
    if not href or href[0] == "#" or scheme.startswith(("javascript:", "data:")):
        return ""
    if scheme.startswith(("mailto:", "tel:", "sms:")):
        return href
    try:
        return sys.intern(urldefrag(urljoin(base, href)).url)
    except ValueError:
        return ""
