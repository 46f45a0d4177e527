"""How sure a verdict may call itself: learnt from portals that people have labelled.

A detector states a *strength*: how good a rule it used, by its author's lights. How often verdicts of that
strength are right is a matter of counting. `fit` counts, calibration.yaml keeps what was counted, and
`confidence_of` turns a strength into the confidence that a finding states. Strengths are pooled over all
detectors, for of a single one there are too few labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import floor, sqrt
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.datafile import load_yaml

FILE = Path(__file__).with_name("calibration.yaml")

FEWEST = 40
"""Verdicts below which a strength shares its level with the next one: of so many, a share of nine in ten is
known to about a tenth."""

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
Z95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""

Judged = tuple[float, bool]
"""A verdict's strength or confidence, and whether it was right."""


class Level(BaseModel):
    """Verdicts with at least this `strength`, up to the next level's, were `right` in so many of so many
    labelled `verdicts`; `confidence` is the share that this vouches for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    strength: float = Field(ge=0, le=1)
    confidence: float = Field(ge=0, lt=1)
    verdicts: int = Field(ge=0)
    right: int = Field(ge=0)


class Calibration(BaseModel):
    """The file calibration.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    source: str
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        if self.levels[0].strength != 0:
            raise ValueError("the first level must begin at strength 0")
        for lower, upper in pairwise(self.levels):
            if lower.strength >= upper.strength or lower.confidence > upper.confidence:
                raise ValueError(
                    f"the level after strength {lower.strength} must be stronger and no less sure"
                )
        return self

    def confidence_of(self, strength: float) -> float:
        return next(level.confidence for level in reversed(self.levels) if level.strength <= strength)


class Bin(NamedTuple):
    """Verdicts whose stated confidence lies in [`low`, `high`), the last bin with its end: how sure they
    were on average, the share that was right, and the 95 % Wilson interval of that share."""

    low: float
    high: float
    verdicts: int
    right: int
    stated: float
    share: float
    share_low: float
    share_high: float


@cache
def calibration() -> Calibration:
    """Raises `crawler.datafile.DataFileError`."""
    return load_yaml(FILE, Calibration)


def confidence_of(strength: float) -> float:
    """The share of verdicts of this strength that labelled portals vouch for."""
    return calibration().confidence_of(strength)


def fit(judged: Iterable[Judged], fewest: int = FEWEST) -> tuple[Level, ...]:
    """Levels of confidence from verdicts with their strength: isotonic, each the lower end of the interval
    in which the share of right ones lies, so that few verdicts promise little. (Rules are written in sight of
    the labels: the share itself would flatter them on portals that nobody has seen.)"""
    groups: dict[float, list[bool]] = defaultdict(list)
    for strength, right in judged:
        groups[strength].append(right)
    pools: list[_Pool] = []
    for strength, rights in sorted(groups.items()):
        pools.append(_Pool(strength, len(rights), sum(rights)))
        if len(pools) > 1 and pools[-2].verdicts < fewest:
            pools[-2:] = [pools[-2].with_next(pools[-1])]
    if len(pools) > 1 and pools[-1].verdicts < fewest:
        pools[-2:] = [pools[-2].with_next(pools[-1])]
    pools = _rising(pools)
    if not pools:
        raise ValueError("no labelled verdict to learn from")
    pools[0] = pools[0]._replace(strength=0.0)
    return tuple(
        Level(strength=p.strength, confidence=p.vouched, verdicts=p.verdicts, right=p.right) for p in pools
    )


def left_out(by_portal: Mapping[str, Sequence[Judged]]) -> list[Judged]:
    """Each verdict with the confidence that the other portals alone would have given it: what calibration
    is worth on a portal that it has not seen. Empty for fewer than two portals."""
    found: list[Judged] = []
    for portal, judged in by_portal.items():
        others = [item for other, items in by_portal.items() if other != portal for item in items]
        if others:
            learnt = Calibration(reason="", source="", levels=fit(others))
            found += [(learnt.confidence_of(strength), right) for strength, right in judged]
    return found


def reliability(judged: Iterable[Judged]) -> list[Bin]:
    """Stated confidences beside what came true, by bins that hold anything."""
    bins: dict[tuple[float, float], list[Judged]] = defaultdict(list)
    for confidence, right in judged:
        place = max(i for i, edge in enumerate(EDGES[:-1]) if confidence >= edge)
        bins[EDGES[place], EDGES[place + 1]].append((confidence, right))
    found = []
    for (low, high), inside in sorted(bins.items()):
        number, hits = len(inside), sum(right for _, right in inside)
        stated = sum(confidence for confidence, _ in inside) / number
        found.append(Bin(low, high, number, hits, stated, hits / number, *wilson(hits, number)))
    return found


def brier(judged: Iterable[Judged]) -> float | None:
    """Mean squared distance of confidence from the truth: 0 is perfect, 0.25 what "perhaps" always gets."""
    squares = [(confidence - right) ** 2 for confidence, right in judged]
    return sum(squares) / len(squares) if squares else None


def wilson(right: int, number: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not number:
        return 0.0, 1.0
    share, z2 = right / number, Z95**2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    half = Z95 / (1 + z2 / number) * sqrt(share * (1 - share) / number + z2 / (4 * number**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _rising(pools: Iterable[_Pool]) -> list[_Pool]:
    """Neighbours pooled until each vouches for more than the one below it (pool adjacent violators)."""
    found: list[_Pool] = []
    for pool in pools:
        found.append(pool)
        while len(found) > 1 and found[-2].vouched >= found[-1].vouched:
            found[-2:] = [found[-2].with_next(found[-1])]
    return found


class _Pool(NamedTuple):
    strength: float
    verdicts: int
    right: int

    @property
    def vouched(self) -> float:
        """The lower end of the interval of the share, in whole hundredths."""
        return floor(wilson(self.right, self.verdicts)[0] * 100) / 100

    def with_next(self, other: _Pool) -> _Pool:
        return _Pool(self.strength, self.verdicts + other.verdicts, self.right + other.right)
