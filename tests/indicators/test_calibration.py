"""Confidences are counted, not chosen: shares of right verdicts, monotone and smoothed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indicators.calibration import (
    Calibration,
    Level,
    brier,
    calibration,
    confidence_of,
    fit,
    left_out,
    reliability,
    wilson,
)

JUDGED = st.lists(
    st.tuples(st.sampled_from([0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]), st.booleans()), min_size=1
)


def verdicts(strength: float, right: int, wrong: int) -> list[tuple[float, bool]]:
    return [(strength, True)] * right + [(strength, False)] * wrong


def test_shares_become_confidences() -> None:
    levels = fit([*verdicts(0.7, 14, 6), *verdicts(0.9, 36, 4)], fewest=20)
    assert [(x.strength, x.confidence, x.verdicts, x.right) for x in levels] == [
        (0.0, 0.48, 20, 14), (0.9, 0.76, 40, 36),
    ]  # fmt: skip


def test_few_verdicts_share_a_level_and_promise_little() -> None:
    assert [
        x.verdicts for x in fit([*verdicts(0.6, 3, 0), *verdicts(0.9, 30, 0), *verdicts(0.95, 2, 0)])
    ] == [35]
    assert fit(verdicts(0.9, 2, 0))[0].confidence == 0.34
    assert fit(verdicts(0.9, 2_000, 0))[0].confidence < 1


def test_a_stronger_rule_that_was_wrong_more_often_is_no_surer() -> None:
    (level,) = fit([*verdicts(0.7, 30, 0), *verdicts(0.9, 20, 10)], fewest=20)
    assert (level.verdicts, level.right, level.strength) == (60, 50, 0)


@given(JUDGED)
def test_levels_always_make_a_valid_calibration(judged: list[tuple[float, bool]]) -> None:
    levels = fit(judged)
    learnt = Calibration(reason="", source="", levels=levels)
    assert sum(x.verdicts for x in levels) == len(judged)
    stated = [learnt.confidence_of(step / 20) for step in range(21)]
    assert stated == sorted(stated) and stated[0] >= 0 and stated[-1] < 1
    assert fit(random.Random(1).sample(judged, len(judged))) == levels


def test_verdicts_drawn_with_known_chances_are_found_reliable() -> None:
    draw = random.Random(7)
    judged = [(s, draw.random() < chance) for s, chance in ((0.7, 0.6), (0.9, 0.9)) for _ in range(2_000)]
    learnt = Calibration(reason="", source="", levels=fit(judged))
    assert learnt.confidence_of(0.7) == pytest.approx(0.6, abs=0.05)
    again = [(s, draw.random() < chance) for s, chance in ((0.7, 0.6), (0.9, 0.9)) for _ in range(2_000)]
    for row in reliability((learnt.confidence_of(s), right) for s, right in again):
        assert row.share == pytest.approx(row.stated, abs=0.05) and row.share >= row.stated - 0.01


def test_a_portal_left_out_is_judged_by_the_others() -> None:
    found = left_out({"a": verdicts(0.9, 30, 0), "b": verdicts(0.9, 10, 20)})
    assert found[0] == (pytest.approx(wilson(10, 30)[0], abs=0.01), True)
    assert found[-1] == (pytest.approx(wilson(30, 30)[0], abs=0.01), False)
    assert left_out({"a": verdicts(0.9, 3, 0)}) == []


def test_bins_scores_and_intervals() -> None:
    (low, high) = reliability([*verdicts(0.75, 3, 1), *verdicts(0.9, 8, 1), *verdicts(1.0, 1, 0)])
    assert (low.low, low.high, low.verdicts, low.share) == (0.7, 0.8, 4, 0.75)
    assert (high.low, high.verdicts, high.right, high.stated) == (0.9, 10, 9, pytest.approx(0.91))
    assert brier(verdicts(0.9, 1, 1)) == pytest.approx((0.01 + 0.81) / 2) and brier([]) is None
    # Checked against the published formula: 8 of 10 lies between 49.0 % and 94.3 %.
    assert wilson(8, 10) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_calibration_whose_levels_fall_is_refused() -> None:
    first, second = (Level(strength=s, confidence=c, verdicts=1, right=1) for s, c in ((0, 0.9), (0.5, 0.8)))
    with pytest.raises(ValidationError, match="no less sure"):
        Calibration(reason="", source="", levels=(first, second))
    with pytest.raises(ValidationError, match="strength 0"):
        Calibration(reason="", source="", levels=(second,))


def test_the_shipped_calibration_was_counted() -> None:
    for level in calibration().levels:
        assert level.confidence == pytest.approx(wilson(level.right, level.verdicts)[0], abs=0.01)
    assert confidence_of(0.2) <= confidence_of(0.99) < 1
