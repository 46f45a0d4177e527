"""The five-stage model as shipped, and what an analyst hears who breaks it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from crawler.datafile import DataFileError
from indicators.model import MODELS, UNKNOWN, Model, available_models, load_model, schema

SHIPPED = (MODELS / "un_five_stage.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def test_shipped_model_has_the_studys_stages_and_indicators(model: Model) -> None:
    assert {stage.name.en: stage.maximum for stage in model.stages} == {
        "Emerging": 5.2,
        "Enhanced": 39.5,
        "Interactive": 97.7,
        "Transactional": 36.4,
        "Connected": 68.3,
    }
    assert [len(model.in_stage(stage.id)) for stage in model.stages] == [4, 21, 35, 11, 20]
    assert Counter(indicator.mode for indicator in model.indicators) == {
        "presence": 32,
        "graded": 24,
        "hint": 24,
        "manual": 11,
    }
    assert [i.id for i in model.in_stage("emerging")] == ["contact_info", "org_profile", "sitemap", "news"]


def test_the_questionnaire_is_whole(model: Model) -> None:
    whole = [int(question.number) for question in model.questions if "." not in question.number]
    assert whole == list(range(1, 93))
    assert [q.number for q in model.questions if q.number.startswith("6.")] == [
        f"6.{n}" for n in range(1, 12)
    ]
    asked = {number for indicator in model.indicators for number in indicator.questions}
    answerable = {q.number for q in model.questions if q.kind in ("scale", "choices")}
    assert asked <= answerable
    assert answerable - asked == {"3", "69", "83", "84"}


def test_every_text_is_persian_in_fa_and_not_in_en(model: Model) -> None:
    persian = re.compile(r"[\u0600-\u06ff]")
    texts = [q.text for q in model.questions] + [i.rule for i in model.indicators]
    texts += [i.name for i in model.indicators] + [g.name for g in model.groups]
    for text in texts:
        assert persian.search(text.fa), text
        assert not persian.search(text.en), text
        assert not re.search("[يك]", text.fa), text


@pytest.mark.parametrize(
    ("indicator", "option", "points"),
    [
        ("news", "very_high", 1.6),
        ("news", "low", 0.8),
        ("news", "none", 0),
        ("contact_info", "yes", 1.6),
        ("contact_info", "no", 0),
        ("contact_info", UNKNOWN, 0),
        ("upload_volume", "medium", 1.05),
        ("interaction_type", "info_and_polls", 2),
        ("interagency_success", "low", 1.5),
    ],
)
def test_options_give_the_studys_points(model: Model, indicator: str, option: str, points: float) -> None:
    assert model.points(indicator, option) == points


def test_an_option_of_another_scale_is_no_answer(model: Model) -> None:
    for indicator, option in (("contact_info", "very_high"), ("news", "yes"), ("news", "no")):
        with pytest.raises(KeyError):
            model.points(indicator, option)


def test_points_lead_back_to_their_option_and_to_no_other(model: Model) -> None:
    for indicator in model.indicators:
        for option, worth in indicator.points.items():
            assert model.option_from_points(indicator.id, worth.points) == option
        assert model.option_from_points(indicator.id, 0) is None
    assert model.option_from_points("news", 1.4) is None
    assert model.option_from_points("digital_identity", 4) == "yes"
    assert model.option_from_points("required_links", 1.6) == "yes"


def test_the_portal_settles_only_what_the_protocol_lets_it(model: Model) -> None:
    assert model.answer_order == ("analyst", "automatic", "self_reported")
    assert model.may_win("contact_info", "automatic")
    assert model.may_win("news", "automatic")
    assert not model.may_win("egov_strategy", "automatic")
    assert not model.may_win("upload_speed", "automatic")
    assert model.may_win("upload_speed", "self_reported")


@pytest.mark.parametrize(
    ("indicator", "answers", "option"),
    [
        ("news", {"58": ["high"]}, "high"),
        ("news", {"58": [UNKNOWN]}, UNKNOWN),
        ("news", {}, None),
        ("two_way_public_networks", {"18": ["two_way"]}, "yes"),
        ("two_way_public_networks", {"18": ["one_way"], "19": ["eitaa", "bale"]}, "yes"),
        ("two_way_public_networks", {"18": ["one_way"], "19": ["own_network"]}, "no"),
        ("two_way_public_networks", {"18": [UNKNOWN], "19": ["own_network"]}, UNKNOWN),
        ("two_way_public_networks", {"18": ["one_way"], "19": []}, None),
        ("two_way_own_network", {"19": ["own_network", "bale"]}, "yes"),
        ("one_way_communication", {"18": ["info_and_polls"]}, "yes"),
        ("one_way_communication", {"18": ["none"]}, "no"),
        ("info_updated", {"33": ["yes"], "34": ["no"]}, "yes"),
        ("info_updated", {"34": ["yes"]}, None),
    ],
)
def test_a_questionnaire_leads_to_the_indicators_answer(
    model: Model, indicator: str, answers: dict[str, list[str]], option: str | None
) -> None:
    assert model.self_reported_option(indicator, answers) == option


def edited(tmp_path: Path, old: str, new: str, after: str = "") -> str:
    """The shipped file with one change (behind the text `after`), and what loading it says."""
    start = SHIPPED.index(after)
    assert old in SHIPPED[start:]
    file = tmp_path / "changed.yaml"
    file.write_text(SHIPPED[:start] + SHIPPED[start:].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_model(file)
    return str(caught.value).replace(str(file), "F")


def line_of(text: str, after: str = "") -> int:
    return SHIPPED[: SHIPPED.index(text, SHIPPED.index(after))].count("\n") + 1


@pytest.mark.parametrize(
    ("after", "old", "new", "said"),
    [
        ("- id: news", "maximum: 1.6", "maximum: 1.7", "points.very_high: is worth 1.6, the maximum is 1.7"),
        ("- id: news", "{points: 1.3,", "{points: 0.9,", "points.medium: 1 is not less than 0.9"),
        ("- id: news", "very_low: {", "lowest: {", "points: are for very_high, high, medium, low, lowest"),
        ("- id: news", "scale: amount", "scale: amounts", "scale: 'amounts' does not exist"),
        ("- id: news", 'questions: ["58"]', 'questions: ["580"]', "questions: '580' does not exist"),
        (
            "- id: news",
            'questions: ["58"]',
            'questions: ["86"]',
            "must be one question on the scale 'amount'",
        ),
        ("- id: news", "stage: emerging", "stage: enhanced", "group: 'basic_information' belongs to stage"),
        ("- id: news", "order: 4", "order: 3", "order: 3 is taken in this stage"),
        ("- id: news", "- id: news", "- id: sitemap", "id: 'sitemap' stands twice"),
        ("- id: news", "mode: graded", "mode: presence", "mode: 'presence' does not fit a graded scale"),
        ("- id: news", "mode: graded", "mode: rated", "mode: should be 'presence', 'graded'"),
        ("- id: news", "maximum:", "maximun:", "maximun: is not known here (did you mean 'maximum'?)"),
        ("- id: two_way_own", "[own_network]", "[none]", "yes_if.19: 'none' does not exist"),
        ("questions:", 'number: "5"', 'number: "4"', "number: '4' stands twice"),
        ("questions:", "section: strategy", "section: plans", "section: 'plans' does not exist"),
        ("- id: amount", "id: very_high", "id: highest", "options: must be very_high, high, medium"),
        ("groups:", "stage: emerging", "stage: ending", "stage: 'ending' does not exist"),
    ],
)
def test_a_broken_model_gets_an_error_that_names_the_place(
    tmp_path: Path, after: str, old: str, new: str, said: str
) -> None:
    named = [line for line in edited(tmp_path, old, new, after).splitlines() if said in line]
    assert len(named) == 1
    line = int(named[0].split(":")[1])
    # The place is the changed line, or stands in the same block.
    assert abs(line - line_of(old, after)) <= 16


def test_stage_maxima_must_be_those_of_their_indicators(tmp_path: Path) -> None:
    said = edited(tmp_path, "maximum: 97.7", "maximum: 93.7")
    assert said == (
        f"F:{line_of('id: interactive')}: stages[2].maximum: is 93.7, but its indicators add up to 97.7 "
        "(correct the stage or the indicator)"
    )


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(DataFileError, match=r"no model 'west'.*un_five_stage"):
        load_model("west")


def test_a_second_model_is_a_second_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        """
id: mine
version: "1"
name: {fa: من, en: Mine}
source: {fa: خودم, en: Myself}
answer_order: [analyst, automatic, self_reported]
automatic_modes: [presence, graded]
unknown_option: {fa: نمی‌دانم, en: No information}
stages: [{id: only, number: 1, name: {fa: یک, en: One}, maximum: 2}]
groups: [{id: all, stage: only, name: {fa: همه, en: All}}]
scales:
  - {id: yes_no, kind: presence, options: [{id: yes, name: {fa: بله, en: Yes}}],
     zero: {id: no, name: {fa: خیر, en: No}}}
sections: [{id: main, name: {fa: اصلی, en: Main}}]
questions: [{number: "1", section: main, scale: yes_no, text: {fa: آیا؟, en: "Is it?"}}]
indicators:
  - {id: a, stage: only, group: all, order: 1, name: {fa: آ, en: A}, maximum: 2, questions: ["1"],
     scale: yes_no, points: {yes: {points: 2, basis: stated}}, mode: presence, rule: {fa: باشد., en: It is.}}
""",
        encoding="utf-8",
    )
    mine = load_model(file)
    assert mine.points("a", "yes") == 2
    assert mine.scale_of("a").option_ids == ("yes", "no")


def test_editors_get_the_schema_of_the_model_as_it_is() -> None:
    assert (MODELS / "model.schema.json").read_text(encoding="utf-8") == schema()
    assert available_models() == ("un_five_stage",)
