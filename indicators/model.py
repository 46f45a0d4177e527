"""The maturity model as data: stages, groups, scales, questions, and indicators with their points.

A model is a YAML file beside this module (`models/<name>.yaml`) or anywhere else. `load_model` validates
it as a whole and names every mistake with its line. docs/model.md says how to change one or add another.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator

from crawler.datafile import DataFileError, FieldsError, Problem, load_yaml
from indicators.records import Source

MODELS = Path(__file__).parent / "models"
UNKNOWN = "unknown"
"""The answer "no information": on every question, on no scale, 0 points, and not the same as "no"."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", strict=True)]
QuestionNumber = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$", strict=True)]
PositivePoints = Annotated[float, Field(gt=0, le=1000, strict=True, allow_inf_nan=False)]

ScaleKind = Literal["presence", "graded", "special"]
Mode = Literal["presence", "graded", "hint", "manual"]
Basis = Literal["stated", "observed", "pilot", "totals", "interpolated"]
QuestionKind = Literal["scale", "choices", "text", "numbers", "heading"]

_PRESENCE = (("yes",), "no")
_GRADED = (("very_high", "high", "medium", "low", "very_low"), "none")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Data):
    """The same words in Persian and in English."""

    fa: StrictStr = Field(min_length=1)
    en: StrictStr = Field(min_length=1)


class Stage(_Data):
    id: Id
    number: int = Field(ge=1, strict=True)
    name: Text
    maximum: PositivePoints
    """Points of all its indicators together."""


class Group(_Data):
    id: Id
    stage: Id
    name: Text


class Option(_Data):
    """One answer that can be chosen. `also` are other wordings under which filled questionnaires have it."""

    id: Id
    name: Text
    also: tuple[StrictStr, ...] = ()


class Scale(_Data):
    """The answers of an indicator: `options` from best to worst, then `zero`, worth no points.

    ``presence`` scales have yes / no, ``graded`` ones very_high ... very_low / none (the labels are the
    scale's own: shares, volumes ...), ``special`` ones any options.
    """

    id: Id
    kind: ScaleKind
    options: tuple[Option, ...] = Field(min_length=1)
    zero: Option

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """Every option that can be answered, best to worst, the zero last."""
        return (*(option.id for option in self.options), self.zero.id)


class Section(_Data):
    """A part of the questionnaire."""

    id: Id
    name: Text


class Question(_Data):
    """One question as the questionnaire prints it.

    `kind`: ``scale`` is answered on `scale`; ``choices`` by its own `choices` (several if `multiple`);
    ``numbers`` by a number for each of its `choices`; ``text`` freely; a ``heading`` is not answered, it
    introduces the questions numbered below it (6 before 6.1).
    """

    number: QuestionNumber
    section: Id
    kind: QuestionKind = "scale"
    scale: Id | None = None
    multiple: bool = False
    text: Text
    choices: tuple[Option, ...] = ()


class OptionPoints(_Data):
    """What an option is worth, and how that is known: `stated` by the study, `observed` in its scores,
    `pilot` (only in those of agencies that were partly scored off the grid), deduced from its published
    `totals`, or `interpolated` between its neighbours."""

    points: PositivePoints
    basis: Basis


class SelfReport(_Data):
    """How a yes/no indicator follows from questions that do not ask it outright: "yes" if any of these
    answers was given, by question number."""

    yes_if: dict[QuestionNumber, tuple[Id, ...]] = Field(min_length=1)


class Indicator(_Data):
    """One thing that is judged, on `scale`, for at most `maximum` points.

    `mode` says what a portal can settle: ``presence`` and ``graded`` may be answered from the portal alone,
    a ``hint`` only supports or contradicts the agency's own answer, ``manual`` is the agency's word.
    `effective_maximum` is what the study's sums really counted for a full answer, where that was more.
    `match` says how surely the questionnaire's question is the one that the indicator was scored by.
    """

    id: Id
    stage: Id
    group: Id
    order: int = Field(ge=1, strict=True)
    name: Text
    maximum: PositivePoints
    effective_maximum: PositivePoints | None = None
    questions: tuple[QuestionNumber, ...] = Field(min_length=1)
    match: Literal["high", "medium", "low"] = "high"
    self_report: SelfReport | None = None
    scale: Id
    points: dict[Id, OptionPoints]
    mode: Mode
    rule: Text


class Model(_Data):
    """A whole model. Lists are in the order in which reports show them."""

    id: Id
    version: StrictStr
    name: Text
    source: Text
    answer_order: tuple[Source, ...] = Field(min_length=1)
    """Whose answer wins, first to last."""
    automatic_modes: tuple[Mode, ...]
    """Automatic answers take part only for indicators of these modes."""
    unknown_option: Text
    unknown_also: tuple[StrictStr, ...] = ()
    """Other wordings of "no information" in filled questionnaires."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = Field(min_length=1)
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...] = Field(min_length=1)

    def indicator(self, indicator_id: str) -> Indicator:
        """Raises KeyError, as the other look-ups do."""
        return self._indicators[indicator_id]

    def stage(self, stage_id: str) -> Stage:
        return self._stages[stage_id]

    def group(self, group_id: str) -> Group:
        return self._groups[group_id]

    def scale(self, scale_id: str) -> Scale:
        return self._scales[scale_id]

    def question(self, number: str) -> Question:
        return self._questions[number]

    def scale_of(self, indicator_id: str) -> Scale:
        return self._scales[self.indicator(indicator_id).scale]

    def in_stage(self, stage_id: str) -> tuple[Indicator, ...]:
        """The stage's indicators in their order."""
        own = (indicator for indicator in self.indicators if indicator.stage == stage_id)
        return tuple(sorted(own, key=lambda indicator: indicator.order))

    def points(self, indicator_id: str, option: str) -> float:
        """Points of an answer; 0 for the scale's zero and for "no information". Raises KeyError for an
        option that the scale does not have."""
        indicator = self.indicator(indicator_id)
        if option in (UNKNOWN, self._scales[indicator.scale].zero.id):
            return 0.0
        return indicator.points[option].points

    def option_from_points(self, indicator_id: str, points: float) -> str | None:
        """The option that must have been chosen for these points, or None where that is not certain:
        0 points are "no", "no information" or no answer alike, and other points may fit no option."""
        indicator = self.indicator(indicator_id)
        for option, worth in indicator.points.items():
            full = indicator.effective_maximum if worth.points == indicator.maximum else None
            if any(value is not None and abs(points - value) < 1e-6 for value in (worth.points, full)):
                return option
        return None

    def may_settle(self, indicator_id: str) -> bool:
        """Whether what a portal shows answers the indicator; otherwise it only hints."""
        return self.indicator(indicator_id).mode in self.automatic_modes

    def may_win(self, indicator_id: str, source: Source) -> bool:
        """Whether answers of this source count for the indicator's final answer."""
        return source in self.answer_order and (source != "automatic" or self.may_settle(indicator_id))

    def self_reported_option(self, indicator_id: str, answers: Mapping[str, Collection[str]]) -> str | None:
        """The indicator's option that follows from a questionnaire; None where it was not answered.

        `answers` has the chosen option ids by question number (one for most questions, ``{"unknown"}`` for
        "no information"); a question that was left blank is absent or empty.
        """
        indicator = self.indicator(indicator_id)
        if indicator.self_report is None:
            return next(iter(answers.get(indicator.questions[0], ())), None)
        wanted = indicator.self_report.yes_if
        given = {number: set(answers.get(number, ())) for number in wanted}
        if any(given[number] & set(options) for number, options in wanted.items()):
            return self._scales[indicator.scale].options[0].id
        if not all(given.values()):
            return None
        return (
            UNKNOWN
            if any(UNKNOWN in chosen for chosen in given.values())
            else self.scale_of(indicator_id).zero.id
        )

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def _groups(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.number: question for question in self.questions}

    @model_validator(mode="after")
    def _hangs_together(self) -> Model:
        # Names first: what refers to them can only be checked once they stand.
        for check in (self._check_names, self._check_references, self._check_points):
            if problems := list(check()):
                raise FieldsError(problems)
        return self

    def _check_names(self) -> Iterator[Problem]:
        named: dict[str, tuple[str, list[str]]] = {
            "stages": ("id", [stage.id for stage in self.stages]),
            "groups": ("id", [group.id for group in self.groups]),
            "scales": ("id", [scale.id for scale in self.scales]),
            "sections": ("id", [section.id for section in self.sections]),
            "questions": ("number", [question.number for question in self.questions]),
            "indicators": ("id", [indicator.id for indicator in self.indicators]),
        }
        for part, (field, names) in named.items():
            for index, name in enumerate(names):
                if name in names[:index]:
                    yield Problem((part, index, field), f"'{name}' stands twice", "give each its own")
        for part in ("answer_order", "automatic_modes"):
            counts = Counter(getattr(self, part))
            if twice := [name for name, count in counts.items() if count > 1]:
                yield Problem((part,), f"'{twice[0]}' stands twice", "name each once")
        numbers = [stage.number for stage in self.stages]
        if numbers != sorted(set(numbers)):
            yield Problem(("stages",), f"are numbered {numbers}", "number them in ascending order")
        for index, scale in enumerate(self.scales):
            yield from _check_scale(("scales", index), scale)

    def _check_references(self) -> Iterator[Problem]:
        sections = {section.id for section in self.sections}
        for index, group in enumerate(self.groups):
            if group.stage not in self._stages:
                yield _unknown(("groups", index, "stage"), group.stage, self._stages)
        for index, question in enumerate(self.questions):
            at = ("questions", index)
            if question.section not in sections:
                yield _unknown((*at, "section"), question.section, sections)
            yield from self._check_question(at, question)
        orders: set[tuple[str, int]] = set()
        for index, indicator in enumerate(self.indicators):
            at = ("indicators", index)
            if indicator.stage not in self._stages:
                yield _unknown((*at, "stage"), indicator.stage, self._stages)
            if indicator.group not in self._groups:
                yield _unknown((*at, "group"), indicator.group, self._groups)
            elif self._groups[indicator.group].stage != indicator.stage:
                stage = self._groups[indicator.group].stage
                yield Problem(
                    (*at, "group"),
                    f"'{indicator.group}' belongs to stage '{stage}', the indicator to '{indicator.stage}'",
                    "change one of the two",
                )
            if (indicator.stage, indicator.order) in orders:
                yield Problem((*at, "order"), f"{indicator.order} is taken in this stage", "choose another")
            orders.add((indicator.stage, indicator.order))
            if indicator.scale not in self._scales:
                yield _unknown((*at, "scale"), indicator.scale, self._scales)
            else:
                yield from self._check_indicator_questions(at, indicator)

    def _check_question(self, at: tuple[str, int], question: Question) -> Iterator[Problem]:
        if (question.kind == "scale") != (question.scale is not None):
            yield Problem((*at, "scale"), "goes with the kind 'scale', and only with it", "add or remove it")
        elif question.scale is not None and question.scale not in self._scales:
            yield _unknown((*at, "scale"), question.scale, self._scales)
        if (question.kind in ("choices", "numbers")) != bool(question.choices):
            yield Problem((*at, "choices"), "go with the kinds 'choices' and 'numbers'", "add or remove them")
        if question.multiple and question.kind != "choices":
            yield Problem((*at, "multiple"), "goes with the kind 'choices'", "remove it")
        ids = [choice.id for choice in question.choices]
        for number, choice in enumerate(ids):
            if choice in ids[:number] or choice == UNKNOWN:
                yield Problem((*at, "choices", number, "id"), f"'{choice}' is taken", "choose another")

    def _check_indicator_questions(self, at: tuple[str, int], indicator: Indicator) -> Iterator[Problem]:
        missing = [number for number in indicator.questions if number not in self._questions]
        for number in missing:
            yield _unknown((*at, "questions"), number, self._questions)
        if missing:
            return
        if indicator.self_report is None:
            asked = [self._questions[number].scale for number in indicator.questions]
            if asked != [indicator.scale]:
                yield Problem(
                    (*at, "questions"),
                    f"must be one question on the scale '{indicator.scale}'",
                    "or say by 'self_report' how the answer follows from them",
                )
            return
        if self._scales[indicator.scale].kind != "presence":
            yield Problem((*at, "self_report"), "goes with yes/no scales only", "remove it")
        for number, wanted in indicator.self_report.yes_if.items():
            place = (*at, "self_report", "yes_if", number)
            if number not in indicator.questions:
                yield Problem(place, "is not among the indicator's questions", "add it there")
                continue
            question = self._questions[number]
            scale = self._scales.get(question.scale or "")
            known = scale.option_ids if scale else tuple(choice.id for choice in question.choices)
            for option in wanted:
                if option not in known:
                    yield _unknown(place, option, known)

    def _check_points(self) -> Iterator[Problem]:
        for index, indicator in enumerate(self.indicators):
            yield from self._check_indicator_points(("indicators", index), indicator)
        for index, stage in enumerate(self.stages):
            total = round(sum(indicator.maximum for indicator in self.in_stage(stage.id)), 6)
            if abs(total - stage.maximum) > 1e-6:
                yield Problem(
                    ("stages", index, "maximum"),
                    f"is {stage.maximum:g}, but its indicators add up to {total:g}",
                    "correct the stage or the indicator",
                )

    def _check_indicator_points(self, at: tuple[str, int], indicator: Indicator) -> Iterator[Problem]:
        scale = self._scales[indicator.scale]
        options = [option.id for option in scale.options]
        if set(indicator.points) != set(options):
            yield Problem(
                (*at, "points"),
                f"are for {', '.join(indicator.points) or 'nothing'}, the scale has {', '.join(options)}",
                "give points for each option of the scale, none for its zero",
            )
            return
        worth = [indicator.points[option].points for option in options]
        if worth[0] != indicator.maximum:
            yield Problem(
                (*at, "points", options[0]),
                f"is worth {worth[0]:g}, the maximum is {indicator.maximum:g}",
                "the best option gives the maximum",
            )
        for better, worse, option in zip(worth, worth[1:], options[1:], strict=False):
            if worse >= better:
                yield Problem(
                    (*at, "points", option), f"{worse:g} is not less than {better:g}", "points must decrease"
                )
        if indicator.effective_maximum is not None and indicator.effective_maximum <= indicator.maximum:
            yield Problem((*at, "effective_maximum"), "must be more than the maximum", "remove it otherwise")
        if indicator.mode in ("presence", "graded") and (indicator.mode == "presence") != (
            scale.kind == "presence"
        ):
            yield Problem(
                (*at, "mode"),
                f"'{indicator.mode}' does not fit a {scale.kind} scale",
                "change one of the two",
            )


def _check_scale(at: tuple[str, int], scale: Scale) -> Iterator[Problem]:
    ids = scale.option_ids
    if len(set(ids)) < len(ids) or UNKNOWN in ids:
        yield Problem((*at, "options"), f"has '{UNKNOWN}' or an id twice", "give each option its own id")
    for kind, (options, zero) in (("presence", _PRESENCE), ("graded", _GRADED)):
        if scale.kind == kind and ids != (*options, zero):
            yield Problem(
                (*at, "options"),
                f"must be {', '.join(options)} and the zero '{zero}' on a {kind} scale",
                "or make the kind 'special'",
            )


def _unknown(field: tuple[str | int, ...], name: str, known: Collection[str]) -> Problem:
    shown = ", ".join(known) if len(known) <= 20 else ""
    return Problem(field, f"'{name}' does not exist", f"one of: {shown}" if shown else "correct it or add it")


def load_model(name_or_path: str | Path = "un_five_stage") -> Model:
    """The model of this name among those that come with the product, or the one in this file.

    Raises `DataFileError` with everything that is wrong with it.
    """
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return load_yaml(Path(name_or_path), Model)
    path = MODELS / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(available_models())
        raise DataFileError(path, None, "", f"there is no model '{name}'", f"one of: {known}; or give a file")
    return _load_shipped(path)


def available_models() -> tuple[str, ...]:
    """The names of the models that come with the product."""
    return tuple(sorted(path.stem for path in MODELS.glob("*.yaml")))


def schema() -> str:
    """The JSON schema of model files, for editors (`models/model.schema.json` is a copy)."""
    return json.dumps(Model.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


@cache
def _load_shipped(path: Path) -> Model:
    return load_yaml(path, Model)
