"""What was measured: the Measurement record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Device = Literal["phone", "desktop", "none"]


class Measurement(BaseModel):
    """One named value of one page on one device.

    `name` is a metric id such as ``ttfb``, ``fcp``, ``lcp``, ``cls``, ``tbt``, ``transfer_bytes``,
    ``overflow_px``; `unit` is ``ms``, ``bytes``, ``px``, ``ratio``, ``count`` or ``score``. `value` is the
    median of `runs`. A measure that failed has `value` None and says why in `reason`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    value: float | None
    unit: str
    url: str
    device: Device
    method: Literal["browser", "lighthouse", "capture"]
    runs: tuple[float, ...] = ()
    reason: str = ""
    measured_at: datetime


class LighthouseRun(BaseModel):
    """One run of Lighthouse; `json_path` and `html_path` are below the measurements' folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    device: Device = "phone"
    version: str
    ok: bool
    reason: str = ""
    json_path: str = ""
    html_path: str = ""
    scores: dict[str, float | None] = {}
    seconds: float
    measured_at: datetime


class Measurements(BaseModel):
    """The file measurements.json of one portal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    portal: str
    chromium: str
    measurements: tuple[Measurement, ...]
    lighthouse: tuple[LighthouseRun, ...]
