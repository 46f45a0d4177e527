"""Who is audited: the Portal record, one entry of agencies.yaml."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

PortalId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,62}$")]


_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


class Names(BaseModel):
    """A name in Persian and in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fa: str = Field(min_length=1)
    en: str = Field(min_length=1)


class VisitBudget(BaseModel):
    """What one visit may take from a portal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pages: int = Field(default=200, ge=1, le=100_000, description="HTML pages fetched at most")
    requests: int = Field(default=1_000, ge=1, description="requests of any kind at most")
    megabytes: int = Field(default=200, ge=1, description="bytes received at most, in 10^6")
    minutes: float = Field(default=30, gt=0, description="wall time at most")
    depth: int = Field(default=8, ge=1, le=50, description="clicks from the start page at most")
    delay_seconds: float = Field(default=1.0, ge=0, description="pause between two requests to one host")
    answer_seconds: float = Field(default=30, gt=0, description="time that one answer may take")


KeyPageKind = Literal["contact", "services", "search", "news", "login"]
KEY_PAGES: tuple[KeyPageKind, ...] = get_args(KeyPageKind)


class Measuring(BaseModel):
    """How much is measured of one portal. Each load has a cold cache; the median of the loads counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: int = Field(default=3, ge=1, le=9, description="loads of the home page on each device")
    key_page_runs: int = Field(
        default=3, ge=1, le=9, description="loads of a key page on each device; two that agree are enough"
    )
    key_pages: tuple[KeyPageKind, ...] = Field(
        default=KEY_PAGES, description="pages measured beside the home page, where the portal has them"
    )
    lighthouse_pages: int = Field(
        default=1, ge=0, le=6, description="pages on which Lighthouse runs, the home page first"
    )

    @field_validator("key_pages")
    @classmethod
    def _names_each_once(cls, value: tuple[KeyPageKind, ...]) -> tuple[KeyPageKind, ...]:
        if len(set(value)) < len(value):
            raise ValueError("names a page twice; name each once")
        return value


class OutsideWindowError(Exception):
    """Now is not a time at which the portal may be visited; what was done so far is kept."""


class Window(BaseModel):
    """The time of day at which a portal may be visited. It may pass midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    opens: str = Field(alias="from", description='time of day from which visits are allowed, as "22:00"')
    closes: str = Field(alias="to", description='time of day at which they end, as "06:00"')
    timezone: str = Field(description="IANA name; the file's `time_zone` where it is left out")

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _is_time_of_day(cls, value: object) -> object:
        if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
            raise ValueError('is no time of day; write hours and minutes in quotes, as "22:00"')
        return value

    @field_validator("timezone")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no time zone; write an IANA name such as Asia/Tehran")
        return value

    @field_validator("closes")
    @classmethod
    def _is_not_empty(cls, value: str, info: ValidationInfo) -> str:
        if value == info.data.get("opens"):
            raise ValueError("is the same as `from`; leave the window out to allow every time of day")
        return value

    def is_open(self, at: datetime) -> bool:
        now = at.astimezone(ZoneInfo(self.timezone)).time().replace(tzinfo=None)
        opens, closes = time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        return opens <= now < closes if opens < closes else now >= opens or now < closes


class Portal(BaseModel):
    """One agency's portal, as agencies.yaml describes it.

    `start` is the address of the home page. `hosts` lists further hosts (``name`` or ``name:port``)
    that belong to the portal; the start's own host, with and without ``www.``, always does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PortalId
    names: Names
    parent: Names | None = Field(default=None, description="the body the agency belongs to")
    kind: str = Field(description="kind of institution, a key of `kinds` in agencies.yaml")
    mission: Names | None = Field(default=None, description="what the agency is for, in a line")
    start: str = Field(description="address of the home page")
    hosts: tuple[str, ...] = ()
    language: str | None = Field(default=None, description="main language (BCP 47), if known")
    address_source: str = Field(default="", description="how the address is known")
    verified: bool = Field(default=False, description="true once a run has reached the address")
    budget: VisitBudget = VisitBudget()
    measuring: Measuring = Measuring()
    window: Window | None = Field(default=None, description="time of day at which it may be visited")
    allow_private: bool = Field(default=False, description="may live on a private or loopback address")
    confined: bool = Field(
        default=False,
        description="keep every request, the browser's too, on the listed hosts (saved portals)",
    )
    archived: bool = Field(
        default=False,
        description="a saved copy: judged by what stands in it, freshness and headers prove nothing",
    )
    certificate_authority: str | None = Field(
        default=None, description="PEM file of a private authority to trust, relative to agencies.yaml"
    )

    @field_validator("start")
    @classmethod
    def _start_is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http:// or https:// address with a host name")
        return value

    def check_window(self) -> None:
        """Raises OutsideWindowError if the portal may not be visited now."""
        if self.window is not None and not self.window.is_open(datetime.now(UTC)):
            raise OutsideWindowError(
                f"outside the permitted time window ({self.window.opens}-{self.window.closes}"
                f" {self.window.timezone}); run the same command again when it is open, the rest follows then"
            )
