"""What the detectors that judge measurements share: values per page, shares between limits, evidence."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin

from audits.records import Measurement
from indicators.records import Evidence, PageNumbers
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.witness import measured_words

LEVELS = ("very_high", "high", "medium", "low")

SHARE_LIMITS = {"share": tuple(f"level_{name}" for name in LEVELS)}
"""What the detail ``share`` is held against where `level` makes the answer of it."""


class MeasuredPage(NamedTuple):
    """One page on the emulated phone: its measurements by name, failed ones too."""

    url: str
    values: dict[str, Measurement]

    def value(self, name: str) -> float | None:
        return self.values[name].value if name in self.values else None


def phone_pages(site: Site, *names: str) -> list[MeasuredPage]:
    """The pages measured on the phone in a browser, in the order of measuring (the home page first)."""
    pages: dict[str, dict[str, Measurement]] = {}
    for name in names:
        for one in site.measured(name):
            if one.device == "phone" and one.method == "browser":
                pages.setdefault(one.url, {})[name] = one
    return [MeasuredPage(url, values) for url, values in pages.items()]


def page_numbers(site: Site, page: MeasuredPage, *names: str) -> PageNumbers:
    """The values of these names on a page, for the report."""
    view = site.target(page.url).page
    values = {name: page.value(name) for name in names if name in page.values}
    reasons = [page.values[name].reason for name in values if page.value(name) is None]
    missing = reasons[0] if reasons and len(reasons) == len(values) else ""
    return PageNumbers(url=page.url, page=view.id if view else None, values=values, reason=missing)


def why_not(pages: list[MeasuredPage], *names: str) -> str:
    """Why there is no value of these names: the reason given for the first page."""
    if not pages:
        return "nothing was measured on a phone"
    for page in pages:
        for name in names:
            one = page.values.get(name)
            if one is not None and one.value is None:
                return f"{page.url}: {name} could not be measured: {one.reason}"
    return f"{pages[0].url}: {names[0]} was not measured"


def share_between(value: float, good: float, poor: float) -> float:
    """1 where `value` is at its good limit or better, 0 at its poor limit or worse, in proportion between."""
    if value <= good:
        return 1.0
    return max(0.0, (poor - value) / (poor - good)) if poor > good else 0.0


def level(share: float) -> str:
    """The level that a share of the best possible makes."""
    return next((name for name in LEVELS if round(share, 4) >= threshold(f"level_{name}")), "very_low")


def measurement_evidence(site: Site, one: Measurement) -> Evidence:
    """A measured value; the excerpt names it with its unit and device. ValueError if it was not measured."""
    view = site.target(one.url).page
    return Evidence(
        url=one.url,
        seen_at=one.measured_at,
        kind="measurement",
        excerpt=measured_words(one),
        warc_record=view.record.record_id if view else "",
        page=view.id if view else None,
        note=one.name,
    )


def is_styled(site: Site, url: str) -> bool:
    """Whether enough of the style sheets that a saved page names were saved with it."""
    view = site.target(url).page
    root = site.tree(view).root if view else None
    if view is None or root is None:
        return False
    named = there = 0
    for element in root.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        media = (element.get("media") or "").lower()
        if "stylesheet" not in rel or "alternate" in rel or media == "print" or not element.get("href"):
            continue
        named += 1
        there += _is_there(site, urljoin(view.url, element.get("href").strip()))
    return not named or there / named >= threshold("style_sheets_share")


def _is_there(site: Site, url: str) -> bool:
    record = site.latest_record(url)
    if record is None:
        return False
    types = [value for name, value in site.headers(record) if name.lower() == "content-type"]
    return any("css" in value.lower() for value in types)
