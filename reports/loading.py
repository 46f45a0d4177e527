"""How the measured pages load: medians and spreads against the published limits, and every single load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from audits.records import Measurement, Measurements
from indicators.records import Evidence
from indicators.thresholds import thresholds
from indicators.witness import measured_words

METRICS = ("ttfb", "fcp", "lcp", "cls", "tbt", "max_potential_fid")

Grade = Literal["good", "fair", "poor", ""]


@dataclass(frozen=True)
class LoadedPage:
    """One page on one device: what was measured by metric. `kind` is what the page is for the portal, '' in
    files that do not say."""

    kind: str
    url: str
    device: str
    values: Mapping[str, Measurement]

    @property
    def failed(self) -> str:
        """Why the page as a whole was not measured, '' if it was."""
        reasons = {one.reason for one in self.values.values()}
        return reasons.pop() if len(reasons) == 1 else ""

    @property
    def loads(self) -> int:
        return max((len(one.runs) for one in self.values.values()), default=0)


@dataclass(frozen=True)
class Taken:
    """What the measured loads took from the portal; `bytes` as received."""

    loads: int
    requests: float
    bytes: float


def loaded_pages(found: Measurements | None) -> list[LoadedPage]:
    """The pages in the order of measuring."""
    kinds = {page.url: page.kind for page in found.pages} if found else {}
    rows: dict[tuple[str, str], dict[str, Measurement]] = {}
    for one in found.measurements if found else ():
        if one.name in METRICS and one.method == "browser":
            rows.setdefault((one.url, one.device), {})[one.name] = one
    return [LoadedPage(kinds.get(url, ""), url, device, values) for (url, device), values in rows.items()]


def grade(one: Measurement) -> Grade:
    """Where the median stands between the published limits; '' where none are, or nothing was measured."""
    limits = thresholds()
    ending = f"_{one.unit}" if one.unit == "ms" else ""
    good, poor = (limits.get(f"{one.name}_{side}{ending}") for side in ("good", "poor"))
    if good is None or poor is None or one.value is None:
        return ""
    return "good" if one.value <= good.value else "fair" if one.value <= poor.value else "poor"


def taken(found: Measurements | None) -> Taken | None:
    """None where no page was loaded."""
    own = [one for one in (found.measurements if found else ()) if one.method == "browser"]
    sums = {
        name: [r for m in own if m.name == name for r in m.runs] for name in ("requests", "transfer_bytes")
    }
    loads = len(sums["requests"])
    return Taken(loads, sum(sums["requests"]), sum(sums["transfer_bytes"])) if loads else None


def measurement_of(found: Measurements | None, evidence: Evidence) -> Measurement | None:
    """The measured value that a piece of evidence quotes; None for evidence of other kinds."""
    if evidence.kind != "measurement":
        return None
    own = (one for one in (found.measurements if found else ()) if one.value is not None)
    return next((m for m in own if m.url == evidence.url and measured_words(m) == evidence.excerpt), None)
