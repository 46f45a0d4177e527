"""The country that a host name tells, from vocabulary/countries.yaml."""

from __future__ import annotations

from functools import cache

import phonenumbers
from pydantic import BaseModel, ConfigDict

from crawler.datafile import load_yaml
from indicators.vocabulary import FOLDER


class _Countries(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    endings: dict[str, tuple[str, ...]]
    worldly: frozenset[str]


def country_of(host: str) -> str:
    """The country (ISO 3166) that a host's ending tells, '' if it tells none that has telephones."""
    ending = _ending(host)
    code = _by_ending().get(ending, ending.upper())
    return code if code in phonenumbers.SUPPORTED_REGIONS else ""


def is_worldly(host: str) -> bool:
    """Whether the whole world uses the host's ending, as .io and .me."""
    return _ending(host) in _countries().worldly


def _ending(host: str) -> str:
    return host.lower().rsplit(".", 1)[-1]


@cache
def _by_ending() -> dict[str, str]:
    return {ending: code for code, endings in _countries().endings.items() for ending in endings}


@cache
def _countries() -> _Countries:
    """Raises `crawler.datafile.DataFileError`."""
    return load_yaml(FOLDER / "countries.yaml", _Countries)
