"""foreign_languages: a page of substance really written in another language, reached by a switch or link."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.text import word_count
from indicators.candidates import left_over
from indicators.detector import (
    UNSEEN,
    Verdict,
    absent,
    detector,
    found,
    link_evidence,
    not_observable,
    place,
    text_evidence,
)
from indicators.language import language_of, same_language
from indicators.page import Anchor, Block
from indicators.records import Place
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

RUNNING = 8
"""Words from which a block is running text; shorter ones are names and buttons."""

LONGEST_CODE = 3
"""Letters of a language's code."""

MACHINES = ("translate.google", "translate.goog", "microsofttranslator", "translate.bing", "translate.yandex")


@detector("foreign_languages", version=4)
def detect(site: Site, words: Vocabulary) -> Verdict:
    for page in site.pages:
        language = _other_language(site, page)
        if language and _is_announced(site, page, language, words):
            return found(
                "yes",
                text_evidence(site, page, _longest(page, language), "language"),
                confidence=0.93,
                details={"language": language},
            )
    visited = []
    likely = site.sift(text=lambda text: bool(_named(words, text)))
    for page in site.pages:
        for link in likely(page):
            language = _switch(site, link, words)
            if not language:
                continue
            target = site.target(link.url)
            if not target.own and not site.was_here(link.url):
                if link.url.startswith("http") and not any(name in link.url for name in MACHINES):
                    witness = link_evidence(site, page, link, "language_of_another_host")
                    return found("yes", witness, confidence=0.7, details={"language": language})
            elif target.outcome in UNSEEN:
                return not_observable(
                    f"{link.url}: {target.outcome}" + (f" ({target.reason})" if target.reason else "")
                )
            elif target.outcome is None and not site.visit.complete:
                return not_observable(
                    f"{link.url} was not visited: {site.visit.stopped_by or 'the visit ended early'}"
                )
            elif link.url:
                visited.append(_in_vain(site, link, target.page))
    return absent(site, visited=visited)


def _other_language(site: Site, page: PageView) -> str:
    """The language of the page's running text if there is enough of it and it is not the portal's."""
    running = [b.text for b in page.content if word_count(b.text) >= RUNNING]
    if sum(word_count(text) for text in running) < threshold("foreign_words"):
        return ""
    if page.id in left_over(site):
        return ""
    language = language_of(" ".join(sorted(running, key=lambda t: -len(t))[:12]))
    return "" if not language or same_language(language, site.language) else language


def _longest(page: PageView, language: str) -> Block:
    running = [b for b in page.content if word_count(b.text) >= RUNNING]
    return max(running, key=lambda b: (language_of(b.text) == language, len(b.text)))


def _is_announced(site: Site, page: PageView, language: str, words: Vocabulary) -> bool:
    """Whether something beside the statistics of letters says that the page is in this language."""
    if same_language(page.facts.lang, language):
        return True
    path = urlsplit(page.url).path.lower().replace("_", "-").split("/")
    if any(part == language or part.startswith(language + "-") for part in path):
        return True
    return any(
        same_language(inbound.link.lang, language)
        or language in words.languages_named(inbound.link.norm)
        or (len(inbound.link.text) >= 12 and language_of(inbound.link.text * 3) == language)
        for inbound in site.links_to(page)
    )


def _switch(site: Site, link: Anchor, words: Vocabulary) -> str:
    """The other language that a link offers, '' if it offers none: an account on a network is no page."""
    if link.tag not in ("a", "area") or not link.visible or len(link.text) > 30:
        return ""
    named = [code for code in _named(words, link.norm) if not same_language(code, site.language)]
    return named[0] if len(named) == 1 and words.network_of(link.url) is None else ""


def _named(words: Vocabulary, text: str) -> tuple[str, ...]:
    """Languages that are all that a normalised text names: a switch, not a sentence. Beside another word, a
    code is a word of the language ("síguenos en")."""
    parts = text.split()
    if len(parts) == 2:
        parts = [part for part in parts if len(part) > LONGEST_CODE or not part.isascii()]
    return words.languages_named(" ".join(parts)) if len(parts) <= 2 else ()


def _in_vain(site: Site, link: Anchor, page: PageView | None) -> Place:
    if page is None:
        return Place(url=link.url, title=link.text, reason=site.target(link.url).outcome or "nothing there")
    return place(page, f"is written in {page.language or 'no language that can be told'}")
