"""upload_available: a form with a file field that a visitor reaches without logging in."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, form_evidence, found, place
from indicators.detectors._forms import is_dead
from indicators.page import Control, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

LIKELY = ("complaint", "contact", "services", "jobs", "question_form")


@detector("upload_available", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:  # noqa: ARG001
    fields = list(file_fields(site))
    if fields:
        whole = any(form.tag for _, form, _ in fields)
        evidence = [_witness(site, page, form, field) for page, form, field in fields]
        return found("yes", *first(evidence), confidence=0.95 if whole else 0.8)
    forms = [page for page in candidates(site, *LIKELY) if any(form.tag for form in page.forms)]
    return absent(site, visited=[place(page, "its forms take no files") for page in forms], confidence=0.92)


def file_fields(site: Site) -> Iterator[tuple[PageView, FormView, Control]]:
    """Every file field on the portal with its form, if something is behind the form."""
    for page in site.pages:
        for form in page.forms:
            if is_dead(site, form):
                continue
            for control in form.controls:
                if control.type == "file":
                    yield page, form, control


def _witness(site: Site, page: PageView, form: FormView, field: Control) -> Evidence:
    return form_evidence(site, page, form, "file_field", field)
