"""Which addresses belong to a portal, how one address is written, and which are never asked for."""

from __future__ import annotations

import contextlib
import posixpath
import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from crawler.phrases import phrases
from crawler.portal import Portal
from crawler.text import normalize

MAX_LENGTH = 2_000
"""Characters of an address; longer ones are not asked for."""

MAX_SEGMENTS = 16
MAX_REPEATS = 3
"""How often one path segment may occur in a path: more is a relative link gone wrong."""

MAX_VARIANTS = 60
"""Addresses asked for that differ in their query only."""

MAX_COMBINATIONS = 20
"""Sets of query parameters with which one path is asked for: more are the facets of one list."""

MAX_DATES = 30
"""Addresses asked for that differ in the date at their end only: more are a calendar."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_ROOT = re.compile(r"^https?://[^/?#]+", re.IGNORECASE)
_WITHOUT_PAGE = re.compile(r"^(?:/(?!/)|https?://\w)", re.IGNORECASE)
"""Addresses that mean the same on every page of a host: ``/path`` and ``https://host``."""

_PLAIN = re.compile(
    r"https?://(?:www\.)?((?!www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::(?!80/|443/)(?:[1-5]\d{4}|[1-9]\d{1,3}))?"
    r"/(?:[\w-]+(?:\.\w+)*(?:/|(?=[?#])|$))*(?:\?([\w-]+=[\w-]+))?)(?:#[\w-]*)?",
    re.ASCII,
)
"""Addresses that are canonical as they stand: nearly all. Behind scheme and ``www.`` comes what they are."""

_HASH_ROUTE = re.compile(r"^!?/[^#]*")
_SESSION = re.compile(
    r"^(?:(?:phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|session_?id|cfid|cftoken"
    r"|utm_\w+|fbclid|gclid|_ga|__cf_chl\w*)(?:=|$)"
    # Some portals number their sections so: a session is long and random.
    r"|(?:sid|sess|sessid|session|token)=(?=[^=]*\d)(?=[^=]*[a-z])[\w\-]{12,}$)",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]{10,}\)\)", re.IGNORECASE)

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DATE = re.compile(r"(?:^|[/\-_=.])(?:1[34]|19|20)\d\d[/\-_.]\d{1,2}(?:[/\-_.]\d{1,2})?/?$")
_NUMBER = re.compile(r"\d+")

_DOCUMENTS = """pdf doc docx xls xlsx ppt pptx pps ppsx odt ods odp rtf csv tsv json geojson kml kmz shp xml
    rss atom txt zip rar 7z gz tgz tar apk ipa exe msi dmg mp3 mp4 avi wmv mov flv mkv webm wav ogg m4a 3gp
    epub ics vcf"""
_PAGE_PARTS = "jpg jpeg png gif bmp svg webp ico tif tiff css js mjs woff woff2 ttf eot swf"
_ASSETS = frozenset(_PAGE_PARTS.split())
_FILE_TYPES = frozenset(_DOCUMENTS.split()) | _ASSETS


def absolute(base: str, address: str, encoding: str = "utf-8") -> str:
    """The address as a browser would ask for it, seen from the page `base`; '' if it is none.

    Only http and https addresses are resolved; mailto:, tel:, javascript: and the like come back as written.
    """
    address = address.strip(" \t\n\r\f\x00")
    if _WITHOUT_PAGE.match(address) and (root := _ROOT.match(base)):
        base = root.group() + "/"  # the same from every page, and remembered for all of them
    return _resolve(base, address, encoding)


@lru_cache(maxsize=16_384)
def _resolve(base: str, address: str, encoding: str) -> str:
    scheme = address.split(":", 1)[0].lower() if re.match(r"^[a-zA-Z][a-zA-Z0-9+.\-]*:", address) else ""
    if scheme and scheme not in ("http", "https"):
        return address[:MAX_LENGTH]
    try:
        path, mark, rest = address.partition("?")
        # Browsers read a backslash as a slash.
        joined = safe_url_string(urljoin(base, path.replace("\\", "/") + mark + rest), encoding=encoding)
        parts = urlsplit(joined)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.hostname else ""


def canonical(url: str) -> str:
    """One spelling for all addresses of one page: host in lower case, default port, dot segments, fragment
    (but not a hash route), session and campaign parameters dropped, parameters sorted. Idempotent."""
    parts = urlsplit(without_session(url))
    route = _HASH_ROUTE.match(parts.fragment)
    query = parts.query
    path = parts.path or "/"
    if "/." in path or "//" in path:
        slash = "/" if path.endswith(("/", "/.", "/..")) and path != "/" else ""
        path = posixpath.normpath(path).replace("//", "/").rstrip("/") + slash or "/"
    netloc = host_of(url)
    result: str = canonicalize_url(urlunsplit((parts.scheme, netloc, path, query, "")))
    return f"{result}#{route.group()}" if route else result


def without_session(url: str) -> str:
    """The address without the session and campaign that portals write into it."""
    head, mark, query = _SESSION_IN_PATH.sub("", url).partition("?")
    query, hashed, fragment = query.partition("#")
    if any(_SESSION.match(pair) for pair in query.split("&")):
        query = "&".join(pair for pair in query.split("&") if not _SESSION.match(pair))
        mark = mark if query else ""
    return f"{head}{mark}{query}{hashed}{fragment}"


def host_of(url: str) -> str:
    """``name`` or ``name:port`` (where the port is not the scheme's own), in lower case; IPv6 in brackets."""
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    with contextlib.suppress(UnicodeError):
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    if ":" in name:
        name = f"[{name}]"
    port = parts.port
    return name if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def origin_of(url: str) -> str:
    return f"{urlsplit(url).scheme}://{host_of(url)}"


def guess_is_file(url: str) -> bool:
    """By its name alone: True for addresses that end like a document, data or media file."""
    return _suffix(url) in _FILE_TYPES


def is_asset(url: str) -> bool:
    """A picture, style sheet, script or font: part of pages, not worth a visit of its own."""
    return _suffix(url) in _ASSETS


@lru_cache(maxsize=8_192)
def _suffix(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).suffix.lower().lstrip(".")


class Scope:
    """The hosts of one portal and the limits of what is asked of them.

    It knows how many variants of each path were admitted; everything else is stateless.
    """

    def __init__(self, portal: Portal) -> None:
        self.hosts: frozenset[str] = frozenset(
            variant
            for host in (host_of(portal.start), *map(_listed, portal.hosts))
            for variant in twins(host)
        )
        self.depth = portal.budget.depth
        self._variants: Counter[str] = Counter()
        self._combinations: Counter[str] = Counter()

    def contains(self, url: str) -> bool:
        """True if the address lies on a host of the portal."""
        try:
            return urlsplit(url).scheme in ("http", "https") and host_of(url) in self.hosts
        except ValueError:
            return False

    @staticmethod
    def changes(url: str) -> bool:
        """True if the address looks like an act (log-out, delete, subscribe), not like a page."""
        parts = urlsplit(url)
        return bool(_acts().search(normalize(_CAMEL.sub("-", unquote(f"{parts.path}?{parts.query}")))))

    def refusal(self, url: str, *, text: str = "", depth: int = 0) -> str:
        """Why an address in scope is not asked for, or ''. `text` is its link's."""
        parts = urlsplit(url)
        if len(url) > MAX_LENGTH:
            return "address too long"
        if self.changes(url) or normalize(text) in phrases("changes"):
            return "could change something"
        if depth > self.depth:
            return "deeper than the budget allows"
        segments = [s for s in parts.path.split("/") if s]
        if len(segments) > MAX_SEGMENTS or max(Counter(segments).values(), default=0) > MAX_REPEATS:
            return "trap: the path repeats itself"
        shape = _shape(url)
        if parts.query and self._variants[shape] >= MAX_VARIANTS:
            return "trap: too many variants of one address"
        if parts.query and not self._variants[shape] and self._combinations[_path(url)] >= MAX_COMBINATIONS:
            return "trap: too many combinations of parameters"
        if (dated := _dated(url)) and self._variants[dated] >= MAX_DATES:
            return "trap: a calendar without end"
        return ""

    def admit(self, url: str) -> None:
        """Counts an address that will be asked for among the variants of its path."""
        if urlsplit(url).query:
            shape = _shape(url)
            self._combinations[_path(url)] += not self._variants[shape]
            self._variants[shape] += 1
        if dated := _dated(url):
            self._variants[dated] += 1


def _shape(url: str) -> str:
    """What the variants of one address have in common: host, path, and the names of the parameters."""
    parts = urlsplit(url)
    return f"{_path(url)}?{'&'.join(sorted({k for k, _ in parse_qsl(parts.query)}))}"


def _path(url: str) -> str:
    return f"{host_of(url)}{urlsplit(url).path}"


def _dated(url: str) -> str:
    """What the days of a calendar have in common, '' for an address that does not end in a date."""
    end = urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()
    return f"{host_of(url)}{_NUMBER.sub('#', end)}" if _DATE.search(end) else ""


@cache
def _acts() -> re.Pattern[str]:
    words = "|".join(re.escape(words).replace("\\ ", "[-_+ ]?") for words in phrases("acts"))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")


def _listed(host: str) -> str:
    return host.lower() if "://" not in host else host_of(host)


def twins(host: str) -> tuple[str, ...]:
    """A host, then the same with or without ``www.``; names only, never numbers."""
    name = host.rsplit(":", 1)[0]
    if "." not in name or name.replace(".", "").isdigit() or host.startswith("["):
        return (host,)
    return (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")


@lru_cache(maxsize=8192)
def identity(url: str) -> str:
    """What the address is, however it is reached: `canonical` without the scheme and ``www.``."""
    plain = _PLAIN.fullmatch(url)
    if plain and not (plain[2] and _SESSION.match(plain[2])):
        return plain[1]
    return canonical(url).partition("://")[2].removeprefix("www.")
