"""What a host says to robots: robots.txt and sitemaps."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from lxml import etree
from protego import Protego
from scrapy.utils.sitemap import Sitemap as SitemapReader

from crawler.agent import ROBOT
from crawler.fetch import Fetched

ROBOTS_LIMIT = 500_000
"""Bytes of a robots.txt that count (RFC 9309 asks for 500 KiB at least)."""

SITEMAP_LIMIT = 10_000_000
"""Bytes read of a sitemap, and of what it unpacks to; what stands beyond them is left out."""

SITEMAPS = 10
"""Sitemap files read at most, index files included."""

SITEMAP_ENTRIES = 5_000


@dataclass(frozen=True)
class Rules:
    """The rules of one host. `closed` is the reason if nothing may be asked."""

    status: int | None
    text: str
    delay: float | None
    sitemaps: tuple[str, ...]
    closed: str = ""
    _parsed: Protego | None = None

    def allows(self, url: str) -> bool:
        return not self.closed and (self._parsed is None or bool(self._parsed.can_fetch(url, ROBOT)))


def read_rules(status: int | None, text: str, why: str = "") -> Rules:
    """The rules of a robots.txt answer, by RFC 9309: a file that is not there (4xx) allows everything, one
    that cannot be had (5xx, no answer) allows nothing. HTML in its place counts as not there."""
    if status is None or status >= 500:
        said = why or f"status {status}"
        return Rules(status, "", None, (), closed=f"robots.txt could not be read: {said}")
    if not 200 <= status < 300 or text.lstrip().startswith("<"):
        return Rules(status, text, None, ())
    parsed = Protego.parse(text)
    delay = parsed.crawl_delay(ROBOT)
    return Rules(
        status, text, float(delay) if delay is not None else None, tuple(parsed.sitemaps), "", parsed
    )


def read_sitemap(fetched: Fetched) -> tuple[str, list[str], str]:
    """(kind, addresses, reason) of a sitemap answer: kind is ``urlset``, ``sitemapindex`` or ''; reason says
    why nothing could be read. Entities are not expanded, gzip is bounded."""
    if fetched.failure or fetched.status != 200:
        return "", [], fetched.why or f"status {fetched.status}"
    body = fetched.body
    try:
        if body[:2] == b"\x1f\x8b":
            body = _unpack(body)
        if not body.strip():
            return "", [], "empty"
        reader = SitemapReader(body)
        kind = str(reader.type or "")
        if kind not in ("urlset", "sitemapindex"):
            return "", [], "no sitemap"
        found = [
            str(item["loc"])
            for item, _ in zip(reader, range(SITEMAP_ENTRIES), strict=False)
            if item.get("loc")
        ]
    except StopIteration:
        return "", [], "no sitemap"
    except (etree.LxmlError, zlib.error, OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        return "", [], f"cannot be read: {type(error).__name__}"
    return kind, found, ""


def _unpack(body: bytes) -> bytes:
    """The beginning of what a gzip file holds. Raises zlib.error."""
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, SITEMAP_LIMIT)
