"""Static copies of archived pages: what a visitor saw, with nothing left in it that could act.

A copy is a plain HTML file beside the report. Scripts, frames, forms' targets, refreshes and event handlers
are gone, a Content-Security-Policy forbids whatever might have been missed, style sheets and images come
from the archive or not at all; a picture that was never fetched leaves its box. The places that evidence
names are marked, so that a link can lead to them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import lxml.html

from crawler.capture import Capture, CaptureError, Page
from crawler.markup import unended
from reports import spots
from reports.spots import MARK, Element, Spot

MAX_RESOURCE_BYTES = 3_000_000
MAX_RESOURCES = 2_000
"""Style sheets, images and fonts that are copied for one portal at most."""
MAX_TEXT_CHARACTERS = 200_000

PLACEHOLDER = (160, 90)
"""Pixels of a picture that was not fetched and whose size the page does not say."""

POLICY = (
    "default-src 'none'; img-src 'self' file: data:; style-src 'self' file: 'unsafe-inline'; "
    "font-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)

_TYPES = {
    "text/css": "css",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/svg+xml": "svg",
    "image/x-icon": "ico",
    "image/vnd.microsoft.icon": "ico",
    "font/woff2": "woff2",
    "font/woff": "woff",
    "font/ttf": "ttf",
    "font/otf": "otf",
    "application/font-woff2": "woff2",
    "application/font-woff": "woff",
    "application/x-font-woff": "woff",
    "application/x-font-ttf": "ttf",
    "application/vnd.ms-fontobject": "eot",
}
_BY_NAME = ("css", "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "woff2", "woff", "ttf", "otf", "eot")

_DROPPED = {
    "script", "base", "iframe", "frame", "frameset", "noframes", "object", "embed", "applet", "param",
    "audio", "video", "source", "track", "portal", "template", "animate", "animatetransform",
    "animatemotion", "set", "foreignobject",
}  # fmt: skip
_DROPPED_ATTRIBUTES = {
    "srcdoc", "ping", "action", "formaction", "target", "integrity", "crossorigin", "nonce", "srcset",
    "sizes", "loading", "autofocus", "data", "codebase", "classid", "archive", "longdesc", "dynsrc",
    "lowsrc", "manifest", "http-equiv", "contenteditable", "accesskey", "popovertarget",
}  # fmt: skip

_OWN_NAME = re.compile(r"[0-9a-f]{20}\.[a-z0-9]{2,5}")
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)["']?\s*\)?([^;]*);""", re.IGNORECASE)
_ACTIVE_SVG = re.compile(rb"<script|<foreignobject|<!entity|javascript:|\son\w+\s*=", re.IGNORECASE)
_PUBLIC_DOCTYPE = re.compile(
    r'<!DOCTYPE html PUBLIC "[-A-Za-z0-9/ .]*"(?: "[-A-Za-z0-9/:. ]*")?>', re.IGNORECASE
)


@dataclass(frozen=True)
class Copy:
    """A copy in the report. `path` is below the report's folder; `spots` has the id of the element that
    shows a spot, by the spot's key."""

    path: str
    spots: Mapping[str, str] = field(default_factory=dict)

    def address_of(self, spot: Spot) -> str:
        """The path with the fragment that leads to the spot, if it was found."""
        found = self.spots.get(spot.key)
        return f"{self.path}#{quote(found)}" if found else self.path


@dataclass
class Archive:
    """Writes the copies of one portal below ``<root>/archive/<portal>/``.

    `banner` gives the HTML of the notice at the head of a copy, for an address and a page's time.
    """

    capture: Capture
    root: Path
    portal: str
    banner: Callable[[Page], str]
    written: dict[str, Copy] = field(default_factory=dict)
    _resources: dict[str, str | None] = field(default_factory=dict)
    _local: dict[str, str] = field(default_factory=dict)

    def write(self, wanted: Mapping[int, Iterable[Spot]]) -> None:
        """Makes the copies of the pages (by Page.id) with their spots; `copy_of` then knows them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        pages = {page.id: page for page in self.capture.pages}
        chosen = [pages[number] for number in sorted(wanted) if number in pages and pages[number].record_id]
        for page in chosen:
            for url in (page.url, page.final_url):
                self._local.setdefault(urldefrag(url)[0], f"{page.id}.html")
        for page in chosen:
            copy = self._page(page, list(wanted[page.id]))
            if copy:
                self.written[page.record_id] = copy

    def copy_of(self, record_id: str) -> Copy | None:
        return self.written.get(record_id)

    def write_text(self, record_id: str) -> None:
        """Keeps a body that is no page (robots.txt, a sitemap, a CSV file) as plain text, cut to a length
        that opens in any editor."""
        if record_id in self.written:
            return
        try:
            body = self.capture.body(record_id)
            media_type = _media_type(self.capture.headers(record_id))
        except CaptureError:
            return
        if b"\0" in body[:1000] or media_type.startswith(("image/", "font/", "video/", "audio/")):
            return
        name = f"{sha256(record_id.encode()).hexdigest()[:16]}.txt"
        text = body[: 4 * MAX_TEXT_CHARACTERS].decode("utf-8", "replace")[:MAX_TEXT_CHARACTERS]
        self.folder.mkdir(parents=True, exist_ok=True)
        # The byte order mark tells a browser, which sees a file without headers, that this is UTF-8.
        (self.folder / name).write_bytes(text.encode("utf-8-sig", "replace"))
        self.written[record_id] = Copy(f"archive/{self.portal}/{name}")

    @property
    def folder(self) -> Path:
        return self.root / "archive" / self.portal

    def _page(self, page: Page, wanted: list[Spot]) -> Copy | None:
        try:
            text = self.capture.html(page)
        except CaptureError:
            return None
        if not text.strip():
            return None
        try:
            parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
            root = lxml.html.document_fromstring(unended(text).encode("utf-8", "replace"), parser=parser)
        except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
            return None
        found = _mark(root, wanted)
        doctype = _doctype(root.getroottree().docinfo.doctype)
        base = page.final_url
        declared = root.find(".//base[@href]")
        if declared is not None:
            base = _join(base, declared.get("href")) or base
        frames = self._frames(root, base)
        self._clean(root, base)
        name = f"{page.id}.html"
        (self.folder / name).write_text(
            self._document(root, doctype, self.banner(page), frames), encoding="utf-8", errors="replace"
        )
        return Copy(f"archive/{self.portal}/{name}", found)

    def _document(self, root: Element, doctype: str, banner: str, frames: str) -> str:
        def attributes(element: Element | None) -> str:
            if element is None:
                return ""
            return "".join(
                f' {k}="{html.escape(v)}"'
                for k, v in element.attrib.items()
                if re.fullmatch(r"[a-zA-Z-]+", k)
            )

        def inside(element: Element | None) -> str:
            if element is None:
                return ""
            parts = [html.escape(element.text or "")]
            parts += [lxml.html.tostring(child, encoding="unicode") for child in element]
            return "".join(parts)

        body = root.find("body")
        return (
            f'{doctype}<html{attributes(root)}><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">'
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
            "<style>:target{outline:4px solid #d3301f!important;outline-offset:4px;scroll-margin:35vh}"
            f"</style>{inside(root.find('head'))}</head>"
            f"<body{attributes(body)}>{banner}{frames}{inside(body)}</body></html>\n"
        )

    def _frames(self, root: Element, base: str) -> str:
        """Links to what stood in frames, which a copy does not have."""
        lines = []
        for frame in root.iter("frame", "iframe"):
            url = _join(base, frame.get("src"))
            if url and frame.tag == "frame":
                target = self._local.get(urldefrag(url)[0], url)
                lines.append(
                    f'<p style="font:16px sans-serif;margin:1em"><a rel="noreferrer noopener" href='
                    f'"{html.escape(target)}"><bdi>{html.escape(frame.get("name") or url)}</bdi></a></p>'
                )
        return "".join(lines)

    def _clean(self, root: Element, base: str) -> None:
        for element in list(root.iter()):
            tag = element.tag if isinstance(element.tag, str) else None
            if tag is None:  # comments, processing instructions
                _remove(element)
            elif tag == "noscript":
                _remove(element) if element.getparent() is root.find("head") else element.drop_tag()
            elif tag.lower() in _DROPPED or (tag == "meta" and not self._harmless_meta(element)):
                _remove(element)
            elif tag == "link":
                self._link(element, base)
            else:
                self._attributes(element, base)
                if tag == "style" and element.text:
                    element.text = self._css(element.text, base)

    @staticmethod
    def _harmless_meta(element: Element) -> bool:
        return (element.get("name") or "").lower() in ("viewport", "description") and not element.get(
            "http-equiv"
        )

    def _link(self, element: Element, base: str) -> None:
        kinds = (element.get("rel") or "").lower().split()
        sheet = "stylesheet" in kinds and "alternate" not in kinds
        name = self._resource(_join(base, element.get("href")), css=True) if sheet else None
        media = element.get("media")
        element.attrib.clear()
        if name is None:
            _remove(element)
            return
        element.set("rel", "stylesheet")
        element.set("href", name)
        # Sheets loaded late by script stand as media="print" until then.
        if media and media != "print":
            element.set("media", media)

    def _attributes(self, element: Element, base: str) -> None:
        for name in list(element.attrib):
            lower = name.lower() if isinstance(name, str) else ""
            if lower.startswith("on") or lower in _DROPPED_ATTRIBUTES or not lower:
                del element.attrib[name]
        if "style" in element.attrib:
            element.set("style", self._css(element.get("style"), base))
        if "background" in element.attrib:
            self._replace(element, "background", base)
        if element.tag in ("a", "area"):
            self._anchor(element, base)
        elif element.tag in ("img", "input", "image"):
            late = element.get("data-src") or element.get("data-original")
            for name in ("src", "href", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
                if name in element.attrib:
                    self._replace(element, name, base)
            if late and element.tag == "img" and "src" not in element.attrib:
                element.set("src", late)
                self._replace(element, "src", base)
            if element.tag == "img" and "src" not in element.attrib:
                element.set("src", _placeholder(element))
        else:
            for name in ("src", "href", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
                if name in element.attrib and not element.get(name, "").startswith("#"):
                    del element.attrib[name]

    def _anchor(self, element: Element, base: str) -> None:
        href = (element.get("href") or "").strip()
        for name in ("href", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
            element.attrib.pop(name, None)
        if href.startswith("#"):
            element.set("href", href)
            return
        if href.lower().startswith(("mailto:", "tel:")):
            element.set("href", href)
            return
        url = _join(base, href)
        if url:
            element.set("href", self._local.get(urldefrag(url)[0]) or url)
            element.set("rel", "noreferrer noopener nofollow")

    def _replace(self, element: Element, name: str, base: str) -> None:
        value = (element.get(name) or "").strip()
        if value.lower().startswith("data:image/") and not value.lower().startswith("data:image/svg"):
            return
        local = self._resource(_join(base, value))
        if local:
            element.set(name, local)
        else:
            del element.attrib[name]

    def _css(self, text: str, base: str, inside: str = "files/", depth: int = 0) -> str:
        """Style text with its addresses led to local files, or to nothing. `inside` is where the files are,
        seen from where the text stands."""

        def imported(match: re.Match[str]) -> str:
            name = self._resource(_join(base, match[1]), css=True, depth=depth + 1) if depth < 3 else None
            return f'@import "{inside}{name.removeprefix("files/")}"{match[2]};' if name else ""

        def addressed(match: re.Match[str]) -> str:
            value = (match[1] or match[2] or match[3] or "").strip()
            if value.startswith("#") or value.lower().startswith(("data:image/", "data:font/")):
                return match[0]
            if value.startswith(inside) and re.fullmatch(
                r"[0-9a-f]{20}\.[a-z0-9]+", value.removeprefix(inside)
            ):
                return match[0]  # one of the imports above
            name = self._resource(_join(base, value))
            return f'url("{inside}{name.removeprefix("files/")}")' if name else 'url("data:,")'

        return _CSS_URL.sub(addressed, _CSS_IMPORT.sub(imported, text)).replace("</", "<\\/")

    def _resource(self, url: str | None, *, css: bool = False, depth: int = 0) -> str | None:
        """Writes what was archived under the address; its path seen from a copy, or None."""
        if url is None:
            return None
        url = urldefrag(url)[0]
        if url not in self._resources:
            self._resources[url] = None  # ends circles of imports
            if len(self._resources) <= MAX_RESOURCES:
                self._resources[url] = self._write_resource(url, css, depth)
        return self._resources[url]

    def _write_resource(self, url: str, css: bool, depth: int) -> str | None:
        record = self.capture.latest_record(url)
        if record is None:
            return None
        try:
            body, headers = self.capture.body(record), self.capture.headers(record)
        except CaptureError:
            return None
        ending = _TYPES.get(_media_type(headers)) or _ending_of(url)
        if not body or len(body) > MAX_RESOURCE_BYTES or ending is None or (ending == "css") != css:
            return None
        if ending == "svg" and _ACTIVE_SVG.search(body):
            return None
        if ending == "css":
            body = self._css(body.decode("utf-8-sig", "replace"), url, inside="", depth=depth).encode()
        name = f"{sha256(body).hexdigest()[:20]}.{ending}"
        path = self.folder / "files" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(body)
        return f"files/{name}"


def _mark(root: Element, wanted: list[Spot]) -> dict[str, str]:
    """Gives each spot's element its keys, and an id if it has none; the ids by key. Several spots may
    share an element."""
    places = [(spot.key, spots.find(root, spot)) for spot in wanted]
    for element in root.iter():
        if isinstance(element.tag, str):
            element.attrib.pop(MARK, None)
    ids: dict[str, str] = {}
    for key, element in places:
        if element is None:
            continue
        element.set(MARK, f"{element.get(MARK, '')} {key}".strip())
        if not element.get("id"):
            element.set("id", f"spot-{key}")
        ids[key] = element.get("id")
    return ids


def _placeholder(image: Element) -> str:
    """A grey box, as large as the page says that the picture is, with the picture's own words: a picture that
    was never fetched keeps its place and is not taken for a fault of the portal."""
    width, height = _pixels(image.get("width")), _pixels(image.get("height"))
    width = width or (height * 16 // 9 if height else PLACEHOLDER[0])
    height = height or width * 9 // 16 or 1
    said = "".join(c for c in image.get("alt") or "" if c.isprintable() and unicodedata.category(c) != "Cf")
    words = html.escape(" ".join(said.split())[:80]) if min(width, height) >= 24 else ""
    box = f'width="{width}" height="{height}"'
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}><rect {box} fill="#ececec" stroke="#b9b9b9"/>'
        f'<text x="50%" y="50%" font-family="sans-serif" font-size="12" fill="#555" text-anchor="middle" '
        f'dominant-baseline="middle">{words}</text></svg>'
    )
    return f"data:image/svg+xml,{quote(drawn)}"


def _pixels(value: str | None) -> int:
    """A width or height in pixels, 0 where it is given in anything else."""
    found = re.fullmatch(r"\s*([0-9]{1,4})(?:\.[0-9]+)?\s*(?:px)?\s*", value or "")
    return min(int(found[1]), 4_000) if found else 0


def _doctype(original: str) -> str:
    """Keeps the page in the mode in which it was shown (quirks or standards)."""
    if not original:
        return ""
    return original if _PUBLIC_DOCTYPE.fullmatch(original) else "<!DOCTYPE html>"


def _join(base: str, address: str | None) -> str | None:
    """The absolute web address, or None for anything else."""
    try:
        url = urljoin(base, (address or "").strip()) if address else ""
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else None
    except ValueError:
        return None


def _media_type(headers: list[tuple[str, str]]) -> str:
    value = next((v for k, v in headers if k.lower() == "content-type"), "")
    return value.split(";")[0].strip().lower()


def _ending_of(url: str) -> str | None:
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    return ending if ending in _BY_NAME else None


def _remove(element: Element) -> None:
    """Takes the element out and leaves the text after it where it was."""
    if element.getparent() is not None:
        if isinstance(element.tag, str):
            element.drop_tree()
        else:
            parent, before = element.getparent(), element.getprevious()
            if element.tail:
                if before is not None:
                    before.tail = (before.tail or "") + element.tail
                else:
                    parent.text = (parent.text or "") + element.tail
            element.tail = None
            parent.remove(element)
