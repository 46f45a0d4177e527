"""The numbers that verdicts depend on, from thresholds.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from crawler.datafile import load_yaml

FILE = Path(__file__).with_name("thresholds.yaml")


class Threshold(BaseModel):
    """`source` is ``protocol``, ``judgement`` or the publication that sets the limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    reason: str
    source: str


class _Thresholds(RootModel[dict[str, Threshold]]):
    pass


@cache
def thresholds() -> dict[str, Threshold]:
    """Raises `crawler.datafile.DataFileError`."""
    return load_yaml(FILE, _Thresholds).root


@cache
def threshold(name: str) -> float:
    """Raises KeyError for a name that is not in the file."""
    return thresholds()[name].value
