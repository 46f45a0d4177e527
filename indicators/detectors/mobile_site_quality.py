"""mobile_site_quality: how the pages fit an emulated phone: width, letters, targets for fingers, menu."""

from __future__ import annotations

from statistics import mean

from indicators.detector import Details, Verdict, detector, found, not_observable
from indicators.detectors._measured import (
    SHARE_LIMITS,
    MeasuredPage,
    is_styled,
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

METRICS = (
    "viewport_meta",
    "overflow_px",
    "small_text_share",
    "small_tap_targets",
    "tap_targets",
    "menu_opener",
    "menu_opens",
)
WITNESSES = {
    "viewport": ("viewport_meta",),
    "overflow": ("overflow_px",),
    "text": ("small_text_share",),
    "targets": ("small_tap_targets",),
    "menu": ("menu_opens", "menu_opener"),
}


@detector("mobile_site_quality", version=1, measured=True)
def detect(site: Site, _: Vocabulary) -> Verdict:
    pages = [
        page
        for page in phone_pages(site, *METRICS)
        if page.value("viewport_meta") is not None and page.value("overflow_px") is not None
    ]
    if not pages:
        return not_observable(why_not(phone_pages(site, *METRICS), "viewport_meta", "overflow_px"))
    if site.archived:
        styled = [page for page in pages if is_styled(site, page.url)]
        if not styled:
            return not_observable(f"{pages[0].url}: the saved copy lacks its style sheets")
        pages = styled
    checks = [_checks(page) for page in pages]
    share = mean(mean(one.values()) for one in checks)
    details: Details = {"pages": len(pages), "share": round(share, 4)}
    for name in WITNESSES:
        seen = [one[name] for one in checks if name in one]
        if seen:
            details[name] = round(mean(seen), 4)
    evidence = [
        measurement_evidence(site, page.values[metric])
        for page, one in zip(pages, checks, strict=True)
        for name in one
        for metric in WITNESSES[name]
        if page.value(metric) is not None
    ]
    confidence = 0.7 if site.archived else 0.85 if len(pages) > 1 else 0.8
    return found(
        level(share),
        *evidence,
        confidence=confidence,
        details=details,
        pages=(page_numbers(site, page, *METRICS) for page in pages),
        limits=SHARE_LIMITS,
    )


def _checks(page: MeasuredPage) -> dict[str, float]:
    """The checks that apply to a page, each with the share of it that is met."""
    viewport, overflow = page.value("viewport_meta") or 0.0, page.value("overflow_px") or 0.0
    fits = share_between(overflow, threshold("overflow_good_px"), threshold("overflow_poor_px"))
    checks = {"viewport": min(viewport, 1.0), "overflow": fits}
    small = page.value("small_text_share")
    if small is not None:
        checks["text"] = share_between(small, threshold("small_text_good"), threshold("small_text_poor"))
    targets, tight = page.value("tap_targets"), page.value("small_tap_targets")
    if targets and tight is not None:
        good, poor = threshold("small_targets_good"), threshold("small_targets_poor")
        checks["targets"] = share_between(tight / targets, good, poor)
    opens = page.value("menu_opens")
    if page.value("menu_opener") and opens is not None:
        checks["menu"] = opens
    elif not viewport or not fits:
        # Without a control that opens it, the menu lies in the page as it is, and is as hard to use.
        checks["menu"] = 0.0
    return checks
