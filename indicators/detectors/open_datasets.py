"""open_datasets: data offered for re-use in a file or interface that machines read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from crawler.capture import File
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    UNSEEN,
    Verdict,
    absent,
    detector,
    file_evidence,
    found,
    judged,
    link_evidence,
    not_observable,
    place,
    text_evidence,
)
from indicators.detectors import open_data_policy
from indicators.detectors._shared import says_nothing, unwrap
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site, Target
from indicators.vocabulary import Vocabulary

Kind = Literal["table", "json", "xml", "binary"]

_ENDINGS: dict[str, Kind] = {
    "csv": "table", "tsv": "table",
    "json": "json", "geojson": "json", "jsonl": "json", "ndjson": "json", "jsonld": "json",
    "xml": "xml", "kml": "xml", "gml": "xml", "rdf": "xml",
    "xls": "binary", "xlsx": "binary", "ods": "binary", "shp": "binary", "kmz": "binary", "gpkg": "binary",
    "parquet": "binary",
}  # fmt: skip
_MEDIA_TYPES: dict[str, Kind] = {
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "application/json": "json",
    "application/geo+json": "json",
    "application/ld+json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/vnd.ms-excel": "binary",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "binary",
    "application/vnd.oasis.opendocument.spreadsheet": "binary",
}
_NO_DATA = ("<rss", "<feed", "<urlset", "<sitemapindex", "<opensearchdescription", "<html", "<!doctype html")
"""Beginnings of XML that serves readers of news, robots and browsers."""


class DataSet(NamedTuple):
    evidence: tuple[Evidence, ...]
    confidence: float


@detector("open_datasets", version=2)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = [page for page in candidates(site, "open_data") if not says_nothing(site, page)]
    unseen: list[tuple[str, Target]] = []
    # Where a page says on what terms its data may be used again, its files are data.
    licensed = {evidence.url for evidence in judged(open_data_policy.detect, site).evidence}
    for page in dict.fromkeys([*likely, *site.pages]):
        about = page.url in licensed or _is_about_data(site, page, words)
        found_here = next(_data_sets(site, page, words, unseen, about_data=about), None)
        if found_here is not None:
            return found("yes", *found_here.evidence, confidence=found_here.confidence)
    for url, target in unseen:
        if target.outcome in UNSEEN or (target.outcome is None and not site.visit.complete):
            why = target.reason or target.outcome or site.visit.stopped_by or "the visit ended early"
            return not_observable(f"{url}: {why}")
    visited = [place(page, "offers no data file or interface that answers") for page in likely]
    return absent(site, "open_data", visited=visited)


def _data_sets(
    site: Site, page: PageView, words: Vocabulary, unseen: list[tuple[str, Target]], *, about_data: bool
) -> Iterator[DataSet]:
    """Data files of the portal that a page presents as data; those that could not be seen go to `unseen`."""
    for link in page.links:
        address = unwrap(link.url)
        if not link.visible or link.tag == "link" or not address.startswith("http"):
            continue
        target = site.target(address)
        if not target.own or target.page is not None:
            continue
        kind = _kind(address, target.file)
        heading = _heading_of(page, link)
        if kind is None or _is_form(link, heading, words):
            continue
        named = _is_named_data(page, link, words) or (
            heading is not None and words.names("open_data", heading.norm)
        )
        if not (named or about_data):
            continue
        if target.file is None or target.outcome != "ok":
            unseen.append((address, target))
        elif _holds_data(target.file, kind):
            yield DataSet(_witnesses(site, page, link, heading, target.file), 0.95 if about_data else 0.85)


def _kind(url: str, file: File | None) -> Kind | None:
    """What kind of data an address gives, by its media type, else by its ending."""
    ending = urlsplit(url).path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    if file is not None and file.media_type in _MEDIA_TYPES:
        return _MEDIA_TYPES[file.media_type]
    if file is not None and "html" in file.media_type:
        return None
    return _ENDINGS.get(ending)


def _is_about_data(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page presents data sets: its title, a main heading or the links to it name them."""
    if page.depth == 0:
        return False
    heads = [b.norm for b in page.headings if b.level <= 2 and not site.is_frame(b)]
    links = [i.link.norm for i in site.links_to(page)]
    return any(words.names("open_data", text, 0.4) for text in [*heads, *links] if len(text) <= LONGEST_NAME)


def _is_named_data(page: PageView, link: Anchor, words: Vocabulary) -> bool:
    """Whether the words of a link, or of the short text around it, call it a data set or open data."""
    around = page.blocks[link.block].norm if link.block < len(page.blocks) else ""
    return words.names("open_data", link.norm) or (
        len(around) <= 2 * LONGEST_NAME and words.names("open_data", around)
    )


def _is_form(link: Anchor, heading: Block | None, words: Vocabulary) -> bool:
    """Whether a file is there to be filled in."""
    return words.names("blank_form", link.norm) or (
        heading is not None and words.names("blank_form", heading.norm, 0.5)
    )


def _heading_of(page: PageView, link: Anchor) -> Block | None:
    above = [
        b for b in page.blocks[: link.block + 1] if b.level and b.area not in ("header", "footer", "menu")
    ]
    return above[-1] if above else None


def _holds_data(file: File, kind: Kind) -> bool:
    """Whether the file begins as data of its kind does. Packed files are known by their type alone."""
    head = file.head.lstrip("\ufeff \r\n\t")
    if kind == "binary":
        return "html" not in file.media_type and file.size != 0
    if kind == "table":
        return _is_table(head)
    if kind == "json":
        return _is_json(head, whole=len(file.head) < 2000)
    return head.startswith("<") and not any(sign in head[:500].lower() for sign in _NO_DATA)


def _is_table(head: str) -> bool:
    """Two lines or more, with the same number of columns, two or more."""
    lines = [line for line in head.splitlines() if line.strip()][:3]
    for delimiter in ",;\t|":
        rows = list(csv.reader(lines[:2], delimiter=delimiter))
        if len(rows) == 2 and len(rows[0]) == len(rows[1]) >= 2:
            return True
    return False


def _is_json(head: str, *, whole: bool) -> bool:
    """An object or list with something in it; of a long one only the beginning is known."""
    if not whole:
        return head[:1] in ("{", "[")
    try:
        data = json.loads(head)
    except (ValueError, RecursionError):
        lines = head.splitlines()
        return len(lines) > 1 and lines[0].startswith("{") and lines[0].rstrip().endswith("}")
    return isinstance(data, dict | list) and bool(data)


def _witnesses(
    site: Site, page: PageView, link: Anchor, heading: Block | None, file: File
) -> tuple[Evidence, ...]:
    shown = [link_evidence(site, page, link, "dataset")]
    if heading is not None:
        shown.append(text_evidence(site, page, heading, "dataset"))
    if file.head:
        shown.append(file_evidence(file, "dataset_file"))
    return tuple(shown)
