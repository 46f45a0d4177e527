"""Evidence checked against the archive: whether what a finding quotes really stands where it says.

Reads a capture and its measurements; reaches no network, judges nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from audits.records import Measurements
from crawler.capture import POSTED, Archived, Capture, CaptureError
from crawler.decode import decode
from indicators.quoting import CUT
from indicators.records import Evidence, Finding
from indicators.site import LARGEST_HTML
from indicators.witness import Shown, comparable, measured_words, told_by

CLOCK = timedelta(seconds=2)
"""How far a record's time, which has no fractions, may lie from the time at which the page was noted."""


class Mismatch(NamedTuple):
    """One thing that does not hold. `what` says which claim failed, `found` what is there instead."""

    indicator: str
    evidence: Evidence
    what: str
    found: str


class Verified(NamedTuple):
    """How many pieces of evidence there are, and everything that is wrong with them."""

    evidence: int
    mismatches: tuple[Mismatch, ...]

    @property
    def confirmed(self) -> int:
        return self.evidence - len({(m.indicator, id(m.evidence)) for m in self.mismatches})


def verify(
    findings: Iterable[Finding], capture: Capture | str, measurements: Measurements | None
) -> Verified:
    """Checks every piece of evidence of one portal's findings; a `capture` that is text says why there is
    none.

    Of each: the record that it names is in the archive and its digests fit its bytes; address, time and
    page agree with the record and with the capture's tables; the locator leads to an element; the excerpt
    stands there (`indicators.witness.Shown` says how texts are compared).
    """
    pieces = [(finding.indicator, item) for finding in findings for item in finding.evidence]
    if isinstance(capture, str):
        wrong = [Mismatch(name, item, "the portal has no archive", capture) for name, item in pieces]
        return Verified(len(pieces), tuple(wrong))
    checker = _Checker(capture, measurements)
    return Verified(
        len(pieces),
        tuple(Mismatch(name, item, *wrong) for name, item in pieces for wrong in checker.check(item)),
    )


Wrong = tuple[str, str]


class _Checker:
    def __init__(self, capture: Capture, measurements: Measurements | None) -> None:
        self.capture = capture
        self.measurements = measurements.measurements if measurements else ()
        self.security = measurements.security if measurements else ()
        self.pages = {page.id: page for page in capture.pages}
        self._records: dict[str, Archived | str] = {}
        self._shown: dict[str, Shown] = {}

    def check(self, item: Evidence) -> Iterator[Wrong]:
        if item.kind == "measurement":
            yield from self._measurement(item)
            if not item.warc_record and item.page is None:
                return  # a page that was measured and not visited: the measurement is all there is
        record = self._record(item.warc_record)
        if isinstance(record, str):
            yield "the record cannot be read", record
            return
        if record.problem:
            yield "the record's digest does not hold", record.problem
        if item.kind in ("file", "sitemap"):
            yield from self._file(item, record) if item.kind == "file" else self._sitemap(item)
            return
        yield from self._page(item, record)
        if item.kind == "header":
            lines = [f"{name}: {value}" for name, value in record.headers]
            pieces = [comparable(piece) for piece in item.excerpt.split(CUT)]
            if not any(all(piece in comparable(line) for piece in pieces) for line in lines):
                yield "no header says so", "; ".join(lines)[:300]
        elif item.kind in ("text", "link", "form", "script", "markup"):
            yield from self._excerpt(item, record)

    def _record(self, record_id: str) -> Archived | str:
        """The record, or why there is none."""
        if record_id not in self._records:
            try:
                self._records[record_id] = self.capture.archived_record(record_id)
            except CaptureError as error:
                self._records[record_id] = str(error)
        return self._records[record_id] if record_id else "the evidence names no record"

    def _page(self, item: Evidence, record: Archived) -> Iterator[Wrong]:
        """What the evidence, the record and the table of pages say of each other."""
        if record.url != item.url.partition(f"#{POSTED}")[0]:
            yield "the record is of another address", record.url
        page = self.pages.get(item.page) if item.page is not None else None
        if page is None:
            yield "the page is not in the capture", f"page {item.page}"
            return
        beside = record.kind == "response" and page.record_id != item.warc_record
        if item.kind == "header" and beside and item.url in (page.url, page.final_url):
            return  # an answer that led on to the page, or of which the browser made it, archived before it
        if page.record_id != item.warc_record:
            yield "the page has another record", page.record_id or "none"
        if item.url not in (page.final_url, page.url):
            yield "the page has another address", page.final_url
        if item.kind != "measurement":
            yield from _times(item, record.at, page.fetched_at)

    def _excerpt(self, item: Evidence, record: Archived) -> Iterator[Wrong]:
        shown = self._shown.get(item.warc_record)
        if shown is None:
            page = self.pages.get(item.page or 0)
            try:
                html = record.body.decode((page.charset if page else "") or "utf-8", errors="replace")
            except LookupError as error:
                yield "the page cannot be read", str(error)
                return
            shown = self._shown[item.warc_record] = Shown(html[:LARGEST_HTML])
        place = shown.at(item.locator) if item.locator else None
        if item.locator and place is None:
            yield "the locator leads nowhere", f"in “{shown.title}”"
        elif item.kind == "markup":  # no reader sees it: its element alone tells
            if place is None or comparable(item.excerpt) not in comparable(place):
                yield "the element does not say so", _quoted(place, shown)
            return
        if not shown.holds(item.excerpt):
            yield "the excerpt does not stand in the page", _quoted(place, shown)
        # A form is quoted by its words without those of its fields, a field by its label, which is beside it.
        elif place is not None and item.kind != "form" and comparable(item.excerpt) not in comparable(place):
            yield "the excerpt stands elsewhere in the page", _quoted(place, shown)

    def _file(self, item: Evidence, record: Archived) -> Iterator[Wrong]:
        file = next((f for f in self.capture.files if f.record_id == item.warc_record), None)
        if file is None or file.url != item.url:
            yield "the file is not in the capture", file.url if file else "no file has this record"
        else:
            yield from _times(item, record.at, file.fetched_at)
            if file.page != item.page:
                yield "the file was found on another page", f"page {file.page}"
        if item.excerpt:
            types = [value for name, value in record.headers if name.lower() == "content-type"]
            text, _ = decode(record.body, types[0] if types else "")
            if comparable(item.excerpt) not in comparable(text):
                yield "the file does not say so", " ".join(text.split())[:300]

    def _sitemap(self, item: Evidence) -> Iterator[Wrong]:
        known = next((s for s in self.capture.sitemaps if s.record_id == item.warc_record), None)
        if known is None or known.url != item.url:
            yield "the sitemap is not in the capture", known.url if known else "no sitemap has this record"
        elif known.status != 200 or not known.entries:
            yield "the sitemap lists nothing", f"status {known.status}, {known.entries} addresses"

    def _measurement(self, item: Evidence) -> Iterator[Wrong]:
        told = [
            (measured_words(m), m.measured_at)
            for m in self.measurements
            if (m.url, m.name) == (item.url, item.note) and m.value is not None
        ]
        for one in self.security:
            same = (t for t in told_by(one) if (t.url, t.note) == (item.url, item.note))
            told += [(t.words, one.looked_at) for t in same]
        times = [at for words, at in told if words == item.excerpt]
        if not times:
            yield "nothing of the kind was measured", "; ".join(words for words, _ in told) or "no value"
        elif item.seen_at not in times:
            yield "it was measured at another time", times[0].isoformat()


def _times(item: Evidence, archived_at: datetime, noted_at: datetime) -> Iterator[Wrong]:
    if item.seen_at != noted_at:
        yield "it was seen at another time", noted_at.isoformat()
    elif abs(item.seen_at - archived_at) > CLOCK:
        yield "it was archived at another time", archived_at.isoformat()


def _quoted(place: str | None, shown: Shown) -> str:
    return f"“{place[:300]}”" if place else f"in “{shown.title}”"
