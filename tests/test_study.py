"""Golden: what the reference study published, and what comes of its own single scores."""

from __future__ import annotations

import io
import json
from collections import Counter

import pytest
from rich.console import Console

from dargah.study import baseline_answers, recompute, render, study
from indicators.model import load_model
from indicators.study import StudyReport, agencies, corrections, scores


@pytest.fixture(scope="module")
def report() -> StudyReport:
    return recompute()


def test_87_of_95_totals_come_out_exactly_and_8_are_named(report: StudyReport) -> None:
    assert len(report.totals) == 95
    assert sum(total.exact for total in report.totals) == 87
    assert {(t.agency, t.stage, t.published, t.recomputed, t.difference) for t in report.unexplained} == {
        ("ict", 4, 14.3, 13.3, 1),
        ("labour_welfare", 2, 33.1, 34.3, -1.2),
        ("water_wastewater", 5, 12.6, 25.4, -12.8),
        ("education_city", 3, 46.5, 46.05, 0.45),
        ("civil_registration", 1, 5.2, 4.6, 0.6),
        ("social_security", 5, 21.3, 33.4, -12.1),
        ("gas", 1, 5.2, 4.1, 1.1),
        ("relief_committee", 4, 25.6, 21.6, 4),
    }
    assert all(total.reason for total in report.unexplained)
    assert {(r.agency, r.stage, r.difference) for r in corrections().remaining} == {
        (t.agency, t.stage, t.difference) for t in report.unexplained
    }


def test_each_correction_is_needed_and_says_where_it_is_applied(report: StudyReport) -> None:
    without = [total for total in report.totals if abs(total.published - total.rows) < 1e-6]
    assert len(without) == 70
    changed = [total for total in report.totals if total.corrections]
    assert Counter(name for total in changed for name in total.corrections) == {
        "counted_twice": 15,
        "restored_rows": 2,
    }
    # Undoing an error never breaks a total that was right without it.
    assert all(total.exact for total in without)
    assert {total.stage for total in changed if "counted_twice" in total.corrections} == {2}
    assert [c.id for c in report.corrections] == ["restored_rows", "counted_twice"]
    lines = {total.source_line for total in report.totals}
    assert all(set(correction.lines) <= lines for correction in report.corrections)


def test_percentages_say_which_denominator_they_used(report: StudyReport) -> None:
    assert Counter((p.stage, p.denominator) for p in report.percentages) == {
        (1, 5.2): 19,
        (2, 39.5): 19,
        (3, 93.7): 16,
        (3, 97.7): 3,
        (4, 40.4): 19,
        (5, 68.3): 19,
    }
    assert {p.agency for p in report.percentages if p.denominator == 97.7} == {
        "pension_fund",
        "labour_welfare",
        "regional_water",
    }
    assert Counter(p.agreement for p in report.percentages) == {"exact": 88, "rounded_up": 6, "differs": 1}
    (wrong,) = (p for p in report.percentages if p.agreement == "differs")
    assert (wrong.agency, wrong.stage, wrong.published, wrong.recomputed) == (
        "relief_committee",
        4,
        63.5,
        63.37,
    )


def test_averages_are_not_reproduced_but_their_maxima_are_recognised(report: StudyReport) -> None:
    assert [average.percent_of_maximum for average in report.stage_averages] == [93.4, 76.8, 56.9, 55.4, 39.3]
    assert [average.maximum for average in report.stage_averages] == [5.2, 39.5, 97.7, 40.4, 68.3]
    assert [average.published_percent for average in report.stage_averages] == [55.9, 28.5, 34.5, 29.0, 23.9]
    for average in report.stage_averages:
        assert average.mean_of_totals is not None
        assert abs(average.published_mean - average.mean_of_totals) > 0.04
    model = load_model()
    graded = {i.group for i in model.indicators if model.scale_of(i.id).kind != "presence"}
    fitting = {a.id for a in report.group_averages if abs(a.desirable - a.all_options) < 0.11}
    assert len(graded) == 12
    assert fitting & graded == {
        "basic_information",
        "mobile",
        "search",
        "operations",
        "integration",
        "participation",
    }


def test_no_cut_offs_give_all_ratings_back(report: StudyReport) -> None:
    assert len(report.ratings) == 95
    assert sum(rating.agrees for rating in report.ratings) == 74
    assert report.rating_ranges["weak"] == (18.5, 38.4)
    assert report.rating_ranges["average"] == (35.4, 64.8)
    assert report.rating_ranges["very_desirable"] == (70.1, 100)


def test_every_agency_has_one_score_for_each_indicator_in_its_stage() -> None:
    model = load_model()
    number = {stage.id: stage.number for stage in model.stages}
    assert len(agencies()) == 19
    seen = Counter((row.agency, row.indicator) for row in scores())
    assert set(seen.values()) == {1}
    assert set(seen) == {(agency.id, i.id) for agency in agencies() for i in model.indicators}
    assert all(row.stage == number[model.indicator(row.indicator).stage] for row in scores())


def test_baseline_turns_points_into_options_only_where_they_prove_one() -> None:
    model = load_model()
    answers = {(answer.portal, answer.indicator): answer for answer in baseline_answers()}
    assert len(answers) == 1729
    assert {answer.source for answer in answers.values()} == {"self_reported"}
    for answer in answers.values():
        assert answer.points is not None
        if answer.option is None:
            assert answer.note
        elif "more than its own maximum" not in answer.note:
            assert model.points(answer.indicator, answer.option) == answer.points
    assert sum(answer.option is not None for answer in answers.values()) == 1080
    assert answers["post", "contact_info"].option == "yes"
    assert answers["post", "news"].option == "medium"
    assert answers["gas", "digital_identity"].option == "yes"
    assert answers["gas", "digital_identity"].points == 4
    # "No", "no information" and no answer all gave 0 points.
    assert answers["post", "privacy_policy"].option is None
    assert answers["post", "privacy_policy"].points == 0
    # Agencies that were partly scored between the options.
    assert answers["ict", "news"].option is None
    assert answers["regional_electric", "complaint_feedback"].option is None
    assert answers["regional_electric", "news"].option == "very_high"
    # Restored rows: certain ones count, inferred ones only as points.
    assert answers["ict", "info_updated"].option == "yes"
    assert answers["ict", "services_on_portal"].option is None
    assert "inferred" in answers["ict", "services_on_portal"].note


def test_study_prints_everything_for_people(report: StudyReport) -> None:
    console = Console(width=120, file=io.StringIO(), record=True)
    for part in render(report):
        console.print(part)
    text = console.export_text()
    for agency in agencies():
        assert agency.id in text
    for said in (
        "87 of 95",
        "14.3 / 13.3 ✗",
        "46.5 / 46.05 ✗",
        "counted_twice",
        "restored_rows",
        "93.7",
        "74 of 95",
    ):
        assert said in text


def test_study_prints_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert study(json_output=True) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["summary"] == {
        "totals": 95,
        "totals_exact": 87,
        "totals_exact_without_corrections": 70,
        "percentages": {"exact": 88, "rounded_up": 6, "differs": 1},
        "ratings": 95,
        "ratings_by_cut_off": 74,
    }
    assert StudyReport.model_validate({k: v for k, v in printed.items() if k != "summary"}, by_name=True)


def test_how_well_founded_the_derived_answers_are() -> None:
    """The counts that docs/model.md gives for indicators whose question was not asked outright."""
    points = {(row.agency, row.indicator): row.score for row in scores()}

    def having(indicator: str, *wanted: float) -> set[str]:
        return {agency.id for agency in agencies() if points[agency.id, indicator] in wanted}

    some_kind = having("interaction_type", 1, 2, 3)
    two_way = having("interaction_type", 3)
    informs = having("one_way_communication", 2.1)
    assert (len(some_kind), len(some_kind & informs), len(informs - some_kind)) == (15, 14, 4)
    public = having("two_way_public_networks", 3)
    assert (len(two_way), len(two_way & public), len(public - two_way)) == (6, 6, 8)
    assert having("two_way_public_networks", 1) == {"regional_electric"}
    assert having("two_way_own_network", 3) == {"gas"} <= two_way
