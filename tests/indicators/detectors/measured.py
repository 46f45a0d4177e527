"""Measurements as `audits.measure` would have left them, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from audits.records import Measurement, Measurements
from audits.vitals import metrics_of

AT = datetime(2025, 12, 5, 9, 5, tzinfo=UTC)

GOOD = {
    "ttfb": 120.0,
    "fcp": 900.0,
    "lcp": 1800.0,
    "load": 2400.0,
    "transfer_bytes": 300_000.0,
    "viewport_meta": 1.0,
    "overflow_px": 0.0,
    "small_text_share": 0.02,
    "tap_targets": 60.0,
    "small_tap_targets": 1.0,
    "menu_opener": 1.0,
    "menu_opens": 1.0,
}

OLD = GOOD | {
    "viewport_meta": 0.0,
    "overflow_px": 620.0,
    "small_text_share": 0.99,
    "small_tap_targets": 40.0,
    "menu_opener": 0.0,
    "menu_opens": None,
}
"""A page laid out for a desk."""


def measurements(pages: Mapping[str, Mapping[str, float | None]], reason: str = "it failed") -> Measurements:
    """`pages`: address -> values on the phone; a value of None failed for `reason`."""
    units = metrics_of("phone")
    found = [
        Measurement(
            name=name, value=value, unit=units[name], url=url, device="phone", method="browser",
            runs=() if value is None else (value,), reason=reason if value is None else "", measured_at=AT,
        )
        for url, values in pages.items()
        for name, value in values.items()
    ]  # fmt: skip
    return Measurements(portal="portal", chromium="140", measurements=tuple(found), lighthouse=())
