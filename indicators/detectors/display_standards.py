"""display_standards: doctype, character set, language, direction, viewport, markup and three widths."""

from __future__ import annotations

import re
from statistics import mean

from audits.records import DisplayCheck, Source
from indicators.detector import Details, Verdict, detector, found, not_observable
from indicators.detectors._measured import (
    SHARE_LIMITS,
    is_styled,
    level,
    measurement_evidence,
    share_between,
)
from indicators.language import same_language
from indicators.records import PageNumbers
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

WITNESSES = ("quirks_mode", "parse_errors", "overflow_360_px", "overflow_768_px", "overflow_1280_px")
POINTS = (
    *("doctype", "language", "viewport", "direction", "charset", "markup"),
    *("width_360", "width_768", "width_1280"),
)
"""What the rule names; all of them count alike."""

_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{1,8})*", re.IGNORECASE)
_NO_ZOOM = re.compile(
    r"user-scalable\s*=\s*(no|0)\b|maximum-scale\s*=\s*(0|1)(\.\d+)?\s*(,|;|$)", re.IGNORECASE
)
_FITS = re.compile(r"width\s*=\s*device-width|initial-scale\s*=", re.IGNORECASE)
_KURDISH = frozenset({"ku", "ckb", "kmr"})
_SAME = {"utf-8-sig": "utf-8", "windows-1256": "cp1256", "windows-1252": "cp1252"}


@detector("display_standards", version=1, measured=True)
def detect(site: Site, _: Vocabulary) -> Verdict:
    checks = site.measurements.display if site.measurements else ()
    done = [check for check in checks if not check.reason]
    shown = [_numbers(site, check) for check in checks]
    if not done:
        why = next((f"{one.url}: {one.reason}" for one in checks), "")
        return not_observable(why or "no page was examined for the standards of display", pages=shown)
    marks = [_marks(site, check) for check in done]
    share = mean(mean(one.values()) for one in marks)
    details: Details = {"pages": len(done), "share": round(share, 4)}
    for name in POINTS:
        told = [one[name] for one in marks if name in one]
        if told:
            details[f"{name}_ok_share"] = round(mean(told), 4)
    evidence = [
        measurement_evidence(site, one)
        for check in done
        for name in WITNESSES
        for one in site.measured(name)
        if one.url == check.url and one.value is not None
    ]
    widths = ("overflow_good_px", "overflow_poor_px")
    return found(
        level(share),
        *evidence,
        confidence=0.7 if site.archived else 0.85 if len(done) > 1 else 0.8,
        details=details,
        pages=shown,
        limits=SHARE_LIMITS | {name: widths for name in WITNESSES if name.startswith("overflow")},
    )


def _marks(site: Site, check: DisplayCheck) -> dict[str, float]:
    """How far each point that can be told of a page is met, between 0 and 1."""
    view = site.target(check.url).page
    marks = {
        "doctype": float(bool(check.doctype) and not check.quirks),
        "language": _language(check, view),
        "viewport": _viewport(check.viewport),
    }
    direction = _direction(check)
    if direction is not None:
        marks["direction"] = direction
    if not check.source.reason:
        marks["charset"] = _charset(check.source, header=not site.archived)
        marks["markup"] = share_between(
            _errors_per_hundred(check.source),
            threshold("errors_per_hundred_good"),
            threshold("errors_per_hundred_poor"),
        )
    if check.overflow and not (site.archived and not is_styled(site, check.url)):
        good, poor = threshold("overflow_good_px"), threshold("overflow_poor_px")
        marks |= {f"width_{one.width}": share_between(one.overflow_px, good, poor) for one in check.overflow}
    return marks


def _charset(source: Source, *, header: bool) -> float:
    """Declared, and so that it fits the bytes; half where header and page contradict each other and the one
    that browsers follow is right. What a saved copy's server says proves nothing."""
    told = [source.charset_mark, source.charset_header if header else "", source.charset_meta]
    told = [_family(one) for one in told if one]
    if not told:
        return 0.0
    right = [source.ascii_only or one == _family(source.charset_real) for one in told]
    return 1.0 if all(right) else 0.5 if right[0] else 0.0


def _family(charset: str) -> str:
    label = charset.lower().replace("_", "-")
    return _SAME.get(label, label)


def _language(check: DisplayCheck, view: PageView | None) -> float:
    """Declared, and the one in which the page is written, as far as that can be told."""
    if not _TAG.fullmatch(check.language):
        return 0.0
    written = view.language if view else ""
    if not written or same_language(written, check.language):
        return 1.0
    declared = check.language.lower().split("-")[0]
    return float(declared in _KURDISH and written in _KURDISH)


def _direction(check: DisplayCheck) -> float | None:
    """Shown in the direction of the text, and from right to left because the page says so; half where only
    a style or an inner element does. None with too little text to tell."""
    rtl = check.rtl_letters > check.ltr_letters
    letters, astray = (check.rtl_letters, check.rtl_astray) if rtl else (check.ltr_letters, check.ltr_astray)
    if letters < threshold("letters_least"):
        return None
    if astray / letters > threshold("text_astray"):
        return 0.0
    if rtl:
        return 1.0 if check.direction == "rtl" else 0.5
    return 0.0 if check.direction == "rtl" else 1.0


def _viewport(content: str | None) -> float:
    """Fitted to the screen; half where visitors may not enlarge it (WCAG 2.2, 1.4.4)."""
    if not content or not _FITS.search(content):
        return 0.0
    return 0.5 if _NO_ZOOM.search(content) else 1.0


def _errors_per_hundred(source: Source) -> float:
    return 100 * source.parse_errors / max(source.elements, 1)


def _numbers(site: Site, check: DisplayCheck) -> PageNumbers:
    view = site.target(check.url).page
    source = check.source
    values: Details = {}
    if not check.reason:
        values = {
            "doctype": check.doctype or None,
            "quirks_mode": check.quirks,
            "language_told": check.language or None,
            "direction": check.direction or None,
            "viewport": check.viewport,
        }
    if not source.reason:
        told = (source.charset_header, source.charset_meta, source.charset_mark)
        values["charset_told"] = ", ".join(dict.fromkeys(one for one in told if one)) or None
        values["charset_real"] = source.charset_real
        values["parse_errors"] = source.parse_errors
        values["errors_per_hundred"] = round(_errors_per_hundred(source), 2)
    values |= {f"overflow_{one.width}_px": round(one.overflow_px) for one in check.overflow}
    return PageNumbers(url=check.url, page=view.id if view else None, values=values, reason=check.reason)
