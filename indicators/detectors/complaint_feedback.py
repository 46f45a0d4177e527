"""complaint_feedback: how a citizen can complain: form with tracking, form, contact form, telephone line."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from indicators.candidates import LONGEST_NAME, candidates
from indicators.contacts import email_of_link, emails_in
from indicators.detector import (
    Verdict,
    absent,
    detector,
    first,
    found,
    link_evidence,
    place,
    text_evidence,
)
from indicators.detectors._dialogue import (
    called_complaints,
    forms_elsewhere,
    purpose_of_form,
    says_complaints,
)
from indicators.detectors._forms import (
    asks_for,
    form_shown,
    forms_of,
    frames_of,
    is_called,
    pressed,
    typed_fields,
)
from indicators.page import Anchor, Control, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site, body_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_LINE = 200
"""Characters of a text that names a telephone or address for complaints."""

LEAST_SHARE = 0.4
"""Part of a link's text that must name complaints: "complaints by county" is a statistic."""

HEADED = 0.6
"""Part of a heading above a form on a page of another name."""


@detector("complaint_feedback", version=11)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "complaint")
    own = list(_complaint_forms(site, words))
    if own:
        tracking = list(_tracking(site, words, [page for page, _ in own]))
        if tracking:
            return found("very_high", own[0][1], *first(tracking), confidence=0.9)
        return found("high", *first([evidence for _, evidence in own]), confidence=0.9)
    filed = own_system(site, words)
    if filed:
        followed = [one for one in filed if one.note == "tracking_promise"]
        return found("very_high" if followed else "high", *filed[:2], confidence=0.8)
    national = _national_system(site, words)
    if national is not None:
        return found("high", national, confidence=0.85)
    visited = [place(page, "no form, link, telephone or address for complaints") for page in likely]
    nothing = absent(site, "complaint", answer="none", visited=visited)
    if nothing.answer is None:
        return nothing  # what could not be seen may be better than what is left
    general = _contact_form(site, words)
    if general is not None:
        return found("medium", general, confidence=0.85)
    line = _line(site, words)
    if line is not None:
        return found("low", line, confidence=0.85)
    return nothing


def _complaint_forms(site: Site, words: Vocabulary) -> Iterator[tuple[PageView, Evidence]]:
    """Forms for complaints, suggestions or feedback: on a page called so, or with a button that says so."""
    for page in dict.fromkeys([*candidates(site, "complaint"), *site.pages]):
        called = called_complaints(site, page, words)
        for form in forms_of(site, page):
            says = any(words.names("complaint", button.norm, LEAST_SHARE) for button in pressed(form))
            says = says or _is_headed(page, form, words)
            if not form.has("textarea") and not (says and _is_report(form, words)):
                continue
            if _is_comment(site, page, form, words):
                continue
            if called or says:
                yield page, form_shown(site, page, form, "complaint_form", _message(form))
        if called:
            for frame in frames_of(site, page, words):
                if not words.in_address("login", frame.url):
                    yield page, link_evidence(site, page, frame, "complaint_form")
    for page, link, purpose in forms_elsewhere(site, words):
        if purpose == "complaint":
            yield page, link_evidence(site, page, link, "complaint_form")


def _is_headed(page: PageView, form: FormView, words: Vocabulary) -> bool:
    """Whether the last heading above a form, or at its beginning, says that it takes complaints."""
    inside = next((c.node for c in form.controls), form.node)
    above = [block for block in page.blocks if block.level and block.node < inside]
    return bool(above) and page.depth > 0 and words.names("complaint", above[-1].norm, HEADED)


def _is_report(form: FormView, words: Vocabulary) -> bool:
    """Whether a form without room for a message reports a fault: what is wrong is chosen, not written."""
    return form.has("select") and len(typed_fields(words, form)) >= threshold("form_fields")


def _is_comment(site: Site, page: PageView, form: FormView, words: Vocabulary) -> bool:
    """Whether a form takes comments on an article, or opinions on a draft."""
    return not called_complaints(site, page, words) and any(
        words.names("feedback", button.norm, 0.5) and not words.names("complaint", button.norm, 0.8)
        for button in pressed(form)
    )


def _tracking(site: Site, words: Vocabulary, pages: list[PageView]) -> Iterator[Evidence]:
    """Signs that a complaint can be followed: a form that asks for its number, or the promise of one beside
    the complaint's form."""
    for page in site.pages:
        named = is_called(site, page, words, "tracking_code", LEAST_SHARE)
        for form in forms_of(site, page):
            fields = [c for c in typed_fields(words, form) if c.tag == "input"]
            asked = [c for c in fields if asks_for(words, c, "tracking_code")] or (fields if named else [])
            if asked and _belongs(site, page, words, pages):
                yield form_shown(site, page, form, "tracking_form", asked[0])
        if named and is_called(site, page, words, "complaint", 0.2):
            for frame in frames_of(site, page, words):
                yield link_evidence(site, page, frame, "tracking_form")
    for page in pages:
        for block in page.signing("tracking_code"):
            if len(block.text) <= 2 * LONGEST_LINE:
                yield text_evidence(site, page, block, "tracking_promise")
                break


def _belongs(site: Site, page: PageView, words: Vocabulary, pages: list[PageView]) -> bool:
    """Whether a tracking page is for complaints: it stands with their form, says so, is linked from it, or
    is the portal's tracking page for everything."""
    if page in pages or page.naming("complaint"):
        return True
    addresses = {page.record.url, page.record.final_url}
    if any(link.url in addresses for other in pages for link in other.links):
        return True
    return is_called(site, page, words, "complaint", 0.2)


def own_system(site: Site, words: Vocabulary) -> list[Evidence]:
    """A link into the agency's own system on another of its hosts that says what it is for, or stands in a
    line or below a heading that says that complaints are filed there; and the promise that they can be
    followed, if that line gives it."""
    filed = _told_way(site, words)
    if filed:
        return filed
    named = site.sift(text=lambda text: words.names("complaint", text))
    ways = (
        link_evidence(site, page, link, "complaint_system")
        for page in dict.fromkeys([*candidates(site, "complaint"), *site.pages])
        for link in named(page)
        if _leaves(site, link) and site.is_sibling(link.url) and _says_so(link, words)
    )
    return [way] if (way := next(ways, None)) is not None else []


def _told_way(site: Site, words: Vocabulary) -> list[Evidence]:
    for page in candidates(site, "complaint", "contact"):
        for link in page.links:
            if not _leaves(site, link) or not site.is_sibling(link.url) or link.block >= len(page.blocks):
                continue
            block = page.blocks[link.block]
            if len(block.text) > LONGEST_LINE or not words.names("complaint", block.norm):
                continue
            above = [b for b in page.blocks[: link.block] if b.level]
            if not is_called(site, page, words, "complaint", LEAST_SHARE) and not (
                above and words.names("complaint", above[-1].norm, LEAST_SHARE)
            ):
                continue
            way = link_evidence(site, page, link, "complaint_system")
            if words.signs("tracking_code", block.norm):
                return [way, text_evidence(site, page, block, "tracking_promise")]
            return [way]
    return []


def _national_system(site: Site, words: Vocabulary) -> Evidence | None:
    """A link to the national complaint system, or to another public body's, that says what it is for."""
    likely = site.sift(
        address=lambda url: words.gateway_of(url, "complaint") is not None,
        text=lambda text: (
            words.names("complaint", text) or words.gateway_named(text, "complaint") is not None
        ),
    )
    for page in dict.fromkeys([*candidates(site, "complaint"), *site.pages]):
        for link in likely(page):
            if not _leaves(site, link):
                continue
            if words.gateway_of(link.url, "complaint") or words.gateway_named(link.norm, "complaint"):
                return link_evidence(site, page, link, "national_complaint_system")
            if _says_so(link, words) and _is_public_system(link.url, words):
                return link_evidence(site, page, link, "complaint_system")
    return None


def _says_so(link: Anchor, words: Vocabulary) -> bool:
    return len(link.text) <= LONGEST_NAME and says_complaints(words, link.norm)


def _is_public_system(url: str, words: Vocabulary) -> bool:
    """Whether an address lies inside a public body's portal, past its front page, or on a host below the
    body's name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return words.is_public_host(host) and (
        parts.path.strip("/") != "" or host.removeprefix("www.") != body_of(host)
    )


def _leaves(site: Site, link: Anchor) -> bool:
    return (
        link.visible
        and link.tag in ("a", "area")
        and link.url.startswith("http")
        and not site.is_own(link.url)
    )


def _contact_form(site: Site, words: Vocabulary) -> Evidence | None:
    for page in dict.fromkeys([*candidates(site, "contact"), *site.pages]):
        called = is_called(site, page, words, "contact", 0.3)
        for form in forms_of(site, page):
            if not form.has("textarea") or not pressed(form):
                continue
            named = called or words.names("contact", form.norm)
            if named or purpose_of_form(page, form, words) == "contact":
                return form_shown(site, page, form, "contact_form", _message(form))
    return None


def _message(form: FormView) -> Control | None:
    """The field that takes the message: the last large one, after addresses and the like."""
    return next((control for control in reversed(form.controls) if control.type == "textarea"), None)


def _line(site: Site, words: Vocabulary) -> Evidence | None:
    """An e-mail address or telephone line for complaints: named and given in one text or in neighbours."""
    for page in dict.fromkeys([*candidates(site, "contact", "complaint"), *site.pages]):
        blocks = page.blocks
        for index, block in enumerate(blocks):
            if len(block.text) > LONGEST_LINE or not words.names("complaint", block.norm):
                continue
            if words.names("news", block.norm) or block.level == 1:
                continue
            if emails_in(block.text) or _writes(page, index) or site.phones(block.text):
                return text_evidence(site, page, block, "complaint_line")
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            labels = block.tag in ("th", "dt", "td", "label", "strong") or block.text.endswith(":")
            if after is not None and labels and (emails_in(after.text) or _is_line(site, after.text)):
                return text_evidence(site, page, block, "complaint_line")
    return None


def _writes(page: PageView, index: int) -> bool:
    """Whether a link in the block at `index` opens a message to an address."""
    return any(link.block == index and link.visible and email_of_link(link.href) for link in page.links)


def _is_line(site: Site, text: str) -> bool:
    return len(text) <= LONGEST_LINE and bool(site.phones(text))
