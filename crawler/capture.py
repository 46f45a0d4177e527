"""The Capture: everything one visit to one portal saw, as a folder that can be read offline.

Layout of the folder::

    capture.sqlite      the tables below, and the frontier from which an interrupted visit goes on
    archive/*.warc.gz   every exchange (request, response), the rendered pages (conversion records)
    screenshots/*.png   what the browser showed, where it was used

The crawler writes it (`crawler.writer`), everybody else only reads it through `Capture`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from types import NoneType
from typing import IO, Any, Literal, NamedTuple, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict
from warcio.archiveiterator import ArchiveIterator

from crawler.portal import Portal

DATABASE = "capture.sqlite"
ARCHIVE = "archive"
SCREENSHOTS = "screenshots"

Area = Literal["header", "menu", "main", "aside", "footer"]

FoundBy = Literal["start", "link", "sitemap", "frame", "redirect", "script", "form", "hint"]

Outcome = Literal[
    "ok",  # a real page (or file) with content
    "empty",  # 2xx without text, even in the browser
    "soft_404",  # says "not found" under status 200
    "login_wall",  # asks to log in instead of showing what was promised
    "blocked",  # challenge or block page, 403, 429
    "parked",  # domain for sale
    "http_error",  # 4xx or 5xx
    "unreachable",  # name, connection, time-out, reset
    "certificate",  # certificate not trusted
    "redirected_away",  # leads to a host outside the portal
    "too_large",
    "refused",  # not fetched: robots.txt, budget, scope, private address; see `reason`
    "unreadable",  # answered something that cannot be decoded
]


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Record):
    """One address that was visited. `id` counts from 1 in the order of arrival."""

    id: int
    url: str
    final_url: str
    status: int | None
    outcome: Outcome
    reason: str = ""
    fetched_at: datetime
    seconds: float
    """Until the answer began; 0 where it was at hand, because another page had needed it in the browser."""
    media_type: str
    charset: str
    language: str
    depth: int
    title: str
    found_by: FoundBy
    found_on: int | None
    mode: Literal["plain", "rendered"]
    record_id: str
    """WARC-Record-ID of the body that is judged: the response, or the rendered page."""
    bytes: int
    text_length: int
    screenshot: str = ""
    """Path below the capture's folder, or ''."""


class Link(Record):
    """One link of a page: `page` is the Page.id, `url` is absolute, `text` is what a reader sees
    (title, aria-label or image alt text where there is no text)."""

    page: int
    url: str
    text: str
    area: Area
    rel: str
    tag: str
    position: int
    """Counts the links of the page from 0, in document order."""


class Form(Record):
    """One form of a page; `fields` are dicts name, type, label, options."""

    page: int
    action: str
    method: str
    area: Area
    text: str
    fields: tuple[dict[str, str], ...]
    position: int


class File(Record):
    """Something that is not a page (PDF, CSV, JSON, APK ...), asked for only as far as needed to know
    its type and size. `size` is in bytes, None where the server does not say."""

    url: str
    page: int | None
    text: str
    status: int | None
    outcome: Outcome
    reason: str = ""
    media_type: str
    size: int | None
    fetched_at: datetime
    record_id: str
    head: str = ""
    """The first characters of a text file, at most 2,000."""


class Host(Record):
    """A host of the portal and what it said of robots."""

    host: str
    robots_status: int | None
    robots_text: str
    crawl_delay: float | None
    sitemaps: tuple[str, ...]
    missing_page_status: int | None = None
    """Status for an address that cannot exist (404 if the host is honest); None if it was not asked."""


class Sitemap(Record):
    url: str
    status: int | None
    entries: int
    """Addresses of the portal it lists (index files followed)."""
    reason: str = ""
    record_id: str = ""


class Refusal(Record):
    """An address that was not asked for, and why."""

    url: str
    reason: str
    at: datetime


class Footprint(Record):
    """What the visit took from the portal."""

    requests: int
    bytes: int
    seconds: float
    highest_rate: float
    """Most requests to one host in any ten seconds, per second."""
    refusals: int
    refused_for: dict[str, int] = {}
    """How many addresses were not asked for, by reason: the most frequent first, at most twenty."""


class Visit(Record):
    """The visit as a whole. `finished_at` is None while it goes on."""

    portal: str
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome
    """Of the start page: 'ok' means that the portal was there."""
    reason: str
    complete: bool
    """True if the frontier was emptied; False if a budget or an interruption ended the visit."""
    stopped_by: str
    footprint: Footprint | None


class Structured(Record):
    """Structured data of a page; `data` is JSON text (one JSON-LD block, or the Open Graph / microdata
    properties as an object)."""

    page: int
    syntax: Literal["json-ld", "opengraph", "microdata", "meta"]
    data: str


RenderingReason = Literal[
    "start",  # the home page, for its picture and its menus
    "route",  # the address names a state of a script (#/...)
    "shell",  # hardly any text without script
    "learnt",  # pages of this kind showed more in the browser
    "postback",  # links that only post a form
    "menu",  # things to click without an address
    "first",  # the first page of its kind
    "search",  # the answer of the portal's own search
    "check",  # one of the lasting share that keeps the choice honest
]


class Comparison(Record):
    """One page that was opened in the browser after it was fetched plainly, and what that brought.

    `kind` is the pattern of its address (see `crawler.rendering.kind_of`); `text` and `links` count the
    characters and addresses of the plain page, `rendered_text` and `rendered_links` those in the browser;
    `gained` says that the browser showed clearly more; `targets` counts addresses that only a press told."""

    page: int
    kind: str
    reason: RenderingReason
    gained: bool
    text: int
    rendered_text: int
    links: int
    rendered_links: int
    targets: int
    failure: str = ""
    """Why the browser did not get through with the page, or ''."""


QueryKind = Literal[
    "title",  # of a page that the visit has seen: a search should find it
    "nonsense",  # letters that no page can have: a search should say so
    "misspelt",  # such a title with one letter left out
]


POSTED = "posted:"
"""Opens the fragment that tells the answer to a posted form from the page at the same address; the query
follows, in URL encoding."""


class Search(Record):
    """One query that was put to the portal's own search, and the answer.

    `expected` is the Page.id of the page whose title was asked for, None for nonsense; `page` that of the
    answer, None where none came. `url` is the address that was asked; what was posted there is told apart
    by a fragment. `seconds` as in Page, `outcome` and `reason` as those of the answer."""

    query: str
    kind: QueryKind
    expected: int | None
    page: int | None
    url: str
    seconds: float
    outcome: Outcome
    reason: str = ""


R = TypeVar("R", bound=Record)

TABLES: dict[str, type[Record]] = {
    "pages": Page,
    "links": Link,
    "forms": Form,
    "files": File,
    "hosts": Host,
    "sitemaps": Sitemap,
    "refusals": Refusal,
    "structured": Structured,
    "comparisons": Comparison,
    "searches": Search,
}


def columns(record: type[Record]) -> list[str]:
    return list(record.model_fields)


_PLAIN = frozenset({str, int, float, NoneType})


def to_row(record: Record) -> list[Any]:
    """The record as SQLite values: lists and dicts as JSON, times as ISO 8601."""
    row = list(record.__dict__.values())
    if _PLAIN.issuperset(map(type, row)):
        return row  # links, by far the most
    values = record.model_dump(mode="json")
    return [json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v for v in values.values()]


@cache
def _listed(record: type[Record]) -> tuple[str, ...]:
    """The columns that are written as JSON."""
    return tuple(name for name, field in record.model_fields.items() if "tuple" in str(field.annotation))


def from_row(record: type[R], row: sqlite3.Row) -> R:
    values = dict(row)
    for name in _listed(record):
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    return record.model_validate(values)


class CaptureError(Exception):
    """The folder is no capture, or a record named in it is not in its archive."""


class VisitStoppedError(Exception):
    """The visit was asked to stop (SIGTERM, SIGINT) before its end; it goes on when it is called again."""


class StorageError(Exception):
    """The capture cannot be written (full disk, quota, no permission); what was committed before stands."""

    def __init__(self, folder: Path, cause: BaseException) -> None:
        super().__init__(folder, cause)  # what it is made of, so that it can pass between processes

    def __str__(self) -> str:
        folder, cause = self.args
        return (
            f"{folder}: the capture cannot be written: {cause}"
            " (free or allow more space and run the same command again: the visit goes on where it stopped)"
        )


class Archived(NamedTuple):
    """One archived record, read whole. `problem` says what is wrong with it: a digest that does not fit or
    is missing; '' if all is well. `body` has its transfer and content encodings undone."""

    kind: str
    url: str
    at: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes
    problem: str


class Capture:
    """A finished or unfinished visit, read-only. Nothing here reaches the network.

    Usage: ``with Capture(folder) as capture: ...``
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        database = folder / DATABASE
        if not database.is_file():
            raise CaptureError(f"{folder}: no capture here ({DATABASE} is missing); run the crawl first")
        self._db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._db.row_factory = sqlite3.Row

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()
        for handle in self._open_archives.values():
            handle.close()

    @cached_property
    def visit(self) -> Visit:
        return Visit.model_validate_json(self._meta("visit"))

    @cached_property
    def portal(self) -> Portal:
        """The agencies.yaml entry as it was at the time of the visit."""
        return Portal.model_validate_json(self._meta("portal"))

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        return tuple(self._all(Page, "pages", "id"))

    @cached_property
    def files(self) -> tuple[File, ...]:
        return tuple(self._all(File, "files", "rowid"))

    @cached_property
    def hosts(self) -> tuple[Host, ...]:
        return tuple(self._all(Host, "hosts", "host"))

    @cached_property
    def sitemaps(self) -> tuple[Sitemap, ...]:
        return tuple(self._all(Sitemap, "sitemaps", "rowid"))

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(self._all(Refusal, "refusals", "rowid"))

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The pages opened in the browser, in the order of the visit; none in captures of before there was
        this table."""
        return tuple(self._all(Comparison, "comparisons", "rowid")) if self._has("comparisons") else ()

    @cached_property
    def searches(self) -> tuple[Search, ...]:
        """What the portal's own search was asked, in order; nothing in captures of before there was this
        table."""
        return tuple(self._all(Search, "searches", "rowid")) if self._has("searches") else ()

    def links(self, page: Page | None = None) -> Iterator[Link]:
        """Links of one page, or of all pages, in document order."""
        return self._of_page(Link, "links", page)

    def leads(self, page: Page) -> Iterator[tuple[str, str, Area, str]]:
        """Address, text, area and tag of the links of a page, in document order: for who reads very many."""
        query = "SELECT url, text, area, tag FROM links WHERE page = ? ORDER BY rowid"
        yield from map(tuple, self._db.execute(query, (page.id,)))

    def forms(self, page: Page | None = None) -> Iterator[Form]:
        return self._of_page(Form, "forms", page)

    def structured(self, page: Page | None = None) -> Iterator[Structured]:
        return self._of_page(Structured, "structured", page)

    def body(self, record_id: str) -> bytes:
        """The archived body, with its transfer and content encodings undone."""
        with self._record(record_id) as record:
            return cast(bytes, record.content_stream().read())

    def headers(self, record_id: str) -> list[tuple[str, str]]:
        """The HTTP headers of an archived response; empty for rendered pages."""
        with self._record(record_id) as record:
            return list(record.http_headers.headers) if record.http_headers else []

    def archived_record(self, record_id: str) -> Archived:
        """A record as it stands in the WARC, its digests compared with its bytes.

        Raises CaptureError where it is not in the archive or cannot be read.
        """
        row = self._row(record_id)
        try:
            with (self.folder / ARCHIVE / row["file"]).open("rb") as handle:
                handle.seek(row["offset"])
                record = next(iter(ArchiveIterator(handle, check_digests=True)))
                body = record.content_stream().read()
                return Archived(
                    record.rec_type,
                    record.rec_headers.get_header("WARC-Target-URI") or "",
                    datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or ""),
                    tuple(record.http_headers.headers) if record.http_headers else (),
                    body,
                    _digest_problem(record, record_id),
                )
        # What a damaged archive makes its readers raise is of every kind; here it is one thing.
        except Exception as error:
            said = str(error) or type(error).__name__
            raise CaptureError(f"{self.folder}: record {record_id} cannot be read: {said}") from error

    def html(self, page: Page) -> str:
        """The page's HTML as text; '' if nothing was archived. Undecodable bytes become U+FFFD."""
        if not page.record_id:
            return ""
        return self.body(page.record_id).decode(page.charset or "utf-8", errors="replace")

    def latest_record(self, url: str) -> str | None:
        """The id of the newest archived response for exactly this address (style sheets, images too)."""
        row = self._db.execute(
            "SELECT record_id FROM records WHERE url = ? AND kind = 'response' ORDER BY rowid DESC LIMIT 1",
            (url,),
        ).fetchone()
        return str(row["record_id"]) if row else None

    def archived(self) -> Iterator[tuple[str, str, str]]:
        """(record id, kind, address) of everything in the archive."""
        for row in self._db.execute("SELECT record_id, kind, url FROM records ORDER BY rowid"):
            yield row["record_id"], row["kind"], row["url"]

    @cached_property
    def _open_archives(self) -> dict[str, IO[bytes]]:
        return {}

    def _row(self, record_id: str) -> sqlite3.Row:
        """Where a record stands."""
        row: sqlite3.Row | None = self._db.execute(
            "SELECT file, offset FROM records WHERE record_id = ?", (record_id,)
        ).fetchone()
        if row is None:
            raise CaptureError(f"{self.folder}: record {record_id} is not in the archive")
        return row

    def _record(self, record_id: str) -> _Opened:
        row = self._row(record_id)
        handle = self._open_archives.get(row["file"])
        if handle is None:
            handle = (self.folder / ARCHIVE / row["file"]).open("rb")
            self._open_archives[row["file"]] = handle
        handle.seek(row["offset"])
        return _Opened(handle)

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise CaptureError(f"{self.folder}: the capture says nothing of its {key}")
        return str(row["value"])

    def _has(self, table: str) -> bool:
        there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._db.execute(there, (table,)).fetchone() is not None

    def _all(self, record: type[R], table: str, order: str) -> Iterator[R]:
        for row in self._db.execute(f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608
            yield from_row(record, row)

    def _of_page(self, record: type[R], table: str, page: Page | None) -> Iterator[R]:
        where = "" if page is None else "WHERE page = ?"
        args = () if page is None else (page.id,)
        query = f"SELECT * FROM {table} {where} ORDER BY page, rowid"  # noqa: S608
        for row in self._db.execute(query, args):
            yield from_row(record, row)


def _digest_problem(record: Any, record_id: str) -> str:
    """Why the bytes that were read cannot be trusted, '' if they can."""
    if record.rec_headers.get_header("WARC-Record-ID") != record_id:
        return f"another record stands there: {record.rec_headers.get_header('WARC-Record-ID')}"
    if record.digest_checker.problems:
        return "; ".join(record.digest_checker.problems)
    return "" if record.digest_checker.passed else "it was never given a digest, or is cut short"


class _Opened:
    """One archived record, read at its offset."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._record = next(iter(ArchiveIterator(handle)))

    def __enter__(self) -> Any:
        return self._record

    def __exit__(self, *_: object) -> None:
        return None
