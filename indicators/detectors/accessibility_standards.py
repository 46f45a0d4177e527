"""accessibility_standards: WCAG 2.2 A and AA by axe-core's rules, on the pages that were measured."""

from __future__ import annotations

from statistics import mean

from audits.records import AccessibilityCheck, AccessibilityRule
from indicators.detector import Details, Verdict, detector, found, not_observable
from indicators.detectors._measured import LEVELS, is_styled, measurement_evidence
from indicators.records import PageNumbers
from indicators.site import Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

SEVERE = frozenset({"serious", "critical"})

RULES_OF_LOOKS = frozenset({"color-contrast", "link-in-text-block", "target-size"})
"""What they find depends on the style sheets."""

LIMITS = {
    name: tuple(f"{name}_{level}" for level in LEVELS) for name in ("passed_share", "severe_violations")
}
WITNESSES = ("rules_violated", "severe_violations")


@detector("accessibility_standards", version=1, measured=True)
def detect(site: Site, _: Vocabulary) -> Verdict:
    checks = site.measurements.accessibility if site.measurements else ()
    pages = {check.url: _applicable(site, check) for check in checks}
    done = {url: rules for url, rules in pages.items() if rules}
    shown = [_numbers(site, check, pages[check.url]) for check in checks]
    if not done:
        why = next((f"{one.url}: {one.reason}" for one in checks if one.reason), "")
        return not_observable(why or "no page was examined for accessibility", pages=shown)
    shares = [_passed_share(rules) for rules in done.values()]
    severe = [sum(_is_severe(rule) for rule in rules) for rules in done.values()]
    broken = {rule.id for rules in done.values() for rule in rules if rule.outcome == "violated"}
    details: Details = {
        "pages": len(done),
        "passed_share": round(mean(shares), 4),
        "severe_violations": round(mean(severe), 2),
        "rules_broken": len(broken),
    }
    evidence = [
        measurement_evidence(site, one)
        for name in WITNESSES
        for one in site.measured(name)
        if one.url in done and one.value is not None
    ]
    confidence = 0.7 if site.archived else 0.85 if len(done) > 1 else 0.8
    return found(
        level_of(mean(shares), mean(severe)),
        *evidence,
        confidence=confidence,
        details=details,
        pages=shown,
        limits=LIMITS,
    )


def level_of(passed: float, severe: float) -> str:
    """The level that a share of rules passed and a number of serious and critical faults per page make:
    the lower of the two."""
    for name in LEVELS:
        if passed >= threshold(f"passed_share_{name}") and severe <= threshold(f"severe_violations_{name}"):
            return name
    return "very_low"


def _applicable(site: Site, check: AccessibilityCheck) -> list[AccessibilityRule]:
    """The rules that were passed or broken; of what only a person can tell nothing is held for or against.
    A saved page without its style sheets is not judged by its looks."""
    rules = [rule for rule in check.rules if rule.outcome in ("passed", "violated")]
    if site.archived and not is_styled(site, check.url):
        rules = [rule for rule in rules if rule.id not in RULES_OF_LOOKS]
    return rules


def _passed_share(rules: list[AccessibilityRule]) -> float:
    return mean(rule.outcome == "passed" for rule in rules)


def _is_severe(rule: AccessibilityRule) -> bool:
    return rule.outcome == "violated" and rule.impact in SEVERE


def _numbers(site: Site, check: AccessibilityCheck, rules: list[AccessibilityRule]) -> PageNumbers:
    view = site.target(check.url).page
    values: Details = {}
    if rules:
        values = {
            "passed_share": round(_passed_share(rules), 4),
            "rules_passed": sum(rule.outcome == "passed" for rule in rules),
            "rules_violated": sum(rule.outcome == "violated" for rule in rules),
            "severe_violations": sum(_is_severe(rule) for rule in rules),
            "rules_to_review": sum(rule.outcome == "needs_review" for rule in check.rules),
        }
    return PageNumbers(url=check.url, page=view.id if view else None, values=values, reason=check.reason)
