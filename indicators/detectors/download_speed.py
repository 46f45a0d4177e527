"""download_speed: first byte, largest paint and size of the pages on a phone, against published limits."""

from __future__ import annotations

from statistics import mean, median

from indicators.detector import Details, Verdict, detector, found, not_observable
from indicators.detectors._measured import (
    SHARE_LIMITS,
    MeasuredPage,
    level,
    measurement_evidence,
    page_numbers,
    phone_pages,
    share_between,
    why_not,
)
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

KIB = 1024


@detector("download_speed", version=1, measured=True)
def detect(site: Site, _: Vocabulary) -> Verdict:
    if site.archived:
        return not_observable("a saved copy: how fast it loads says nothing of the live portal")
    pages = phone_pages(site, "lcp", "ttfb", "transfer_bytes", "load")
    complete = [p for p in pages if None not in (p.value("lcp"), p.value("ttfb"), p.value("transfer_bytes"))]
    shown = [page_numbers(site, page, "ttfb", "lcp", "transfer_bytes") for page in pages]
    if not complete:
        return not_observable(why_not(pages, "lcp", "ttfb", "transfer_bytes"), pages=shown)
    shares = [_share(page) for page in complete]
    details: Details = {"pages": len(complete), "share": round(mean(shares), 4)}
    for name in ("ttfb", "lcp", "transfer_bytes"):
        details[name] = round(median(p.value(name) or 0.0 for p in complete), 1)
    rates = [rate for page in complete if (rate := _rate(page)) is not None]
    if rates:
        details["transfer_kbps"] = round(median(rates), 1)
    evidence = [
        measurement_evidence(site, page.values[name])
        for page in complete
        for name in ("lcp", "ttfb", "transfer_bytes")
    ]
    confidence = 0.85 if len(complete) > 1 else 0.75
    return found(
        level(mean(shares)),
        *evidence,
        confidence=confidence,
        details=details,
        pages=shown,
        limits=SHARE_LIMITS,
    )


def _share(page: MeasuredPage) -> float:
    """How much of the best a page reaches: the mean share of its three values."""
    return mean(
        (
            share_between(page.value("lcp") or 0.0, threshold("lcp_good_ms"), threshold("lcp_poor_ms")),
            share_between(page.value("ttfb") or 0.0, threshold("ttfb_good_ms"), threshold("ttfb_poor_ms")),
            share_between(
                (page.value("transfer_bytes") or 0.0) / KIB,
                threshold("transfer_good_kib"),
                threshold("transfer_poor_kib"),
            ),
        )
    )


def _rate(page: MeasuredPage) -> float | None:
    """Kilobits (1,000 bits) per second between the first byte and the end of loading."""
    size, load, first = page.value("transfer_bytes"), page.value("load"), page.value("ttfb")
    if size is None or load is None or first is None or load <= first:
        return None
    return size * 8 / (load - first)
