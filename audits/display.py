"""Display standards: how a page keeps to what browsers expect, in its source and in three widths."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import html5lib
from html5lib.constants import E as KNOWN_ERRORS
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from pydantic import ValidationError
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from audits.records import DisplayCheck, Overflow, ParseError, Source
from audits.world import ScriptError, World, worlds
from crawler.capture import Capture, CaptureError
from crawler.decode import decode

WIDTHS = (360, 768, 1280)
"""A phone, a tablet held upright, a small laptop; in CSS pixels."""

SECONDS = 15.0
MOST_CHARACTERS = 300_000
"""Of a page's source that are parsed: a parser that keeps to the standard reads some 200 kB a second."""

METRICS = {
    **{f"overflow_{width}_px": "px" for width in WIDTHS},
    "quirks_mode": "count",
}
"""Measured in the browser; `quirks_mode` is 1 for yes, 0 for no."""

SOURCE_METRICS = {"parse_errors": "count"}
"""Measured on the source that the visit kept."""

_FORGIVEN = frozenset({"expected-named-entity"})
"""An ampersand before no known name, as in ?a=1&b=2: the standard came to allow it."""

_MOST_ERRORS = 20
_SETTLE_MS = 150
_DISPLAY_JS = Path(__file__).with_name("display.js").read_text(encoding="utf-8")
_OVERFLOW_JS = Path(__file__).with_name("overflow.js").read_text(encoding="utf-8")


async def check_display(page: Page, url: str, source: Source) -> DisplayCheck:
    """How the page that stands in the browser is shown, in windows of WIDTHS too; its own size is given
    back at the end. Nothing is loaded anew. Never fails: what could not be done is the record's reason.
    """
    facts: Mapping[str, Any] = {}
    reason = ""
    size = page.viewport_size
    try:
        async with asyncio.timeout(SECONDS), worlds(page, most_frames=0) as found:
            facts = await found.page.call(_DISPLAY_JS)
            widths = [await _overflow(page, found.page, width) for width in WIDTHS]
        return DisplayCheck(
            url=url, source=source, **facts, overflow=tuple(widths), measured_at=datetime.now(UTC)
        )
    except TimeoutError:
        reason = "the page did not answer when its layout was read"
    except (ScriptError, ValidationError, TypeError) as error:
        reason = f"the layout could not be read: {str(error).splitlines()[0][:200]}"
    except PlaywrightError as error:
        reason = f"the page did not answer: {error.message.splitlines()[0][:200]}"
    finally:
        if size is not None:
            try:
                async with asyncio.timeout(SECONDS):
                    await page.set_viewport_size(size)
            except (PlaywrightError, TimeoutError):
                reason = reason or "the page did not answer when its layout was read"
    return undisplayed(url, source, reason)


def undisplayed(url: str, source: Source, reason: str) -> DisplayCheck:
    """The record of a page that the browser could not show."""
    return DisplayCheck(url=url, source=source, reason=reason, measured_at=datetime.now(UTC))


async def _overflow(page: Page, world: World, width: int) -> Overflow:
    height = (page.viewport_size or {"height": 900})["height"]
    await page.set_viewport_size({"width": width, "height": height})
    await page.wait_for_timeout(_SETTLE_MS)
    return Overflow(width=width, **await world.call(_OVERFLOW_JS, width))


def browser_values(check: DisplayCheck) -> dict[str, float]:
    """The values of METRICS; empty where the browser could not tell."""
    if check.reason:
        return {}
    values = {f"overflow_{one.width}_px": one.overflow_px for one in check.overflow}
    return {**values, "quirks_mode": int(check.quirks)}


def read_source(capture: Capture, url: str) -> Source:
    """The page's own answer in the capture (not what scripts made of it), its character set and its parse
    errors. Never fails: what could not be read is the record's reason."""
    seen = next((page for page in capture.pages if url in (page.final_url, page.url)), None)
    try:
        record = seen.record_id if seen is not None and seen.mode == "plain" else capture.latest_record(url)
        if not record:
            return Source(reason="the visit kept no answer of this address")
        body = capture.body(record)
        headers = capture.headers(record)
    except (CaptureError, OSError, EOFError, LookupError) as error:
        return Source(reason=f"could not be read: {error}"[:300])
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    mark, _ = read_bom(body)
    text, real = decode(body, kind)
    errors, elements = parse_errors(text[:MOST_CHARACTERS], whole=len(text) <= MOST_CHARACTERS)
    first: dict[str, tuple[int, int]] = {}
    for code, line, column in errors:
        first.setdefault(code, (line, column))
    return Source(
        charset_header=http_content_type_encoding(kind) or "",
        charset_meta=html_body_declared_encoding(body) or "",
        charset_mark=mark or "",
        charset_real=real,
        ascii_only=body.isascii(),
        parse_errors=len(errors),
        errors=tuple(
            ParseError(code=code, count=count, line=first[code][0], column=first[code][1])
            for code, count in Counter(code for code, _, _ in errors).most_common(_MOST_ERRORS)
        ),
        elements=elements,
        characters=len(text),
        whole=len(text) <= MOST_CHARACTERS,
    )


def parse_errors(text: str, *, whole: bool = True) -> tuple[list[tuple[str, int, int]], int]:
    """(code, line, column) of each error that the HTML standard's parser meets, and how many elements it
    made. Where only the beginning of a page is given, its sudden end is no error."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    found = []
    for (line, column), code, _ in parser.errors:
        at_end = code.startswith("eof-") or code == "expected-closing-tag-but-got-eof"
        if code in KNOWN_ERRORS and code not in _FORGIVEN and (whole or not at_end):
            found.append((code, int(line), int(column) + 1))
    return found, sum(isinstance(element.tag, str) for element in tree.iter())
