"""From answers to points: per indicator, group and stage, for each view, with the range of what is open.

Three views are kept side by side: ``automatic`` (what the audit saw), ``self_reported`` (what the agency
said) and ``final`` (for each indicator the first answer in the model's order that may decide it).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from indicators.model import UNKNOWN, Indicator, Model
from indicators.records import Answer, Finding, Points, Record

View = Literal["automatic", "self_reported", "final"]
Stance = Literal["supports", "contradicts", "speaks"]
VIEWS: tuple[View, ...] = ("automatic", "self_reported", "final")

NOT_APPLICABLE = "not_applicable"
"""An analyst's word: the indicator weighs nothing for this agency."""


class ItemScore(Record):
    """One indicator of one portal: who said what, and which answer stands."""

    indicator: str
    maximum: float
    automatic: Answer | None
    not_observable: str
    """Why the audit has no answer, '' if it has one."""
    suggested: tuple[str, ...] = ()
    """Where a portal can only hint: the options that fit what was seen. Never scored."""
    self_reported: Answer | None
    analyst: Answer | None
    final: Answer | None
    automatic_points: float | None
    self_reported_points: float | None
    final_points: float | None

    def points(self, view: View) -> float | None:
        """Points in a view, None where the view does not know the answer."""
        return {
            "automatic": self.automatic_points,
            "self_reported": self.self_reported_points,
            "final": self.final_points,
        }[view]

    @property
    def disagrees(self) -> bool:
        """The audit and the agency both answered, and not the same."""
        if self.automatic is None or self.self_reported is None or self.self_reported.option is None:
            return False
        return self.automatic.option != self.self_reported.option

    @property
    def hint(self) -> Stance | None:
        """How what the portal hints at stands to what the agency said: it ``supports`` or ``contradicts``
        it, or ``speaks`` where the agency said nothing; None without a hint."""
        if not self.suggested:
            return None
        said = self.self_reported.option if self.self_reported else None
        if said in (None, UNKNOWN, NOT_APPLICABLE):
            return "speaks"
        return "supports" if said in self.suggested else "contradicts"


class PortalScores(Record):
    """All scores of one portal; `groups` and `stages` are keyed by id, then by view."""

    portal: str
    model: str
    model_version: str
    items: dict[str, ItemScore]
    groups: dict[str, dict[View, Points]]
    stages: dict[str, dict[View, Points]]


def automatic_answers(findings: Iterable[Finding], model: Model) -> list[Answer]:
    """The findings that are answers, with their points; not what could not be observed, nor hints."""
    return [
        Answer(
            portal=f.portal,
            indicator=f.indicator,
            source="automatic",
            option=f.answer,
            points=model.points(f.indicator, f.answer),
            who=f"{f.detector} {f.version}",
        )
        for f in findings
        if f.answer is not None and model.may_settle(f.indicator)
    ]


def _suggested(finding: Finding, model: Model) -> tuple[str, ...]:
    """The options that a finding speaks for without being an answer. A detector may answer what this model
    takes for a mere hint; but even then silence is no "no"."""
    if finding.answer is None or model.may_settle(finding.indicator):
        return finding.suggests
    return () if finding.answer == model.scale_of(finding.indicator).zero.id else (finding.answer,)


def score_portal(
    portal: str, model: Model, findings: Sequence[Finding], answers: Iterable[Answer]
) -> PortalScores:
    """Scores one portal.

    `answers` are the self-reported and the analysts' answers; those of other portals are passed over, and of
    several by the same source the last one stands.
    """
    automatic = {a.indicator: a for a in automatic_answers(findings, model)}
    reasons = {f.indicator: f.reason for f in findings if f.answer is None}
    suggested = {f.indicator: _suggested(f, model) for f in findings}
    said: dict[tuple[str, str], Answer] = {
        (a.source, a.indicator): a for a in answers if a.portal == portal and a.source != "automatic"
    }
    items = {
        indicator.id: _score_item(
            indicator,
            model,
            automatic.get(indicator.id),
            reasons.get(indicator.id, ""),
            suggested.get(indicator.id, ()),
            said.get(("self_reported", indicator.id)),
            said.get(("analyst", indicator.id)),
        )
        for indicator in model.indicators
    }
    return PortalScores(
        portal=portal,
        model=model.id,
        model_version=model.version,
        items=items,
        groups={
            group.id: _sums([items[i.id] for i in model.indicators if i.group == group.id])
            for group in model.groups
        },
        stages={
            stage.id: _sums([items[i.id] for i in model.indicators if i.stage == stage.id])
            for stage in model.stages
        },
    )


def _score_item(
    indicator: Indicator,
    model: Model,
    automatic: Answer | None,
    reason: str,
    suggested: tuple[str, ...],
    self_reported: Answer | None,
    analyst: Answer | None,
) -> ItemScore:
    by_source = {"analyst": analyst, "automatic": automatic, "self_reported": self_reported}
    final = next(
        (by_source[s] for s in model.answer_order if by_source[s] and model.may_win(indicator.id, s)), None
    )
    return ItemScore(
        indicator=indicator.id,
        maximum=indicator.maximum,
        automatic=automatic,
        not_observable="" if automatic else reason,
        suggested=suggested,
        self_reported=self_reported,
        analyst=analyst,
        final=final,
        automatic_points=_points(automatic, model),
        self_reported_points=_points(self_reported, model),
        final_points=_points(final, model),
    )


def _points(answer: Answer | None, model: Model) -> float | None:
    # "No information" earns nothing, but nothing is known either.
    if answer is None or answer.option in (UNKNOWN, NOT_APPLICABLE):
        return None
    if answer.points is not None:
        return answer.points
    return model.points(answer.indicator, answer.option) if answer.option else None


def _sums(items: list[ItemScore]) -> dict[View, Points]:
    return {view: _sum(items, view) for view in VIEWS}


def _sum(items: list[ItemScore], view: View) -> Points:
    counted = [i for i in items if not (i.analyst and i.analyst.option == NOT_APPLICABLE and view == "final")]
    known = [(i, points) for i in counted if (points := i.points(view)) is not None]
    maximum = sum(i.maximum for i in counted)
    known_maximum = sum(i.maximum for i, _ in known)
    points = sum(p for _, p in known)
    return Points(
        points=round(points, 4),
        maximum=round(maximum, 4),
        low=round(points, 4),
        high=round(points + maximum - known_maximum, 4),
        coverage=round(known_maximum / maximum, 4) if maximum else 1.0,
        answered=len(known),
        indicators=len(counted),
    )
