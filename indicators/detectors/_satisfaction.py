"""Signs that satisfaction with services is asked for: surveys, ratings of services, published results."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, first, hinted, judged, no_hint, place
from indicators.detectors import satisfaction_stats_published
from indicators.detectors._dialogue import Seen, polls, ratings
from indicators.detectors._forms import form_shown, forms_of, is_called, pressed
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary


def evaluated(site: Site, words: Vocabulary) -> Verdict:
    surveys, rated = list(_surveys(site, words)), list(_ratings(site, words))
    published = judged(satisfaction_stats_published.detect, site)
    results = published.evidence if published.answer == "yes" else ()
    if surveys or results or rated:
        sure = 0.85 if surveys else 0.75 if results else 0.65
        return hinted(*first([*surveys, *results, *rated]), confidence=sure)
    likely = candidates(site, "satisfaction", "poll", "services")
    reason = "neither a survey of satisfaction nor a rating of a service"
    return no_hint(site, "satisfaction", visited=[place(page, reason) for page in likely])


def _surveys(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Forms of pages on satisfaction that offer answers, and polls that ask how satisfied people are."""
    for page in candidates(site, "satisfaction"):
        if is_called(site, page, words, "satisfaction", 0.2):
            for form in forms_of(site, page):
                if form.has("radio", "select") and pressed(form):
                    yield form_shown(site, page, form, "survey")
    for seen in polls(site, words):
        if _asks(seen, words) or is_called(site, seen.page, words, "satisfaction", 0.2):
            yield seen.evidence


def _asks(seen: Seen, words: Vocabulary) -> bool:
    for form in seen.page.forms:
        said = [form.norm, *(c.norm for c in form.controls)]
        if any(words.names("satisfaction", text) or words.signs("satisfaction", text) for text in said):
            return True
    links = (link for link in seen.page.links if link.text == seen.evidence.excerpt)
    return any(words.names("satisfaction", link.norm) for link in links if len(link.text) <= LONGEST_NAME)


def _ratings(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Ratings on the pages of services, and those that ask for satisfaction."""
    for seen in ratings(site, words):
        if words.in_address("services", seen.page.url) or _asks(seen, words):
            yield seen.evidence
