"""What stands on a page: its text, links, forms, frames and structured data. Pure: HTML in, records out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

from lxml import etree
from w3lib.html import get_base_url

from crawler.capture import Area
from crawler.language import detect
from crawler.markup import unended
from crawler.scope import absolute
from crawler.text import fold_space

MAX_LINKS = 3_000
MAX_FORMS = 60
MAX_FIELDS = 120
MAX_BLOCKS = 30
MAX_OPTIONS = 200
MAX_SCRIPT = 3_000
"""Characters of a handler in which an address is looked for."""

MAX_TEXT = 500
"""Characters kept of a link's or a field's text."""

MAX_READ = 20_000
"""Characters, as written, in which that text is looked for."""

MAX_FORM_TEXT = 2_000
MAX_DEPTH = 512
"""How deep elements are nested at most, as in Chromium; libxml2 itself gives up a page at 256."""

OUTERMOST = 100
MAX_HEADINGS = 1_000

MAX_DATA = 200_000


Attributes = dict[str, str]


class PageLink(NamedTuple):
    """As capture.Link: `url` is absolute; for scripts (``javascript:``) and mail addresses as written."""

    url: str
    text: str
    area: Area
    rel: str
    tag: str
    position: int


class PageForm(NamedTuple):
    action: str
    method: str
    area: Area
    text: str
    fields: tuple[dict[str, str], ...]
    position: int


class Frame(NamedTuple):
    url: str
    name: str


class Block(NamedTuple):
    """Structured data: `syntax` as in capture.Structured, `data` as JSON text."""

    syntax: Literal["json-ld", "opengraph", "microdata", "meta"]
    data: str


@dataclass
class Extracted:
    """A page taken apart. `text` is what a reader sees, one line per block; `main_text` leaves headers,
    menus, asides and footers out; `headings` are h1 to h3."""

    title: str = ""
    language: str = ""
    text: str = ""
    main_text: str = ""
    headings: list[str] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)
    forms: list[PageForm] = field(default_factory=list)
    structured: list[Block] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    refresh: tuple[float, str] | None = None
    """Seconds and absolute address of a meta refresh."""
    script_links: int = 0
    """Things to click whose target only a script knows: ``#``, ``javascript:``, onclick without address."""
    scripts: int = 0
    style_sheets: list[str] = field(default_factory=list)
    password_fields: int = 0
    images: int = 0

    @property
    def text_length(self) -> int:
        return len(self.text)


_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "math", "object", "title"})
_BLOCK_TAGS = """p div section article header footer nav aside main ul ol li dl dt dd table tr td th form
    fieldset h1 h2 h3 h4 h5 h6 blockquote pre address br hr option figure figcaption details summary center
    frameset"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CONTAINER_TAGS = "div section article ul ol table td tr nav aside header footer main form span"
_CONTAINERS = frozenset(_CONTAINER_TAGS.split())

_BY_TAG: dict[str, Area] = {
    "nav": "menu",
    "menu": "menu",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
    "main": "main",
}
_BY_ROLE: dict[str, Area] = {
    "navigation": "menu",
    "menu": "menu",
    "menubar": "menu",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "main": "main",
}


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_\-])(?:{'|'.join(words.split())})(?:$|[\s_\-\d])", re.IGNORECASE)


# Names that makers of templates give to the parts of a page, the vendors of Iranian portals among them.
_MENU = r"""nav navi navbar navigation menu main-?menu top-?menu side-?menu menubar mainnav topnav sidenav
    rmenu lmenu manu superfish sf-?menu megamenu rad-?menu dnn-?menu breadcrumb breadcrumbs"""
_BY_NAME: tuple[tuple[Area, re.Pattern[str]], ...] = (
    ("footer", _words("footer foot bottom copyright page-?footer paeen payin")),
    ("menu", _words(_MENU)),
    ("header", _words("header head top top-?bar masthead banner sarbarg")),
    ("aside", _words("aside side-?bar side right-?col left-?col right-?pane left-?pane widgets?")),
    ("main", _words("main content contents main-?content content-?pane mohtava")),
)

_ADDRESS_IN_SCRIPT = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\(
    |(?:href|url|goto|navigate|router)(?:\.push|\.go|To)?\()\s*(['"`])(?P<url>[^'"`\s]{1,1500})\1""",
    re.IGNORECASE | re.VERBOSE,
)
# A function of the portal's own, called with something that looks like a page's address.
_ADDRESS_IN_CALL = re.compile(
    r"""^\s*(?:return\s+)?(?!\W*(?:_?ga|gtag|_gaq|_paq|dataLayer|track|log|analytics))[\w.$]+\((?:[^()]*,)?\s*
    (['"`])(?P<url>(?:\.{0,2}/|https?://|(?=[^'"`\s]*\.(?:html?|aspx?|php|jsp)\b))[\w%][^'"`\s]{0,1500})\1""",
    re.IGNORECASE | re.VERBOSE,
)
_GOES = re.compile(r"location|window\.open|href|jump|goto", re.IGNORECASE)
_PAGE_NAME = re.compile(r"(?:\.{0,2}/|https?://|[\w\-./]+\.(?:html?|aspx?|php|jsp)(?:$|\?))", re.IGNORECASE)
_DATA_ADDRESS_NAMES = "data-href data-url data-route data-link routerlink data-to data-target-url"
_DATA_ADDRESSES = dict.fromkeys(_DATA_ADDRESS_NAMES.split())
_REFRESH = re.compile(
    r"^\s*(\d*\.?\d*)\s*[;,]?\s*(?:url\s*=)?\s*['\"]?\s*(.*?)['\"]?\s*$", re.IGNORECASE | re.DOTALL
)
_NOTED_TAGS = """form input select textarea button frame iframe meta link script title img h1 h2 h3 article
    main"""
_NOTED = frozenset(_NOTED_TAGS.split())
_ARTICLES = frozenset({"article", "main"})
_UNSAID = frozenset({"select", "textarea", "option", "head"})

_USEFUL_RELS = frozenset(
    {"alternate", "canonical", "license", "help", "search", "manifest", "author", "next"}
)


def extract(source: str, url: str) -> Extracted:
    """Takes the page at `url` apart. Never raises: broken, endless or deeply nested markup yields what could
    be read of it."""
    root = _parse(source)
    page = Extracted()
    if root is None:
        return page
    base = str(get_base_url(source[:8192], url))
    _Walk(page, absolute(url, base) or url).run(root)
    page.title = fold_space(page.title)[:MAX_TEXT]
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    page.language = detect(page.main_text or page.text or page.title, declared)
    return page


def _parse(source: str) -> Any | None:
    data = unended(source.replace("\x00", "")).encode("utf-8", errors="replace")
    if not data.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
        if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            root = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", target=_Shallow()))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return root


class _Shallow:
    """Builds the tree of markup that is nested deeper than libxml2 follows (which gives up the rest of the
    page): where `MAX_DEPTH` is reached, all but the outermost elements end and the rest goes on there."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._open: list[tuple[str, bool]] = []
        """Tags that the markup left open, and whether they are open in the tree too."""
        self._depth = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._depth == MAX_DEPTH:
            self._end_inner()
        self._builder.start(tag, attributes)
        self._open.append((tag, True))
        self._depth += 1

    def _end_inner(self) -> None:
        at = len(self._open)
        while self._depth > OUTERMOST:
            at -= 1
            opened, in_tree = self._open[at]
            if in_tree:
                self._builder.end(opened)
                self._open[at] = (opened, False)
                self._depth -= 1

    def end(self, _: str) -> None:
        opened, in_tree = self._open.pop()
        if in_tree:
            self._builder.end(opened)
            self._depth -= 1

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Any:
        return self._builder.close()


class _Walk:
    """One walk over the tree, in document order, that fills an `Extracted`."""

    def __init__(self, page: Extracted, base: str) -> None:
        self.page = page
        self.base = base
        self.text: list[str] = []
        self.main: list[str] = []
        self.areas: list[Area] = ["main"]
        self.forms: list[tuple[Any, int, Area]] = []
        self.articles = 0
        self.loose: list[tuple[Any, Area]] = []
        self.labels: dict[str, str] = {}
        self.properties: dict[str, Any] = {}
        self.names: dict[str, str] = {}
        self.items: list[dict[str, Any]] = []

    def run(self, root: Any) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        opened: list[tuple[int, Attributes]] = []
        for event, element in walk:
            if event == "start":
                has = dict(element.items())
                opened.append((len(self.text), has))
                if not self._enter(element, element.tag, has):
                    walk.skip_subtree()
            else:
                mark, has = opened.pop()
                self._leave(element, element.tag, has, mark)
                if element.tail:
                    self._say(element.tail)
        self._finish()

    def _enter(self, element: Any, tag: str, has: Attributes) -> bool:
        """Notes the element; True if its children are to be read."""
        self.areas.append(self._area_of(tag, has))
        if tag in _BLOCKS:
            self._say("\n")
        if tag in _NOTED:
            self._note(element, tag)
        if not has:
            if tag in _HIDDEN:
                return False
        else:
            if has.get("itemprop") or has.get("itemtype"):
                self._microdata(element)
            if tag == "head" or (tag == "template" and has.get("shadowrootmode")):
                return True
            if tag in _HIDDEN or "hidden" in has:
                return False
        if tag not in _UNSAID and (text := element.text):
            self._say(text)
        return True

    def _note(self, element: Any, tag: str) -> None:
        """Notes what stands for itself, whatever its text."""
        if tag == "form":
            self.forms.append((element, len(self.text), self.areas[-1]))
        elif tag in ("input", "select", "textarea", "button"):
            self._field(element)
        elif tag in ("frame", "iframe"):
            self._frame(element, tag)
        elif tag == "meta":
            self._meta(element)
        elif tag == "link":
            self._head_link(element)
        elif tag == "script":
            self._script(element)
        elif tag == "title":
            self.page.title = self.page.title or _all_text(element)
        elif tag == "img":
            self.page.images += 1
        elif tag in _ARTICLES:
            self.articles += 1
        elif len(self.page.headings) < MAX_HEADINGS:
            self.page.headings.append(_all_text(element)[:MAX_TEXT])

    def _leave(self, element: Any, tag: str, has: Attributes, mark: int) -> None:
        if tag in _BLOCKS:
            self._say("\n")
        if tag == "label" and has.get("for"):
            self.labels.setdefault(has["for"], self._said_since(mark, MAX_TEXT))
        if has or tag == "button":
            self._link(element, tag, has, mark)
        if tag == "form" and self.forms and self.forms[-1][0] is element:
            _, start, area = self.forms.pop()
            self._form(element, area, self._said_since(start, MAX_FORM_TEXT))
        elif tag in _ARTICLES:
            self.articles -= 1
        self.areas.pop()

    def _say(self, text: str) -> None:
        self.text.append(text)
        if self.areas[-1] == "main":
            self.main.append(text)

    def _said_since(self, mark: int, limit: int) -> str:
        """The first `limit` characters of what was said since `mark`. Elements in elements share their text:
        not all of it is put together again for each."""
        text = fold_space("".join(self.text[mark : mark + 50])[: 10 * limit])
        if len(text) < limit:
            text = fold_space("".join(self.text[mark:]))
        return text[:limit]

    def _area_of(self, tag: str, has: Attributes) -> Area:
        outer = self.areas[-1]
        area = _BY_ROLE.get(has["role"].lower()) if "role" in has else None
        area = area or _BY_TAG.get(tag)
        if area is None and has and tag in _CONTAINERS:
            name = f"{has.get('id', '')} {has.get('class', '')}".strip()
            area = _area_by_name(name) if name else None
        if area is None or outer == "footer":
            return outer
        if area in ("header", "footer") and self.articles:
            return outer  # the head or foot of an article, not of the page
        if area == "main" and outer in ("menu", "header"):
            return outer
        return area

    # Links

    def _link(self, element: Any, tag: str, has: Attributes, mark: int) -> None:
        if len(self.page.links) >= MAX_LINKS:
            return
        if tag in ("a", "area"):
            href = has.get("href")
            script = has.get("onclick", "")
            if href is None and not script and not _data_address(has):
                return
            target = (href or "").strip()
            if target in ("", "#") or target.lower().startswith("javascript:"):
                found = _target_in_script(target) or _target_in_script(script) or _data_address(has)
                self.page.script_links += not found
                target = found or target or "#"
                if target == "#":
                    return
            url = absolute(self.base, target)
            if url:
                self._add(url, self._text_of(element, mark), has.get("rel", ""), tag)
        elif tag == "select":
            if "onchange" in has:
                self._jump_menu(element, has["onchange"])
        elif tag not in ("form", "body", "html") and (
            tag != "input" or has.get("type", "").lower() == "button"
        ):
            script = has.get("onclick", "")
            address = _data_address(has) or _target_in_script(script)
            if address and (url := absolute(self.base, address)).startswith("http"):
                self._add(url, self._text_of(element, mark), "", tag)
            elif script or (tag == "button" and not self.forms):
                self.page.script_links += 1

    def _jump_menu(self, element: Any, script: str) -> None:
        """A list to choose from that leads to the page that is chosen."""
        if not _GOES.search(script):
            return
        for option in list(element.iter("option"))[:MAX_OPTIONS]:
            value = (option.get("value") or "").strip()
            if _PAGE_NAME.match(value) and (url := absolute(self.base, value)).startswith("http"):
                self._add(url, _all_text(option), "", "option")

    def _add(self, url: str, text: str, rel: str, tag: str) -> None:
        position = len(self.page.links)
        self.page.links.append(PageLink(url, text[:MAX_TEXT], self.areas[-1], rel, tag, position))

    def _text_of(self, element: Any, mark: int) -> str:
        return (
            self._said_since(mark, MAX_TEXT)
            or fold_space(element.get("aria-label") or "")
            or fold_space(
                " ".join(image.get("alt") or image.get("title") or "" for image in element.iter("img"))
            )
            or fold_space(element.get("title") or element.get("alt") or element.get("value") or "")
        )

    def _frame(self, element: Any, tag: str) -> None:
        url = absolute(self.base, element.get("src") or "") if element.get("src") else ""
        if url.startswith("http"):
            self.page.frames.append(Frame(url, element.get("name") or ""))
            self._add(url, fold_space(element.get("title") or element.get("name") or ""), "", tag)

    def _head_link(self, element: Any) -> None:
        rel = (element.get("rel") or "").lower()
        url = absolute(self.base, element.get("href") or "") if element.get("href") else ""
        if not url.startswith("http"):
            return
        if "stylesheet" in rel:
            self.page.style_sheets.append(url)
        elif set(rel.split()) & _USEFUL_RELS:
            text = " ".join(
                filter(None, (element.get("title"), element.get("hreflang"), element.get("type")))
            )
            self._add(url, fold_space(text), rel, "link")

    # Forms

    def _field(self, element: Any) -> None:
        if (element.get("type") or "").lower() == "password":
            self.page.password_fields += 1
        if not self.forms:
            self.loose.append((element, self.areas[-1]))

    def _form(self, element: Any, area: Area, text: str) -> None:
        if len(self.page.forms) >= MAX_FORMS:
            return
        controls = list(element.iter("input", "select", "textarea", "button"))[:MAX_FIELDS]
        self.page.forms.append(
            PageForm(
                absolute(self.base, element.get("action") or self.base),
                (element.get("method") or "get").lower()[:10],
                area,
                text[:MAX_FORM_TEXT],
                tuple(map(self._describe, controls)),
                len(self.page.forms),
            )
        )

    def _describe(self, control: Any) -> dict[str, str]:
        kind = (
            control.get("type") or {"input": "text", "button": "submit"}.get(control.tag, control.tag)
        ).lower()
        label = self.labels.get(control.get("id") or "", "")
        if kind in ("submit", "button", "reset", "image"):
            label = label or fold_space(control.get("value") or control.get("alt") or _all_text(control))
        if not label:
            wrapping = next(control.iterancestors("label"), None)
            label = _all_text(wrapping) if wrapping is not None else ""
        label = label or next(
            (control.get(n) for n in ("aria-label", "placeholder", "title") if control.get(n)), ""
        )
        if not label and (cell := next(control.iterancestors("td", "th"), None)) is not None:
            before = cell.getprevious()
            label = _all_text(before) if before is not None else ""
        options = (
            [_all_text(option)[:80] for option in control.iter("option")][:60] if kind == "select" else []
        )
        return {
            "name": (control.get("name") or control.get("id") or "")[:200],
            "type": kind[:30],
            "label": fold_space(label)[:MAX_TEXT],
            "options": " | ".join(options),
        }

    # Data about the page

    def _meta(self, element: Any) -> None:
        content = element.get("content") or ""
        name = (
            (element.get("name") or element.get("property") or element.get("http-equiv") or "")
            .strip()
            .lower()
        )
        if name == "refresh" and (match := _REFRESH.match(content)) and match.group(2):
            url = absolute(self.base, match.group(2))
            if url.startswith("http"):
                self.page.refresh = (float(match.group(1) or 0) if match.group(1) != "." else 0.0, url)
        if not name or not content or len(self.names) + len(self.properties) > 200:
            return
        kept = self.properties if name.startswith(("og:", "article:", "twitter:")) else self.names
        kept.setdefault(name[:100], content[:2_000])

    def _script(self, element: Any) -> None:
        kind = (element.get("type") or "").lower()
        if kind == "application/ld+json":
            if len(self.page.structured) < MAX_BLOCKS and element.text and len(element.text) < MAX_DATA:
                self.page.structured.append(Block("json-ld", element.text.strip()))
        elif element.get("src") or "javascript" in kind or kind in ("", "module"):
            self.page.scripts += 1

    def _microdata(self, element: Any) -> None:
        if element.get("itemtype") and len(self.items) < MAX_BLOCKS:
            self.items.append({"type": element.get("itemtype")[:300]})
        if element.get("itemprop") and self.items and len(self.items[-1]) < 60:
            value = (
                element.get("content") or element.get("href") or element.get("src") or element.get("datetime")
            )
            self.items[-1].setdefault(element.get("itemprop")[:100], value or _all_text(element)[:MAX_TEXT])

    def _finish(self) -> None:
        page = self.page
        page.text = _lines(self.text)
        page.main_text = _lines(self.main)
        visible = [(e, a) for e, a in self.loose if (e.get("type") or "").lower() != "hidden"]
        if any(e.tag != "button" for e, _ in visible):
            # Pages built by script often have fields without a form around them.
            page.forms.append(
                PageForm(
                    self.base, "script", visible[0][1], "",
                    tuple(self._describe(e) for e, _ in visible[:MAX_FIELDS]), len(page.forms),
                )
            )  # fmt: skip
        if self.properties:
            page.structured.append(Block("opengraph", json.dumps(self.properties, ensure_ascii=False)))
        if self.names:
            page.structured.append(Block("meta", json.dumps(self.names, ensure_ascii=False)))
        for item in self.items:
            page.structured.append(Block("microdata", json.dumps(item, ensure_ascii=False)))


def _target_in_script(script: str) -> str:
    if not script:
        return ""
    if script[:11].lower() == "javascript:":
        script = unquote(script[11:])
    script = script[:MAX_SCRIPT]
    found = _ADDRESS_IN_SCRIPT.search(script) or _ADDRESS_IN_CALL.search(script)
    target = found.group("url") if found else ""
    return "" if target.lower().startswith(("javascript:", "about:")) else target


def _data_address(has: Attributes) -> str:
    if _DATA_ADDRESSES.keys().isdisjoint(has):
        return ""
    for name in _DATA_ADDRESSES:
        value = has.get(name, "").strip()
        if value.startswith(("/", "http", "./", "#/")):
            return value
    return ""


@lru_cache(maxsize=4_096)
def _area_by_name(name: str) -> Area | None:
    """What the id and classes of an element call it."""
    return next((found for found, pattern in _BY_NAME if pattern.search(name)), None)


def _all_text(element: Any) -> str:
    pieces, length = [], 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > MAX_READ:  # a heading around a whole page, and perhaps around other headings
            break
    return fold_space("".join(pieces))


def _lines(pieces: list[str]) -> str:
    joined = "".join(pieces).split("\n")
    return "\n".join(line for line in map(fold_space, joined) if line)
