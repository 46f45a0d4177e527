"""A Capture made of a few small pages, for tests: what a visit to a portal with these pages would leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from audits.records import Measurements
from crawler.capture import (
    Capture,
    File,
    Footprint,
    Form,
    Host,
    Link,
    Outcome,
    Page,
    Refusal,
    Search,
    Sitemap,
    Visit,
)
from crawler.extract import extract
from crawler.portal import Names, Portal
from crawler.writer import CaptureWriter
from indicators.load import load_site
from indicators.site import Site

START = "https://portal.example.ir/"
VISITED = datetime(2025, 12, 5, 9, 0, tzinfo=UTC)  # ۱۴ آذر ۱۴۰۴

FoundBy = Literal["start", "link", "sitemap", "frame", "redirect", "script", "form", "hint"]
PageSpec = str | tuple[Outcome, str]


def make_capture(
    folder: Path,
    pages: Mapping[str, PageSpec],
    *,
    start: str = START,
    language: str | None = None,
    archived: bool = False,
    complete: bool = True,
    outcome: Outcome = "ok",
    files: Mapping[str, tuple[str, str]] | None = None,
    sitemaps: Mapping[str, int] | None = None,
    refusals: Mapping[str, str] | None = None,
    robots: str = "",
    searches: Sequence[Search] = (),
    missing_status: int | None = None,
    headers: Mapping[str, list[tuple[str, str]]] | None = None,
    redirected: Mapping[str, str] | None = None,
    found_by: Mapping[str, FoundBy] | None = None,
) -> Path:
    """Writes a capture below `folder`. `pages`: path -> HTML, or (outcome, HTML); the first is the home page,
    the others count as one click away, in order. `files`: path -> (media type, first characters).
    `sitemaps`: path -> number of addresses. `refusals`: path -> reason. `headers`: path -> headers of its
    answer. `redirected`: path -> the address that was asked for. `missing_status`: what an address that
    cannot exist answered."""
    portal = Portal(
        id="portal",
        names=Names(fa="درگاه", en="Portal"),
        kind="office",
        start=start,
        language=language,
        archived=archived,
    )
    with CaptureWriter(folder, portal) as writer, writer.commit():
        for number, (path, spec) in enumerate(pages.items(), start=1):
            result, source = ("ok", spec) if isinstance(spec, str) else spec
            address = urljoin(start, path)
            asked = (redirected or {}).get(path, address)
            found: FoundBy = (found_by or {}).get(path, "start" if number == 1 else "link")
            more = (headers or {}).get(path, [])
            _add_page(writer, number, asked, address, result, source, found, more)
        for path, (media_type, head) in (files or {}).items():
            url = urljoin(start, path)
            record = _archive(writer, url, head.encode(), media_type)
            writer.add(
                File(
                    url=url, page=1, text="", status=200, outcome="ok", media_type=media_type,
                    size=len(head.encode()), fetched_at=VISITED, record_id=record, head=head[:2000],
                )
            )  # fmt: skip
        for path, entries in (sitemaps or {}).items():
            url = urljoin(start, path)
            record = _archive(writer, url, b"<urlset/>", "application/xml")
            writer.add(Sitemap(url=url, status=200 if entries else 404, entries=entries, record_id=record))
        for path, reason in (refusals or {}).items():
            writer.add(Refusal(url=urljoin(start, path), reason=reason, at=VISITED))
        writer.add(*searches)
        writer.add(
            Host(
                host="portal.example.ir", robots_status=200 if robots else 404, robots_text=robots,
                crawl_delay=None, sitemaps=(), missing_page_status=missing_status,
            )
        )  # fmt: skip
        writer.save_visit(
            Visit(
                portal="portal", started_at=VISITED, finished_at=VISITED, outcome=outcome,
                reason="" if outcome == "ok" else "no answer", complete=complete,
                stopped_by="" if complete else "pages",
                footprint=Footprint(requests=1, bytes=1, seconds=1, highest_rate=1, refusals=0),
            )
        )  # fmt: skip
    return folder


@contextmanager
def site_of(
    folder: Path, pages: Mapping[str, PageSpec], measurements: Measurements | None = None, **options: object
) -> Iterator[Site]:
    """The Site of such a capture; the options are those of `make_capture`."""
    with Capture(make_capture(folder, pages, **options)) as capture:  # type: ignore[arg-type]
        yield load_site(capture, measurements)


def page(body: str, title: str = "درگاه اداره کل", lang: str = "fa", head: str = "") -> str:
    """A whole HTML page around a body."""
    direction = "rtl" if lang in ("fa", "ar") else "ltr"
    return (
        f'<!doctype html><html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def _add_page(
    writer: CaptureWriter, number: int, asked: str, url: str, outcome: Outcome, source: str,
    found_by: FoundBy, headers: list[tuple[str, str]],
) -> None:  # fmt: skip
    seen = extract(source, url)
    status = {"http_error": 404, "blocked": 403, "unreachable": None, "certificate": None}.get(outcome, 200)
    record = _archive(writer, url, source.encode(), "text/html; charset=utf-8", headers) if status else ""
    writer.add(
        Page(
            id=number, url=asked, final_url=url, status=status, outcome=outcome,
            reason="" if outcome == "ok" else "as the test wants it", fetched_at=VISITED, seconds=0.1,
            media_type="text/html", charset="utf-8", language=seen.language, depth=0 if number == 1 else 1,
            title=seen.title, found_by=found_by,
            found_on=None if number == 1 else 1, mode="plain", record_id=record, bytes=len(source.encode()),
            text_length=seen.text_length,
        )
    )  # fmt: skip
    if outcome == "ok":
        writer.add(*(Link(page=number, **link._asdict()) for link in seen.links))
        writer.add(*(Form(page=number, **form._asdict()) for form in seen.forms))


def _archive(
    writer: CaptureWriter,
    url: str,
    body: bytes,
    media_type: str,
    headers: list[tuple[str, str]] | None = None,
) -> str:
    return writer.archive_exchange(
        url,
        method="GET",
        request_headers=[("Host", "portal.example.ir")],
        status_line="200 OK",
        response_headers=[("Content-Type", media_type), *(headers or [])],
        body=body,
        at=VISITED,
    )
