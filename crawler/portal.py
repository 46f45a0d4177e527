"""Who is audited: the Portal record, one entry of agencies.yaml."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

PortalId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,62}$")]


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
