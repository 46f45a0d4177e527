"""The devices and bounds of measuring, read from profiles.yaml."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.datafile import load_yaml

PROFILES = Path(__file__).with_name("profiles.yaml")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Profile(_Record):
    """One device: CSS pixels, and the slow-down of its processor and network."""

    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)
    width: int = Field(ge=200, le=4_000)
    height: int = Field(ge=200, le=4_000)
    pixel_ratio: float = Field(ge=1, le=4)
    mobile: bool
    user_agent: str
    """``{major}`` stands for Chromium's major version; '' for the browser's own name."""
    cpu_slowdown: float = Field(ge=1, le=20)
    latency_ms: float = Field(ge=0)
    download_kbps: float = Field(gt=0)
    upload_kbps: float = Field(gt=0)


class Settling(_Record):
    """When a page is read, in milliseconds; see profiles.yaml."""

    reason: str = Field(min_length=1)
    first_byte_ms: int = Field(ge=1_000, le=120_000)
    load_ms: int = Field(ge=1_000, le=120_000)
    quiet_ms: int = Field(ge=100, le=10_000)
    unrest_ms: int = Field(ge=500, le=30_000)


class Agreement(_Record):
    """When repeated loads of a page tell the same: times within a share or so many milliseconds, CLS within
    so much; see profiles.yaml."""

    reason: str = Field(min_length=1)
    share: float = Field(ge=0, le=1)
    ms: float = Field(ge=0)
    cls: float = Field(ge=0)


class Devices(_Record):
    phone: Profile
    desktop: Profile


class Profiles(_Record):
    version: Literal[1]
    profiles: Devices
    settling: Settling
    agreement: Agreement


@functools.cache
def load_profiles(path: Path = PROFILES) -> Profiles:
    """The file's content. Raises crawler.datafile.DataFileError."""
    return load_yaml(path, Profiles)
