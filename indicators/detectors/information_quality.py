"""information_quality: how many of ten kinds of information the portal really presents."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    Details,
    Detector,
    Verdict,
    absent,
    detector,
    found,
    judged,
    link_evidence,
    not_observable,
    text_evidence,
)
from indicators.detectors import (
    contact_info,
    department_heads_contacts,
    help_facilities,
    information_access_rights,
    news,
    org_profile,
    services_on_portal,
    tender_notices,
)
from indicators.detectors._figures import numbers_in
from indicators.detectors._forms import TYPED, form_shown, forms_of
from indicators.detectors._shared import says_nothing
from indicators.page import Anchor, FormView
from indicators.quoting import LONGEST_FORM
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

SUBJECT = 0.4
"""Share of a page's heading that names what the page is about."""

LEVELS = (("very_high", "quality_very_high"), ("high", "quality_high"), ("medium", "quality_medium"))

ABOUT_FIGURES = 0.15
"""Share for pages of figures, whose names go on to say of what."""

LONGEST_VALUE = 24
"""Characters of a cell that holds a number and perhaps its unit."""

# Forms that every portal has and that are no forms of its services.
_COMMON_FORMS = ("search", "login", "contact", "feedback", "share", "languages")


class Kind(NamedTuple):
    name: str
    seek: Callable[[Site], Evidence | None]


@detector("information_quality", version=5)
def detect(site: Site, words: Vocabulary) -> Verdict:  # noqa: ARG001
    seen = {kind.name: kind.seek(site) for kind in KINDS}
    evidence = [witness for witness in seen.values() if witness is not None]
    count = len(evidence)
    details: Details = {"kinds": count, **{name: witness is not None for name, witness in seen.items()}}
    if not count:
        return absent(site, "org_profile", "services", answer="none", details=details)
    if not site.visit.complete and count < threshold("quality_very_high"):
        missing = [name for name, witness in seen.items() if witness is None]
        unseen = absent(site, *(_CONCEPTS[name] for name in missing))
        if unseen.answer is None:
            return not_observable(unseen.reason, details)
    level = next((name for name, limit in LEVELS if count >= threshold(limit)), "")
    answer = level or ("low" if count >= threshold("quality_low") else "very_low")
    limits = {"kinds": (*(limit for _, limit in LEVELS), "quality_low")}
    return found(answer, *evidence, confidence=0.75, details=details, limits=limits)


def _of(*detectors: Detector) -> Callable[[Site], Evidence | None]:
    """What the first of these detectors that answered "yes" or a level saw."""

    def seek(site: Site) -> Evidence | None:
        for one in detectors:
            verdict = judged(one, site)
            if verdict.answer not in (None, "no", "none"):
                return verdict.evidence[0]
        return None

    return seek


def _duties(site: Site) -> Evidence | None:
    return _page_about(site, "duties")


def _reports(site: Site) -> Evidence | None:
    return _document(site, "reports") or _page_about(site, "reports", figures=True)


def _plans(site: Site) -> Evidence | None:
    """A tender, budget or plan."""
    return _of(tender_notices.detect)(site) or _document(site, "plans") or _page_about(site, "plans")


def _page_about(site: Site, concept: str, *, figures: bool = False) -> Evidence | None:
    """A page that is called what the concept names and says something about it (`figures`: or lists
    documents that are there, or gives numbers)."""
    words = site.words
    for page in candidates(site, concept):
        if page.depth == 0 or says_nothing(site, page):
            continue
        share = ABOUT_FIGURES if figures else SUBJECT
        heading = next(
            (b for b in page.naming(concept, share) if len(b.text) <= LONGEST_NAME),
            None,
        )
        if heading is None or (
            page.words < threshold("guide_words") and not words.in_address(concept, page.url)
        ):
            continue
        if figures and not _has_figures(page) and not _has_documents(site, page):
            continue
        if page.words >= threshold("service_page_words"):
            return text_evidence(site, page, heading, concept)
    return None


def _has_figures(page: PageView) -> bool:
    values = [b for b in page.content if numbers_in(b.norm) and len(b.text) <= LONGEST_VALUE]
    return len(values) >= threshold("table_figures")


def _has_documents(site: Site, page: PageView) -> bool:
    return any(_file_behind(site, link) for link in page.links)


def _file_behind(site: Site, link: Anchor) -> bool:
    """Whether a visible link leads to a file that is there and holds something."""
    file = site.target(link.url).file if link.visible and link.url.startswith("http") else None
    return file is not None and file.outcome == "ok" and file.size != 0


def _document(site: Site, concept: str) -> Evidence | None:
    """A document that is there and whose link names the concept."""
    for page in site.pages:
        for link in page.links_naming(concept, 0.2):
            if len(link.text) <= LONGEST_NAME and _file_behind(site, link):
                return link_evidence(site, page, link, concept)
    return None


def _forms(site: Site) -> Evidence | None:
    """A blank form to take away that is there, or a form that asks for more than a message."""
    document = _document(site, "blank_form")
    if document is not None:
        return document
    for page in candidates(site, "blank_form"):
        for link in page.links:
            inside = link.block < len(page.blocks) and not site.is_frame(page.blocks[link.block])
            if page.depth and inside and link.text and _file_behind(site, link):
                return link_evidence(site, page, link, "blank_form")
    for page in site.pages:
        for form in forms_of(site, page):
            if page.depth and _asks_for_a_service(form, page, site.words):
                return form_shown(site, page, form, "online_form")
    return None


def _asks_for_a_service(form: FormView, page: PageView, words: Vocabulary) -> bool:
    fields = [c for c in form.controls if c.type in TYPED or c.type in ("select", "file", "date")]
    if len(fields) < 3 or form.has("password", "search") or form.area != "main":
        return False
    if len(form.text) > LONGEST_FORM or words.in_address("share", page.url):
        return False
    heads = [b.norm for b in page.content if b.level and b.level <= 2]
    return not any(words.names(concept, text, SUBJECT) for concept in _COMMON_FORMS for text in heads)


KINDS = (
    Kind("profile", _of(org_profile.detect)),
    Kind("duties", _duties),
    Kind("services", _of(services_on_portal.detect)),
    Kind("forms", _forms),
    Kind("news", _of(news.detect)),
    Kind("reports", _reports),
    Kind("plans", _plans),
    Kind("contacts", _of(department_heads_contacts.detect, contact_info.detect)),
    Kind("help", _of(help_facilities.detect)),
    Kind("access", _of(information_access_rights.detect)),
)

_CONCEPTS = {
    "profile": "org_profile",
    "duties": "duties",
    "services": "services",
    "forms": "blank_form",
    "news": "news",
    "reports": "reports",
    "plans": "plans",
    "contacts": "contact",
    "help": "faq",
    "access": "information_access",
}
"""What a page that holds each kind may be called."""
