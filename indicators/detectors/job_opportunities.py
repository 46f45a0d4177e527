"""job_opportunities: vacancies with online application, dated notices, an empty page, a link elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from crawler.text import word_count
from indicators.candidates import LONGEST_NAME, candidates
from indicators.dates import dates_in
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import TYPED, form_shown, forms_of, is_called, pressed, typed_fields
from indicators.detectors._shared import says_nothing
from indicators.page import Anchor, Block
from indicators.records import Evidence
from indicators.site import PageView, Site, body_of, host_of
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

NEAR = 4
"""Blocks around the title of a vacancy in which its date stands: the other cells of its row."""

LONGEST_TITLE = 200
AHEAD = timedelta(days=400)
BEGINNING = 12
"""Characters before the word for a vacancy in the title of a notice of one."""


BEHIND_NOTICE = 60
"""The same where the title says first that it is a notice."""


class _Vacancy(NamedTuple):
    page: PageView
    evidence: Evidence
    last: date
    """The latest date beside it: its deadline, or the day of the notice."""


@detector("job_opportunities", version=12)
def detect(site: Site, words: Vocabulary) -> Verdict:
    own = [page for page in site.pages if is_called(site, page, words, "jobs", 0.4)]
    vacancies = [vacancy for page in own for vacancy in _listed(site, page, words)]
    if not vacancies:
        home = [site.home] if site.home is not None else []
        listing = dict.fromkeys([*candidates(site, "announcement", "news", "jobs"), *home])
        others = [page for page in listing if page not in own]
        vacancies = [vacancy for page in others for vacancy in _announced(site, page, words)]
    if vacancies:
        way = next(_applications(site, [*own, *(vacancy.page for vacancy in vacancies)], words), None)
        is_open = any(vacancy.last >= site.visited_at for vacancy in vacancies) or site.archived
        shown = [vacancy.evidence for vacancy in vacancies[:2]]
        if way is not None and is_open:
            return found("very_high", *shown, way, confidence=0.88)
        return found("high", *shown, confidence=0.85)
    for page in own:
        offers = list(_offers(site, page, words))
        way = next(_applications(site, [page, *(led for _, led in offers)], words), None)
        if offers and way is not None:
            return found("very_high", *[offer for offer, _ in offers[:2]], way, confidence=0.85)
    for page in own:
        if words.in_address("news", page.url):
            continue  # of a fair or a lecture on jobs
        head = _head(page, words)
        if head is not None and not words.signs("under_construction", " ".join(b.norm for b in page.content)):
            return found("medium", text_evidence(site, page, head, "jobs_page"), confidence=0.82)
    for page in site.pages:
        part = _part(page, words)
        if part is not None:
            return found("medium", text_evidence(site, page, part, "jobs_page"), confidence=0.8)
    for page in site.pages:
        notice = _headed(site, page, words)
        if notice is not None:
            return found("medium", link_evidence(site, page, notice, "vacancy"), confidence=0.75)
    undated = [
        one
        for page in [*site.pages[:1], *candidates(site, "announcement", "news")]
        for one in _undated(site, page, words)
    ]
    if undated:
        return found("medium", *first(undated), confidence=0.72)
    beside = list(_links(site, words, kin=True))
    if beside:
        return found("medium", *first(beside), confidence=0.7)
    elsewhere = list(_links(site, words, kin=False))
    if elsewhere:
        return found("low", *first(elsewhere), confidence=0.82)
    visited = [place(page, "no vacancies") for page in candidates(site, "jobs", "announcement")]
    return absent(site, "jobs", answer="none", visited=visited)


def _listed(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Vacancy]:
    """Dated entries of a jobs page: headings, cells, items or links with a date beside them."""
    if says_nothing(site, page):
        return
    content = page.content
    for index, block in enumerate(content):
        if block.level == 1 or not _is_title(block, words) or words.names("jobs", block.norm, 0.75):
            continue
        entry = block.level > 0 or block.tag in ("td", "li", "dt", "a")
        if not entry and not words.names("vacancy", block.norm):
            continue
        days = _days(site, content, index)
        if days:
            yield _Vacancy(page, text_evidence(site, page, block, "vacancy"), max(days))


def _offers(site: Site, page: PageView, words: Vocabulary) -> Iterator[tuple[Evidence, PageView]]:
    """Entries of a jobs page that say no day, but that one can apply: a heading with a link below it that
    says so, and the page to which that leads, or the next one that does."""
    if says_nothing(site, page):
        return
    content = page.content
    by_block = {page.blocks[link.block].node: link for link in page.links if link.block < len(page.blocks)}
    for index, block in enumerate(content):
        if not block.level or not _is_title(block, words) or words.names("jobs", block.norm, 0.75):
            continue
        for below in content[index + 1 : index + 1 + NEAR]:
            if below.level:
                break
            link = by_block.get(below.node)
            if link is None or not words.names("use_service", link.norm, 0.6):
                continue
            led = site.target(link.url).page
            if led is not None and led is not page:
                yield text_evidence(site, page, block, "vacancy"), _further(site, led)
            break


def _further(site: Site, page: PageView) -> PageView:
    """The page on which one applies, where this one describes the post and leads there."""
    for link in page.links_naming("use_service", 0.6):
        led = site.target(link.url).page
        if led is not None and led is not page and not any(form.has("file") for form in page.forms):
            return led
    return page


def _announced(site: Site, page: PageView, words: Vocabulary) -> Iterator[_Vacancy]:
    """Notices of recruitment among announcements and news: a title that begins with it, and a date."""
    content = page.content
    titles = {
        page.blocks[link.block].node
        for link in page.links
        if link.block < len(page.blocks) and len(link.text) * 2 > len(page.blocks[link.block].text)
    }
    for index, block in enumerate(content):
        linked = block.node in titles
        if not _is_title(block, words) or not (block.level or linked):
            continue
        if not _begins_with_vacancy(block.norm, words):
            continue
        days = _days(site, content, index)
        if days:
            yield _Vacancy(page, text_evidence(site, page, block, "vacancy"), max(days))


def _begins_with_vacancy(text: str, words: Vocabulary) -> bool:
    """Whether a title begins with the word for a vacancy, be it behind "Notice of ..."."""
    named = words.match("vacancy", text)
    if named is None or named.start <= BEGINNING:
        return named is not None
    lead = words.match("announcement", text)
    return lead is not None and not lead.start and named.start <= BEHIND_NOTICE


def _is_title(block: Block, words: Vocabulary) -> bool:
    return (
        len(block.text) <= LONGEST_TITLE
        and word_count(block.text) >= threshold("title_words") - 1
        and not words.is_filler_text(block.norm)
    )


def _days(site: Site, content: list[Block], index: int) -> list[date]:
    """Dates beside an entry, up to the next one's heading; deadlines lie ahead."""
    latest = site.visited_at + AHEAD
    days = []
    for block in content[index : index + NEAR + 1]:
        if block.level and block is not content[index]:
            break
        if len(block.text) <= LONGEST_TITLE:
            found_days = dates_in(block.norm, site.words, latest, month_first=site.region == "US")
            days += [dated.day for dated in found_days if dated.day <= latest]
    return days


def _applications(site: Site, pages: list[PageView], words: Vocabulary) -> Iterator[Evidence]:
    """Ways to apply online: a form on the page, or a link that says so."""
    for page in dict.fromkeys(pages):
        for form in forms_of(site, page):
            fields = len(typed_fields(words, form)) + form.has("file")
            asks = form.area != "header" and pressed(form) and not form.has("password")
            if asks and fields >= threshold("form_fields") and form.has(*TYPED):
                yield form_shown(site, page, form, "job_application", form.controls[0])
        for link in page.links:
            target = site.target(link.url)
            leads = link.area == "main" and link.url != page.url and target.file is None
            if leads and words.names("use_service", link.norm, 0.6) and site.works(link.url):
                yield link_evidence(site, page, link, "job_application")


def _head(page: PageView, words: Vocabulary) -> Block | None:
    """The block that says what the page is: a heading, else the shortest of its own texts that names jobs."""
    named = [block for block in page.content if words.names("jobs", block.norm)]
    return min(named, key=lambda block: (block.level == 0, len(block.text)), default=None)


def _part(page: PageView, words: Vocabulary) -> Block | None:
    """The text of a part of a page that is called "jobs" and says that there are none."""
    content = page.content
    for index in page.may_name("jobs"):
        heading = content[index]
        if heading.level and index + 1 < len(content) and words.names("jobs", heading.norm, 0.75):
            text = content[index + 1]
            if len(text.text) <= LONGEST_TITLE and words.signs("not_available", text.norm):
                return text
    return None


def _headed(site: Site, page: PageView, words: Vocabulary) -> Anchor | None:
    """A link of the portal that names a vacancy right below a heading called "jobs", also where a saved copy
    lacks its page."""
    headings = [
        index
        for index in page.blocks_may_name("jobs")
        if page.blocks[index].level
        and page.blocks[index].area == "main"
        and words.names("jobs", page.blocks[index].norm, 0.75)
    ]
    for link in page.links_naming("vacancy") if headings else ():
        near = any(heading < link.block <= heading + NEAR for heading in headings)
        titled = threshold("title_words") <= word_count(link.text) and len(link.text) <= LONGEST_TITLE
        there = _is_kin(site, link.url) and site.works(link.url)
        lacking = site.archived and (site.is_own(link.url) or site.was_here(link.url))
        if near and titled and link.visible and (there or lacking):
            return link
    return None


def _is_kin(site: Site, url: str) -> bool:
    return site.is_own(url) or body_of(host_of(url)) in site.own_names


def _undated(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Notices of recruitment without a date, among others on the portal or a host beside it. Of those whose
    pages a saved copy lacks, two or more tell that some were given; one may be the name of a part of it."""
    told: dict[str, Evidence] = {}
    for link in page.links_naming("vacancy"):
        title = threshold("title_words") <= word_count(link.text) and len(link.text) <= LONGEST_TITLE
        if not (title and link.visible and _begins_with_vacancy(link.norm, words)):
            continue
        if _is_kin(site, link.url) and site.works(link.url):
            yield link_evidence(site, page, link, "vacancy")
        elif site.archived and link.area == "main" and (site.is_own(link.url) or site.was_here(link.url)):
            told.setdefault(link.norm, link_evidence(site, page, link, "vacancy"))
    if len(told) > 1:
        yield from told.values()


def _links(site: Site, words: Vocabulary, *, kin: bool) -> Iterator[Evidence]:
    """Links to recruitment on another host: of the agency itself (`kin`), or of another body."""
    known = set()
    for page in site.pages:
        for link in page.links:
            if not link.visible or link.tag != "a" or not link.url.startswith("http"):
                continue
            if (
                link.url in known
                or site.is_own(link.url)
                or site.was_here(link.url)
                or _is_kin(site, link.url) != kin
                or words.account_of(link.url)
                or len(link.text) > LONGEST_NAME
                or not site.works(link.url)
            ):
                continue
            if words.names("jobs", link.norm, 0.4) or words.names("vacancy", link.norm):
                known.add(link.url)
                yield link_evidence(site, page, link, "recruitment_elsewhere")
