"""What some indicators unfold to beside their numbers: rules and elements, markup, pictures of pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from audits.records import AccessibilityCheck, AccessibilityRule, Box, Picture, RuleElement
from crawler.datafile import load_yaml
from crawler.portal import Names
from reports.data import AgencyInput
from reports.words import Words

FILE = Path(__file__).with_name("accessibility.yaml")
MOST_PAGES_OF_A_RULE = 4

_ORDER = ("critical", "serious", "moderate", "minor", "")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleWords(_Record):
    """A rule in Persian, and what to do about it."""

    fault: str
    fix: Names


class _Rules(_Record):
    rules: dict[str, RuleWords]


@cache
def rule_words() -> Mapping[str, RuleWords]:
    """By axe-core's rule id. Raises DataFileError."""
    return load_yaml(FILE, _Rules).rules


@dataclass(frozen=True)
class BrokenRule:
    """A rule over all pages: `pages` have the worst first, each with the elements that were kept of it."""

    rule: AccessibilityRule
    violated: int
    pages: Sequence[tuple[AccessibilityCheck, AccessibilityRule]]


def broken_rules(agency: AgencyInput) -> list[BrokenRule]:
    """The gravest first, then those with most elements."""
    found: dict[str, list[tuple[AccessibilityCheck, AccessibilityRule]]] = {}
    for check in agency.measurements.accessibility if agency.measurements else ():
        for rule in check.rules:
            if rule.outcome == "violated":
                found.setdefault(rule.id, []).append((check, rule))
    rules = [
        BrokenRule(
            pages[0][1],
            sum(rule.violated for _, rule in pages),
            sorted(pages, key=lambda one: -one[1].violated)[:MOST_PAGES_OF_A_RULE],
        )
        for pages in found.values()
    ]
    return sorted(rules, key=lambda one: (_ORDER.index(one.rule.impact), -one.violated, one.rule.id))


def pictures_of(agency: AgencyInput, *shows: str) -> list[Picture]:
    """The pictures of these kinds, page by page as they were measured."""
    taken = agency.measurements.pictures if agency.measurements else ()
    return [one for one in taken if one.shows in shows]


def boxes_in(agency: AgencyInput, picture: Picture) -> list[Box]:
    """Where on a picture of faults the elements stand that break rules, from its own top left corner."""
    checks = agency.measurements.accessibility if agency.measurements else ()
    part = picture.box
    return [
        Box(x=box.x - part.x, y=box.y - part.y, width=box.width, height=box.height)
        for check in checks
        if check.url == picture.url
        for rule in check.rules
        if rule.outcome == "violated"
        for element in rule.elements[: rule.violated]
        if (box := element.box) is not None
        and part.x <= box.x < part.x + part.width
        and part.y <= box.y < part.y + part.height
    ]


def findings_of(element: RuleElement, words: Words) -> list[str]:
    """What axe-core found on an element, where it can be told in numbers."""
    told = []
    for check in element.checks:
        data = check.data
        if check.id == "color-contrast" and "contrastRatio" in data:
            told.append(
                words(
                    "unfolded.contrast",
                    ratio=data["contrastRatio"],
                    expected=str(data.get("expectedContrastRatio", "")),
                    front=str(data.get("fgColor", "")),
                    back=str(data.get("bgColor", "")),
                )
            )
        elif check.id == "target-size" and "width" in data:
            told.append(
                words(
                    "unfolded.size",
                    width=data["width"],
                    height=data.get("height", 0),
                    least=data.get("minSize", 24),
                )
            )
    return told
