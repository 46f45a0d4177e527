"""How people can address the agency on its portal and take part: message forms, tracking, published answers,
comments and replies, polls, ratings, consultations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Literal, NamedTuple, TypeVar
from urllib.parse import urlsplit

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import form_evidence, link_evidence, script_evidence, text_evidence
from indicators.detectors._forms import (
    PRESSED,
    TYPED,
    asks_for,
    forms_of,
    frames_of,
    is_called,
    names_of,
    pressed,
    typed_fields,
)
from indicators.detectors._shared import is_host_of, says_nothing
from indicators.page import Anchor, Block, Control, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

Purpose = Literal["question", "complaint", "contact", "feedback"]

CALLED = 0.4
"""Part of a page's name that must say what the page is for."""

DESK = 0.5
"""Part of a link's text that must name questions where it leads to a host beside the portal's, on which they
are taken."""

LONGEST_PROMISE = 400
"""Characters of a text that tells how a message can be followed."""

ABOVE = 6
"""Blocks before a form in which the question of a poll or the heading of the comments stands."""

_RATING = re.compile(r"(?<![a-z])(?:rat(?:e|ing)|stars?|score|useful|helpful)(?![a-z])", re.I)
_FIELDS = TYPED | {"select", "radio", "date", "datetime-local", "time"}
BESIDE = 8
"""Elements after the last choice of a form in which the button that sends it may stand outside."""

LONGEST_SURVEY = 160
"""Characters of a link that says what a survey is on."""

SCRIPTED = 3
"""Pages whose scripts are looked through: a chat stands on every page."""

_ADDRESS = re.compile(r"//[\w.-]+\.[a-z]{2,}(?:/[\w./?=&%~-]*)?", re.I)

_DEEP = re.compile(r"/[^/]+")


class Seen(NamedTuple):
    page: PageView
    evidence: Evidence


class Message(NamedTuple):
    """A form by which a visitor writes to the agency."""

    page: PageView
    evidence: Evidence
    purpose: Purpose


T = TypeVar("T")


def _once(find: Callable[[Site, Vocabulary], Iterator[T]]) -> Callable[[Site, Vocabulary], list[T]]:
    """Several detectors ask the same of one portal; it is looked for once."""

    @wraps(find)
    def cached(site: Site, words: Vocabulary) -> list[T]:
        kept = site.__dict__.setdefault("_dialogue", {})
        if find.__name__ not in kept:
            kept[find.__name__] = list(find(site, words))
        result: list[T] = kept[find.__name__]
        return result

    return cached


def links_once(site: Site) -> Iterator[tuple[PageView, Anchor]]:
    """Every link of the portal once for each address and text: those of its menus stand on every page."""
    for inbound in site.inbound.values():
        for seen in inbound:
            if seen.link.node >= 0:
                yield seen.page, seen.link


# Messages


@_once
def messages(site: Site, words: Vocabulary) -> Iterator[Message]:
    """Forms for questions, complaints, messages and feedback, what such pages embed for it, and the desks on
    other hosts that take requests."""
    for page in site.pages:
        purpose = _purpose(site, page, words)
        for form in forms_of(site, page):
            if not form.has("textarea") or not pressed(form) or is_comment(site, page, form, words):
                continue
            meant = purpose or purpose_of_form(page, form, words)
            if meant is not None:
                yield Message(page, form_evidence(site, page, form, f"{meant}_form"), meant)
        if purpose in ("question", "complaint"):
            for frame in frames_of(site, page, words):
                if not words.in_address("login", frame.url):
                    yield Message(page, link_evidence(site, page, frame, f"{purpose}_form"), purpose)
    for page, link, meant in forms_elsewhere(site, words):
        yield Message(page, link_evidence(site, page, link, f"{meant}_form"), meant)
    for page, link in links_once(site):
        if link.visible and link.tag == "a" and words.gateway_of(link.url, "helpdesk"):
            yield Message(page, link_evidence(site, page, link, "question_form"), "question")
    for page, link in site.links_naming("question_form", DESK):
        short = link.visible and link.tag == "a" and len(link.text) <= LONGEST_NAME
        if link.node >= 0 and short and site.is_sibling(link.url):
            yield Message(page, link_evidence(site, page, link, "question_form"), "question")


@_once
def forms_elsewhere(site: Site, words: Vocabulary) -> Iterator[tuple[PageView, Anchor, Purpose]]:
    """Links to forms that the agency keeps with a service for forms: what they are called, or else the page
    on which they stand, says what is written there."""
    for page, link in links_once(site):
        if not link.visible or link.tag not in ("a", "area") or len(link.text) > LONGEST_NAME:
            continue
        if words.gateway_of(link.url, "form") is None or any(
            words.names(concept, link.norm, DESK) for concept in ("poll", "consultation")
        ):
            continue
        if words.names("question_form", link.norm, DESK):
            yield page, link, "question"
        elif says_complaints(words, link.norm):
            yield page, link, "complaint"
        elif words.names("contact", link.norm, DESK):
            yield page, link, "contact"
        elif link.area == "main" and (purpose := _purpose(site, page, words)) is not None:
            yield page, link, purpose


def _purpose(site: Site, page: PageView, words: Vocabulary) -> Purpose | None:
    if is_called(site, page, words, "question_form", CALLED):
        return "question"
    if is_called(site, page, words, "contact", CALLED):
        return "contact"
    if is_called(site, page, words, "feedback", CALLED):
        return "feedback"
    if called_complaints(site, page, words):
        return "complaint"
    return None


def purpose_of_form(page: PageView, form: FormView, words: Vocabulary) -> Purpose | None:
    """What a form on a page of another name is for, by its buttons and what it says of itself; on the home
    page and in the footer, where nothing is to be commented on, also by the address it asks an answer to."""
    buttons = [button.norm for button in pressed(form)]
    purposes: tuple[Purpose, ...] = ("question", "complaint", "contact")
    for purpose in purposes:
        concept = "question_form" if purpose == "question" else purpose
        if any(words.names(concept, text, CALLED) for text in buttons) or words.in_address(
            concept, "/" + form.marks.replace(" ", "/")
        ):
            return purpose
    if (page.depth == 0 or form.area == "footer") and form.has("textarea"):
        return "contact" if any(_asks_for_address(c, words) for c in form.controls) else None
    return None


def says_complaints(words: Vocabulary, text: str) -> bool:
    """Whether a name speaks of complaints for much of its length, be it in several words side by side
    ("system for criticism, suggestions and complaints")."""
    if words.names("complaint", text, CALLED):
        return True
    return sum(map(len, words.signs("complaint", text))) >= CALLED * len(text) > 0


def called_complaints(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is called one for complaints."""
    if is_called(site, page, words, "complaint", CALLED):
        return True
    likely = page.depth and page in candidates(site, "complaint")
    return bool(likely) and any(says_complaints(words, name) for name in names_of(site, page))


def _asks_for_address(control: Control, words: Vocabulary) -> bool:
    return control.tag == "input" and (control.type == "email" or asks_for(words, control, "email_label"))


def tracking(site: Site, words: Vocabulary, pages: list[PageView]) -> list[Evidence]:
    """Signs that a message can be followed: a form that asks for its number, a page for it that embeds
    another host's, or the promise of a number beside the message's form."""
    found = []
    for page in site.pages:
        named = is_called(site, page, words, "tracking_code", CALLED)
        for form in forms_of(site, page):
            asked = any(c.tag == "input" and asks_for(words, c, "tracking_code") for c in form.controls)
            if asked or (named and typed_fields(words, form) and form.area != "header"):
                found.append(form_evidence(site, page, form, "tracking_form"))
        if named:
            found += [link_evidence(site, page, f, "tracking_form") for f in frames_of(site, page, words)]
    for page in dict.fromkeys(pages):
        promise = next(
            (b for b in page.signing("tracking_code") if len(b.text) <= LONGEST_PROMISE),
            None,
        )
        if promise is not None:
            found.append(text_evidence(site, page, promise, "tracking_promise"))
    return found


@_once
def published_answers(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """The agency's answers to what people asked, below a heading that says so or beside the form."""
    for page in site.pages:
        headed = next((b for b in page.headings if words.names("published_answers", b.norm, CALLED)), None)
        if headed is not None and any(b.node > headed.node and not b.level for b in page.content):
            yield Seen(page, text_evidence(site, page, headed, "published_answers"))


# Comments


def is_comment(site: Site, page: PageView, form: FormView, words: Vocabulary) -> bool:
    """Whether a form takes comments on what the page says, rather than messages to the agency."""
    if any(is_called(site, page, words, c, CALLED) for c in ("contact", "complaint", "question_form")):
        return False
    if words.in_address("comment", "/" + form.marks.replace(" ", "/")) or words.in_address(
        "comment", form.action
    ):
        return True
    said = [control.norm for control in form.controls if control.label]
    return any(words.names("comment", text, 0.5) for text in said) or any(
        words.names("comment", block.norm, 0.5) for block in _above(page, form) if block.level
    )


@_once
def comment_forms(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Forms for comments, and buttons that open one."""
    for page in site.pages:
        if page.depth == 0 or _is_for_feedback(site, page, words):
            continue
        for form in forms_of(site, page):
            opens = any(words.names("comment", button.norm, 0.8) for button in pressed(form))
            if (form.has("textarea") or opens) and is_comment(site, page, form, words) and pressed(form):
                yield Seen(page, form_evidence(site, page, form, "comment_form"))
                break


def _is_for_feedback(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a page is there to take feedback; a heading below its first only opens its comments."""
    heads = [b.norm for b in page.headings if b.level == 1]
    links = [i.link.norm for i in site.links_to(page) if len(i.link.text) <= LONGEST_NAME]
    return words.in_address("feedback", page.url) or any(
        words.names("feedback", text, CALLED) for text in [*heads, *links]
    )


@_once
def replies(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """The agency's replies below comments that are shown."""
    pages = {seen.page.id: seen.page for seen in comment_forms(site, words)}
    for page in site.pages:
        if page.id not in pages and not any(words.names("comment", b.norm, 0.5) for b in page.headings):
            continue
        for block in page.naming("reply"):
            match = words.match("reply", block.norm)
            if match is not None and match.start == 0 and word_count(block.text) > threshold("answer_words"):
                yield Seen(page, text_evidence(site, page, block, "reply"))
                break


# Polls and ratings


@_once
def polls(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Polls and surveys that can be answered: on the portal, on a host of its own that is named after them,
    or linked and embedded from another host."""
    for page in site.pages:
        called = is_called(site, page, words, "poll", CALLED)
        for form in forms_of(site, page):
            written = form.has("textarea") and is_comment(site, page, form, words)
            if _is_poll(page, form, words, called) and not written:
                yield Seen(page, form_evidence(site, page, form, "poll"))
        for form in page.forms:
            rated = (form.tag and form.dead) or is_rating(form, words)
            choice = None if rated else _loose_poll(page, form, words)
            if choice is not None:
                yield Seen(page, form_evidence(site, page, form, "poll", choice))
        if called:
            for frame in frames_of(site, page, words):
                yield Seen(page, link_evidence(site, page, frame, "survey"))
    for page, link in site.links_naming("poll"):
        leads = _leaves(site, link) or (link.visible and is_host_of(site, link.url, words, "poll"))
        if link.node >= 0 and _names_survey(link, words) and leads:
            yield Seen(page, link_evidence(site, page, link, "survey"))


def _is_poll(page: PageView, form: FormView, words: Vocabulary, called: bool) -> bool:
    choices = Counter(control.name for control in form.controls if control.type == "radio")
    if form.area == "header":
        return False
    buttons = [b for b in pressed(form) if not words.names("search", b.norm, 0.5)]
    if not buttons:
        return False
    if called and form.has("textarea", "radio", "select") and not form.has("search", "password"):
        return not is_rating(form, words)
    if max(choices.values(), default=0) < threshold("poll_choices"):
        return False
    if is_rating(form, words):
        return False
    said = [form.norm, *(block.norm for block in _above(page, form) if len(block.text) <= LONGEST_NAME)]
    if any(text.endswith("?") and words.names("feedback", text) for text in said[-2:]):
        return True  # "Your opinion on the new bus lines?"
    return any(words.names("poll", text) for text in said) or words.in_address(
        "poll", "/" + form.marks.replace(" ", "/")
    )


def _loose_poll(page: PageView, form: FormView, words: Vocabulary) -> Control | None:
    """The first choice of a poll without a form of its own (none around it, or one around the whole page),
    whose button a script reads."""
    choices: dict[str, list[Control]] = {}
    for control in form.controls:
        if control.type == "radio":
            choices.setdefault(control.name, []).append(control)
    for group in choices.values():
        if len(group) < threshold("poll_choices"):
            continue
        begin, end = group[0].node, group[-1].node
        sends = next((c for c in form.controls if c.node > end and c.type in PRESSED), None)
        if sends is None and form.tag:
            sends = _beside(page, end)
        before = [b for b in page.blocks if b.node < begin][-ABOVE:]
        asked = any(words.names("poll", b.norm) for b in before if len(b.text) <= LONGEST_NAME)
        if sends is None:
            continue
        question = any(b.text.endswith(("?", "؟")) for b in before[-2:])
        if asked or (question and words.names("vote", sends.norm, 0.6)):
            return group[0]
    return None


def _beside(page: PageView, end: int) -> Control | None:
    """The button that stands right after a form that has none, for a script to read."""
    loose = (c for other in page.forms if not other.tag for c in other.controls if c.type in PRESSED)
    return next((c for c in loose if 0 < c.node - end <= BESIDE), None)


def _names_survey(link: Anchor, words: Vocabulary) -> bool:
    """Whether a link is called a survey, or begins with the word and says what on, or leads to a form of a
    service for surveys and names one."""
    named = words.match("poll", link.norm)
    if named is None or len(link.text) > LONGEST_SURVEY:
        return False
    if not named.start or words.gateway_of(link.url, "form"):
        return True
    return len(link.text) <= LONGEST_NAME and (named.share >= CALLED or words.in_address("poll", link.url))


def is_rating(form: FormView, words: Vocabulary) -> bool:
    """Whether a form asks how good or useful a page or service is."""
    if any(control.type == "file" or control.type == "password" for control in form.controls):
        return False
    if words.names("rating", form.norm) or any(words.names("rating", c.norm, 0.5) for c in form.controls):
        return True
    marked = [c for c in form.controls if _RATING.search(f"{c.name} {c.marks}")]
    return len(marked) >= threshold("poll_choices")


@_once
def ratings(site: Site, words: Vocabulary) -> Iterator[Seen]:
    for page in site.pages:
        for form in page.forms:
            if not form.dead and len(form.controls) >= threshold("poll_choices") and is_rating(form, words):
                chosen = next(
                    (c for c in form.controls if _RATING.search(f"{c.name} {c.marks}") and c.label), None
                )
                yield Seen(page, form_evidence(site, page, form, "rating", None if form.tag else chosen))
                break


# Consultations


@_once
def consultations(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Pages on which a draft or plan is open to comments, or that show what came of it."""
    for page in site.pages:
        if page.depth == 0 or says_nothing(site, page):
            continue
        if not _is_consultation(site, page, words):
            continue
        form = next((f for f in forms_of(site, page) if f.has("textarea") and pressed(f)), None)
        if form is not None:
            yield Seen(page, form_evidence(site, page, form, "consultation"))
            continue
        said = [(b, _own_signs(words, "consultation", b)) for b in page.content]
        telling = next(((b, signs) for b, signs in said if signs), None)
        # News that a consultation is on says more than that; a vote in the town hall is none.
        kinds = {sign for _, signs in said for sign in signs}
        if telling is not None and (len(kinds) > 1 or not words.in_address("news", page.url)):
            block, signs = telling
            yield Seen(page, text_evidence(site, page, block, "consultation", around=signs[0]))


def own_consultation_hosts(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Links named after consultations that lead to a host of the agency's own beside the portal."""
    for page, link in site.links_naming("consultation"):
        short = link.visible and link.tag in ("a", "area") and len(link.text) <= LONGEST_SURVEY
        if short and site.is_sibling(link.url) and words.names("consultation", link.norm, 0.2):
            yield Seen(page, link_evidence(site, page, link, "consultation"))


def _is_consultation(site: Site, page: PageView, words: Vocabulary) -> bool:
    heads = [b.norm for b in page.headings if b.level <= 2 and not site.is_frame(b)]
    return any(words.names("consultation", text, 0.2) for text in [*names_of(site, page), *heads])


def _own_signs(words: Vocabulary, concept: str, block: Block) -> list[str]:
    """The signs of a concept in running text that are not its name."""
    return [sign for sign in words.signs(concept, block.norm) if words.match(concept, sign) is None]


# Direct contact


@_once
def chats(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Live chats: an entry that is named so and leads on, or a chat service built into the pages."""
    for page, link in links_once(site):
        if not link.url.startswith("http") or len(link.text) > LONGEST_NAME:
            continue
        embedded = link.tag == "iframe" and words.gateway_of(link.url, "chat") is not None
        named = words.names("chat", link.norm, 0.5) and site.works(link.url) and link.url != page.url
        if embedded or (named and not words.account_of(link.url)):
            yield Seen(page, link_evidence(site, page, link, "chat"))
    hosts = [host for one in words.gateways.gateways.values() if one.role == "chat" for host in one.hosts]
    for page in site.pages[:SCRIPTED]:
        for number, script in enumerate(page.scripts()):
            for match in _ADDRESS.finditer(script) if any(host in script for host in hosts) else ():
                if words.gateway_of(f"https:{match.group()}", "chat"):
                    yield Seen(page, script_evidence(site, page, number, match.group(), "chat"))
                    return


@_once
def appointments(site: Site, words: Vocabulary) -> Iterator[Seen]:
    """Forms and systems in which an appointment with officials is booked."""
    for page in dict.fromkeys([*candidates(site, "appointment"), *site.pages]):
        if is_called(site, page, words, "appointment", CALLED):
            for form in forms_of(site, page):
                if form.area != "header" and pressed(form) and _fields(form) >= threshold("form_fields"):
                    yield Seen(page, form_evidence(site, page, form, "appointment"))
            for frame in frames_of(site, page, words):
                yield Seen(page, link_evidence(site, page, frame, "appointment"))
    for page, link in site.links_naming("appointment", 0.6):
        if link.node >= 0 and (_leaves(site, link) or _is_own_system(site, link)):
            yield Seen(page, link_evidence(site, page, link, "appointment"))


def _fields(form: FormView) -> int:
    typed = (
        "text",
        "email",
        "tel",
        "number",
        "date",
        "datetime-local",
        "time",
        "select",
        "textarea",
        "radio",
    )
    return sum(control.type in typed for control in form.controls)


def _above(page: PageView, form: FormView) -> list[Block]:
    """The blocks just before a form and its first ones."""
    before = [b for b in page.blocks if b.node < form.node]
    return before[-ABOVE:]


def _is_own_system(site: Site, link: Anchor) -> bool:
    """Whether a link leads to another host of the agency's, be it to its front page."""
    return link.visible and link.tag in ("a", "area") and site.is_sibling(link.url)


def _leaves(site: Site, link: Anchor) -> bool:
    """Whether a link leads into another host, past its front page."""
    if not link.visible or link.tag not in ("a", "area") or not link.url.startswith("http"):
        return False
    if site.is_own(link.url) or site.was_here(link.url):
        return False
    parts = urlsplit(link.url)
    return bool(parts.query) or bool(_DEEP.search(parts.path))
