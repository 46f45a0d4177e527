"""Points per indicator, group and stage, for each view, with the range of what is open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indicators.model import load_model
from indicators.records import Answer, Evidence, Finding, Place, Source
from indicators.scoring import NOT_APPLICABLE, PortalScores, score_portal

MODEL = load_model()
SEEN = Evidence(url="http://a.ir/", seen_at=datetime(2026, 1, 1, tzinfo=UTC), kind="text", excerpt="x")


def finding(indicator: str, answer: str | None) -> Finding:
    return Finding(
        portal="a",
        indicator=indicator,
        answer=answer,
        reason="" if answer else "blocked",
        confidence=0.9,
        evidence=(SEEN,) if answer not in (None, "no", "none") else (),
        visited=(Place(url="http://a.ir/"),),
        detector=indicator,
        version=1,
    )


def said(
    indicator: str, option: str | None, source: Source = "self_reported", points: float | None = None
) -> Answer:
    return Answer(portal="a", indicator=indicator, source=source, option=option, points=points)


def score(findings: list[Finding], answers: list[Answer]) -> PortalScores:
    return score_portal("a", MODEL, findings, answers)


def test_full_marks_in_stage_one() -> None:
    answers = [said(i, "yes") for i in ("contact_info", "org_profile", "sitemap")] + [
        said("news", "very_high")
    ]
    points = score([], answers).stages["emerging"]["self_reported"]
    assert (points.points, points.maximum, points.low, points.high, points.coverage) == (
        5.2,
        5.2,
        5.2,
        5.2,
        1,
    )


def test_what_is_not_observable_widens_the_range_and_is_never_a_no() -> None:
    scores = score(
        [finding("contact_info", "yes"), finding("org_profile", None), finding("sitemap", "no")], []
    )
    points = scores.stages["emerging"]["automatic"]
    # 1.6 seen; org_profile (1) and news (1.6) are open; the site map is known to be missing.
    assert (points.points, points.low, points.high) == (1.6, 1.6, 4.2)
    assert points.answered == 2
    assert scores.items["org_profile"].not_observable == "blocked"
    assert scores.items["org_profile"].automatic_points is None


def test_the_portal_wins_over_the_agency_where_it_can_settle_the_matter() -> None:
    item = score([finding("contact_info", "no")], [said("contact_info", "yes")]).items["contact_info"]
    assert item.final is not None and item.final.source == "automatic" and item.final_points == 0
    assert item.disagrees


def hint(indicator: str, *options: str) -> Finding:
    return finding(indicator, None).model_copy(update={"suggests": options, "evidence": (SEEN,)})


HINTS = [
    hint("egov_strategy", "yes"),
    hint("open_data_security", "high", "medium", "low"),
    finding("internal_network", "yes"),  # a detector that answers what this model takes for a hint
    finding("once_only_strategy", "no"),
]


def test_hints_change_no_score_no_range_and_no_coverage() -> None:
    answers = [said("egov_strategy", "no"), said("contact_info", "yes")]
    seen = [finding("news", "high"), finding("contact_info", "no")]
    without, beside = score(seen, answers), score(seen + HINTS, answers)
    assert beside.stages == without.stages and beside.groups == without.groups
    for indicator, item in beside.items.items():
        known = {"suggested", "not_observable"}
        assert item.model_dump(exclude=known) == without.items[indicator].model_dump(exclude=known)
    assert {i for i, item in beside.items.items() if item.suggested} == {
        "egov_strategy",
        "open_data_security",
        "internal_network",
    }


@pytest.mark.parametrize(
    ("option", "stance"),
    [("medium", "supports"), ("very_high", "contradicts"), ("none", "contradicts"), ("unknown", "speaks")],
)
def test_a_hint_is_held_against_what_the_agency_said(option: str, stance: str) -> None:
    item = score(HINTS, [said("open_data_security", option)]).items["open_data_security"]
    assert item.hint == stance
    assert not item.disagrees
    assert item.final is not None and item.final.source == "self_reported"


def test_a_hint_speaks_where_the_agency_did_not_and_leaves_the_matter_open() -> None:
    item = score(HINTS, []).items["egov_strategy"]
    assert item.hint == "speaks" and item.suggested == ("yes",)
    assert item.final is None and item.automatic is None


def test_silence_is_no_hint_even_where_a_detector_says_no() -> None:
    item = score(HINTS, [said("once_only_strategy", "yes")]).items["once_only_strategy"]
    assert item.hint is None and item.automatic is None


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_hint_is_no_answer_and_carries_evidence(answer: str) -> None:
    with pytest.raises(ValueError, match="hint"):
        Finding.model_validate({**hint("egov_strategy", "yes").model_dump(), "answer": answer})
    with pytest.raises(ValueError, match="hint"):
        Finding.model_validate({**hint("egov_strategy", "yes").model_dump(), "evidence": ()})


def test_the_analyst_wins_over_everybody() -> None:
    item = score(
        [finding("contact_info", "no")], [said("contact_info", "yes", "analyst"), said("contact_info", "no")]
    ).items["contact_info"]
    assert item.final is not None and item.final.source == "analyst" and item.final_points == 1.6


def test_not_observable_falls_back_to_the_agency() -> None:
    item = score([finding("contact_info", None)], [said("contact_info", "yes")]).items["contact_info"]
    assert item.final is not None and item.final.source == "self_reported"
    assert not item.disagrees


def test_no_information_earns_nothing_but_stays_open() -> None:
    points = score([], [said("contact_info", "unknown")]).stages["emerging"]["self_reported"]
    assert (points.points, points.high, points.answered) == (0, 5.2, 0)


def test_points_without_an_option_count_and_disagree_with_nobody() -> None:
    item = score([finding("news", "low")], [said("news", None, points=1.15)]).items["news"]
    assert item.self_reported_points == 1.15 and not item.disagrees


def test_not_applicable_weighs_nothing_in_the_final_score() -> None:
    points = score([], [said("news", NOT_APPLICABLE, "analyst")]).stages["emerging"]["final"]
    assert points.maximum == pytest.approx(3.6)


def test_the_last_of_two_answers_stands_and_other_agencies_are_passed_over() -> None:
    other = said("sitemap", "yes").model_copy(update={"portal": "b"})
    items = score([], [said("news", "low"), said("news", "high"), other]).items
    assert items["news"].self_reported_points == 1.3
    assert items["sitemap"].self_reported is None


def test_groups_add_up_to_their_stage() -> None:
    scores = score([finding("news", "high")], [said("contact_info", "yes")])
    for stage in MODEL.stages:
        groups = [g for g in MODEL.groups if g.stage == stage.id]
        for view in ("automatic", "self_reported", "final"):
            total = sum(scores.groups[g.id][view].points for g in groups)
            assert total == pytest.approx(scores.stages[stage.id][view].points)
