"""service_process_presented: a service with its steps, required documents, conditions, time or fee."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile, zip_longest
from typing import NamedTuple

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, found, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._shared import Section, says_nothing, sections
from indicators.page import Block
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

ASPECTS = ("step_order", "step_papers", "step_time", "step_fee", "step_conditions")

CAPTION = 70
"""Characters of a caption such as "Required documents"."""

LEAD_IN = 200
"""Characters of a line before a list."""

RUNNING = 12
"""Words of a sentence that explains."""

LISTED = 2
"""Items of a list of steps or papers."""

STEPS = 6
"""Blocks below a line that announces steps in which they stand, each in its own or all in one."""

LEAST = 3
"""Numbered steps that make a process."""

STEP_WORDS = 3
"""Words on average that tell a step in a list below a heading that announces steps."""

_STEP = re.compile(r"(?:^|\s)(\d)\s?[-–.):]\s?(?=[^\W\d])")
_LABELLED = re.compile(r"^([^:]{2,40}?)\s*:\s*\S")
_INSIDE = re.compile(r"(?: \w+)?(?:\s?:\s*\w\w| [–—] (?:\S*\d|\w\w\S*(?: \S+){3}))")
"""What makes the name of an aspect a label also in the middle of a text whose lines run together. A dash
joins names too: behind it stand a number or some words."""

_NUMBER = re.compile(r"0?([1-9])[.)]?[\ufe0f\u20e3]{0,2}")
"""A number in a line of its own, also drawn as a key."""

CARDS = 12
"""Blocks below a line that announces steps in which three of them stand that have a number, a name and a
text each."""

_CAPTIONS = frozenset(("dt", "th", "td", "summary", "legend", "caption", "button", "strong"))

_KICKERS = frozenset(("div", "p", "span", "section"))
"""What holds the line above a heading that says what comes: "Requirements", and below it "What you need"."""

_PARAGRAPHS = frozenset(("p", "li", "td", "dd", "div"))

_OPENING = "¿¡•-–— "
"""What may stand before a caption."""

RUN_ON = 2
"""Words of a text that follows a caption on its line."""

# Pages on which conditions, times and fees are those of something else than a service.
_OTHER = ("tender", "jobs", "news", "policy", "privacy")


class _Aspect(NamedTuple):
    concept: str
    block: Block


class _Process(NamedTuple):
    page: PageView
    aspects: list[_Aspect]
    likely: bool


@detector("service_process_presented", version=17)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "services", "help", "complaint", "payment")
    best: _Process | None = None
    for page in dict.fromkeys([*likely, *site.pages]):
        if page.depth == 0 or says_nothing(site, page) or _is_other(page, words):
            continue
        process = _Process(page, list(_aspects(page, words)), page in likely)
        if best is None or len(process.aspects) > len(best.aspects):
            best = process
        if len(best.aspects) >= 4:
            break
    if best is not None and len(best.aspects) >= threshold("process_aspects"):
        shown = sorted(best.aspects, key=lambda aspect: aspect.block.node)
        sure = len(best.aspects) >= 3 or best.likely
        return found(
            "yes",
            *(text_evidence(site, best.page, aspect.block, aspect.concept) for aspect in shown),
            confidence=0.93 if sure else 0.8,
            details={"aspects": len(best.aspects)},
        )
    for page in dict.fromkeys([*likely, *site.pages]):
        heading = None if page.depth == 0 or _is_other(page, words) else _how_to(page, words)
        if heading is not None:
            return found("yes", text_evidence(site, page, heading, "step_order"), confidence=0.85)
    for page in dict.fromkeys([*likely, *site.pages]):
        steps = None if page.depth == 0 or _is_other(page, words) else _numbered(page, words)
        if steps is not None:
            return found("yes", text_evidence(site, page, steps, "step_order"), confidence=0.8)
    for page in dict.fromkeys([*likely, *site.pages]):
        first_step = None if page.depth == 0 or _is_other(page, words) else _called_steps(page, words)
        if first_step is not None:
            return found("yes", text_evidence(site, page, first_step, "step_order"), confidence=0.8)
    for page in dict.fromkeys([*likely, *site.pages]):
        papers = None if page.depth == 0 or _is_other(page, words) else _papers(page, words)
        if papers is not None:
            return found("yes", text_evidence(site, page, papers, "step_papers"), confidence=0.8)
    for page in likely:
        service = None if page.depth == 0 or _is_other(page, words) else _opening(page, words)
        if service is not None:
            return found("yes", text_evidence(site, page, service, "service"), confidence=0.85)
    for page in dict.fromkeys([*likely, *site.pages]):
        rules = [] if page.depth == 0 or _is_other(page, words) else _rules(site, page, words)
        if len(rules) >= threshold("process_aspects"):
            shown_rules = (text_evidence(site, page, block, "step_conditions") for block in rules[:2])
            return found("yes", *shown_rules, confidence=0.75)
    visited = [place(page, "names neither steps, documents, conditions, time nor fee") for page in likely]
    return absent(site, "services", visited=visited)


def _is_other(page: PageView, words: Vocabulary) -> bool:
    heads = [b.norm for b in page.headings if b.level <= 2 and b.area != "footer"]
    return any(words.names(concept, text, 0.4) for concept in _OTHER for text in heads)


def _aspects(page: PageView, words: Vocabulary) -> Iterator[_Aspect]:
    """Each aspect of a service that a caption on the page names and something below it, or beside it,
    tells."""
    content = page.content
    for concept in ASPECTS:
        for number in page.may_name(concept):
            block = content[number]
            told = content[number + 1] if number + 1 < len(content) else None
            if _names(concept, block, told, words) or _leads_in(concept, content, number, words):
                yield _Aspect(concept, block)
                break


def _opening(page: PageView, words: Vocabulary) -> Block | None:
    """The name of a service below which aspects of it open on a click."""
    closed: dict[int, list[Block]] = defaultdict(list)
    for hidden in page.facts.hidden:
        closed[hidden.before].append(hidden.block)
    for after, told in closed.items():
        name = page.blocks[after - 1] if 0 < after <= len(page.blocks) else None
        if name is None or name.area in ("header", "menu") or len(name.text) > CAPTION:
            continue
        aspects = sum(
            any(_names(concept, block, below, words) for block, below in zip_longest(told, told[1:]))
            for concept in ASPECTS
        )
        if aspects >= threshold("process_aspects"):
            return name
    return None


def _names(concept: str, block: Block, told: Block | None, words: Vocabulary) -> bool:
    norm = block.norm
    named = words.match(concept, norm)
    if named is not None and _INSIDE.match(norm, named.end):
        return not words.is_filler_text(norm)
    labelled = _LABELLED.match(norm)
    if labelled is not None and words.names(concept, labelled[1], 0.5):
        return True
    if named is not None and _runs_on(block, named.start, named.end):
        return not words.is_filler_text(norm)
    if len(block.text) > CAPTION or words.is_filler_text(norm):
        return False
    if told is not None and told.level and not block.level and words.names(concept, norm, 0.8):
        return block.tag in _KICKERS
    caption = block.level > 0 or block.tag in _CAPTIONS or norm.endswith(":")
    if not caption or told is None or not words.names(concept, norm, 0.4):
        return False
    # Below "Steps" each step may have a heading of its own.
    return not (block.level and told.level) or (concept == "step_order" and told.level > block.level)


def _runs_on(block: Block, start: int, end: int) -> bool:
    """Whether a paragraph begins with a caption whose line break is lost: "Cosa serve Modulo compilato e
    copia del documento". In scripts that write names large the text begins like a sentence."""
    if block.level or block.tag not in _PARAGRAPHS or block.norm[:start].strip(_OPENING):
        return False
    after = block.text.split()[len(block.norm[:end].split()) :]
    if len(after) < RUN_ON:
        return False
    begins = after[0][0].isupper() or after[0][0].isdigit()
    return block.norm[end : end + 1] == "?" or (begins and not after[1][0].isupper())


def _leads_in(concept: str, content: list[Block], number: int, words: Vocabulary) -> bool:
    """Whether a block is the first line of a list that names an aspect: "To apply you must:"."""
    block = content[number]
    listed = content[number + 1 : number + 1 + LISTED]
    return (
        block.norm.endswith(":")
        and len(block.text) <= LEAD_IN
        and len(listed) == LISTED
        and all(item.tag == "li" and word_count(item.text) >= 3 for item in listed)
        and words.names(concept, block.norm)
        and not words.is_filler_text(block.norm)
    )


def _papers(page: PageView, words: Vocabulary) -> Block | None:
    """A caption such as "What to bring", or a sentence that ends in "the following documents:", with a list
    of papers below it. A list of links is one of files."""
    content = page.content
    linked = {page.blocks[link.block].node for link in page.links if link.block < len(page.blocks)}
    for number in page.may_name("step_papers"):
        lead = content[number]
        listed = content[number + 1 : number + 1 + LISTED]
        if len(listed) < LISTED or any(item.tag != "li" or item.node in linked for item in listed):
            continue
        at_end = lead.norm.endswith(":") and words.names("step_papers", lead.norm[-CAPTION:])
        if at_end or _names("step_papers", lead, listed[0], words):
            return lead
    return None


def _numbered(page: PageView, words: Vocabulary) -> Block | None:
    """A line such as "Take the following steps:" with numbered steps below it, or with a list whose items
    each tell at length what to do."""
    content = page.content
    for number in page.may_name("step_order"):
        lead = content[number]
        cards = content[number + 1 : number + 1 + CARDS]
        if len(lead.text) <= LEAD_IN and _counted(cards) >= LEAST and _says_enough(cards):
            return lead
        if not lead.norm.endswith(":") or not words.names("step_order", lead.norm[-LEAD_IN:]):
            continue
        items = content[number + 1 : number + 1 + LEAST]
        if len(items) == LEAST and all(b.tag == "li" and word_count(b.text) >= RUNNING for b in items):
            return lead
        below = " ".join(block.norm for block in content[number + 1 : number + 1 + STEPS])
        told = [int(step) for step in _STEP.findall(below)]
        if told[:LEAST] == list(range(1, LEAST + 1)) and word_count(below) >= threshold("guide_words"):
            return lead
    return None


def _says_enough(steps: list[Block]) -> bool:
    return sum(word_count(block.text) for block in steps) >= threshold("guide_words")


def _called_steps(page: PageView, words: Vocabulary) -> Block | None:
    """The first of three lines or more that begin with "Step 1", "Step 2" ... and say what to do."""
    steps: dict[str, Block] = {}
    for block in page.signing("step_order"):
        sign = words.signs("step_order", block.norm)[0]
        if block.norm.startswith(sign) and len(block.text) <= LEAD_IN and len(block.norm) > len(sign) + 2:
            steps.setdefault(sign, block)
    return next(iter(steps.values())) if len(steps) >= LEAST else None


def _rules(site: Site, page: PageView, words: Vocabulary) -> list[Block]:
    """The sentences of a page that tell whoever applies what to do: "The application must be sent ..."."""
    told = [b for b in page.signing("step_conditions") if not b.level and word_count(b.text) >= RUNNING]
    if not told or any(is_called(site, page, words, concept) for concept in _OTHER):
        return []
    return [block for block in told if not words.is_filler_text(block.norm)]


def _counted(blocks: list[Block]) -> int:
    """How many steps are counted in lines of their own: 1, 2, 3."""
    count = 0
    for block in blocks:
        number = _NUMBER.fullmatch(block.norm)
        if number is not None and int(number[1]) == count + 1:
            count += 1
    return count


def _lists(section: Section, linked: set[int], words: Vocabulary) -> bool:
    """Whether right below a heading for steps a list tells three or more; a list of links leads to other
    things."""
    heading = section.heading
    items = list(takewhile(lambda b: b.tag == "li", section.body))
    if len(heading.text) > CAPTION or len(items) < LEAST or not words.names("step_order", heading.norm, 0.3):
        return False
    if any(item.node in linked or words.is_filler_text(item.norm) for item in items):
        return False
    return sum(word_count(item.text) for item in items) >= STEP_WORDS * len(items)


def _how_to(page: PageView, words: Vocabulary) -> Block | None:
    """A heading such as "How to apply" with a list below it, or steps with headings of their own, and text
    that tells how; or with a list that says no more than each step does."""
    if page.blocks_may_name("step_order"):
        places = {link.block for link in page.links if link.visible and link.text}
        linked = {page.blocks[at].node for at in places if at < len(page.blocks)}
        for section in sections(page.content):
            if _lists(section, linked, words):
                return section.heading
    for section in sections(page.content) if page.naming("step_order", 0.3) else ():
        heading = section.heading
        if len(heading.text) > CAPTION or not words.names("step_order", heading.norm, 0.3):
            continue
        told = [b for b in section.body if not words.is_filler_text(b.norm)]
        listed = sum(block.tag == "li" and word_count(block.text) >= 3 for block in told)
        steps = max(sum(step.words >= RUNNING for step in sections(told, most=8)), _counted(told))
        running = any(word_count(block.text) >= RUNNING for block in told)
        if (listed >= LISTED or steps > LISTED) and running and section.words >= threshold("guide_words"):
            return heading
    return None
