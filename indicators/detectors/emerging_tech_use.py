"""emerging_tech_use: a service that uses a new technology, such as an assistant that answers."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, detector, first, form_evidence, hinted, link_evidence, no_hint, place
from indicators.detectors._dialogue import links_once
from indicators.detectors._entries import uses
from indicators.detectors._services import witness
from indicators.records import Evidence
from indicators.site import Site
from indicators.vocabulary import Vocabulary

NAMED = 0.4
"""Part of the words of a link or button that must name the assistant: headlines only mention one."""


@detector("emerging_tech_use", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    assistants = [*_links(site, words), *_buttons(site, words)]
    services = [
        witness(site, use.service)
        for use in uses(site, words)
        if words.names("emerging_tech", use.service.name) or words.names("smart_assistant", use.service.name)
    ]
    if assistants or services:
        return hinted(*first([*assistants, *services]), confidence=0.8 if assistants else 0.65)
    likely = candidates(site, "smart_assistant", "services")
    return no_hint(
        site,
        "smart_assistant",
        visited=[place(page, "no service that uses a new technology") for page in likely],
    )


def _links(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    for page, link in links_once(site):
        if not link.visible or len(link.text) > LONGEST_NAME or not link.url.startswith("http"):
            continue
        if words.names("smart_assistant", link.norm, NAMED) and site.works(link.url) and link.url != page.url:
            yield link_evidence(site, page, link, "smart_assistant")


def _buttons(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    for page in site.pages:
        for form in page.forms:
            for control in form.controls:
                if control.tag == "button" and words.names("smart_assistant", control.norm, NAMED):
                    yield form_evidence(site, page, form, "smart_assistant", control)
