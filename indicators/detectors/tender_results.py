"""tender_results: at least one award or result of a tender or auction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from crawler.text import word_count
from indicators.candidates import candidates
from indicators.detector import Verdict, absent, detector, first, found, link_evidence, place, text_evidence
from indicators.detectors._forms import is_called
from indicators.detectors._shared import rows_of_links, says_nothing
from indicators.page import Block
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

LONGEST_TITLE = 220
"""Characters of the title of one result."""

NAMED_BEFORE = 5
"""Words before the word for a winner from which they tell who it is."""

TABLE = 20
"""Cells of a table's head and first rows."""

ROW = 4
"""Cells of a row from the one that tells of a result to the one that opens it."""

_CELLS = frozenset(("td", "dd", "li"))


@detector("tender_results", version=5)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "tender_result", "tender", "announcement")
    for page in dict.fromkeys([*likely, *site.pages]):
        if says_nothing(site, page):
            continue
        rows = list(_winners(site, page, words)) or list(_awarded(site, page, words))
        if rows:
            return found("yes", *rows[:3], confidence=0.93)
    for page in dict.fromkeys([*likely, *site.pages]):
        results = [] if says_nothing(site, page) else list(_results(site, page, words))
        if results:
            return found("yes", *first(results), confidence=0.82)
    visited = [place(page, "no award or result") for page in likely]
    return absent(site, "tender_result", visited=visited, confidence=0.9)


def _winners(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Winners named: in a column or beside a caption for them, or in a sentence, on a page about tenders."""
    winners = page.may_name("winner")
    if not winners:
        return
    about = is_called(site, page, words, "tender_result", 0.3) or is_called(site, page, words, "tender", 0.3)
    content = page.content
    rows = {page.blocks[index].node for index in rows_of_links(page)}
    for index in winners:
        block = content[index]
        if block.node in rows:  # names of pages side by side tell of nobody
            continue
        if len(block.text) > LONGEST_TITLE or not words.names("winner", block.norm):
            continue
        speaks = about or words.names("tender", block.norm) or words.names("tender_result", block.norm)
        if not speaks:
            continue
        caption = words.names("winner", block.norm, 0.5) and not block.level
        if caption:
            named = _below(content, index)
            if named is not None:
                yield text_evidence(site, page, named, "winner")
                yield text_evidence(site, page, block, "winner")
        elif _tells_more_than(block, words) and (about or _names_somebody(block, words)):
            yield text_evidence(site, page, block, "winner")


def _awarded(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """The first row of a table right below a heading such as "Contracts awarded"."""
    content = page.content
    for number in page.may_name("tender_result"):
        head = content[number]
        if not head.level or not words.names("tender_result", head.norm, 0.75):
            continue
        table = list(takewhile(lambda b: b.tag in ("th", "td"), content[number + 1 : number + 1 + TABLE]))
        heads = [b for b in table if b.tag == "th"]
        cells = [b for b in table if b.tag == "td"]
        if len(heads) > 1 and len(cells) >= len(heads) and not words.is_filler_text(cells[0].norm):
            yield text_evidence(site, page, cells[0], "result")


def _below(content: list[Block], index: int) -> Block | None:
    """What fills the column or stands beside the caption at `index`."""
    caption = content[index]
    after = content[index + 1 : index + 40]
    if caption.tag == "th":
        row = [block for block in content[: index + 1] if block.tag == "th"]
        column = 0
        for block in reversed(row[:-1]):
            if block.node < caption.node - 40:
                break
            column += 1
        cells = [block for block in after if block.tag == "td"]
        return cells[min(column, len(cells) - 1)] if cells else None
    nearest = after[0] if after else None
    return nearest if nearest is not None and nearest.tag in _CELLS and not nearest.level else None


def _tells_more_than(block: Block, words: Vocabulary) -> bool:
    match = words.match("winner", block.norm)
    if match is None:
        return False
    # Languages that end with the verb name the winner before: "... şirkəti qalib elan edilmişdir".
    before, after = block.norm[: match.start].split(), block.norm[match.end :].split()
    return len(after) >= threshold("title_words") - 1 or (not block.level and len(before) >= NAMED_BEFORE)


def _names_somebody(block: Block, words: Vocabulary) -> bool:
    """Whether a name or a number follows, in scripts that write names large: what an award is may be
    explained in the same words."""
    named = words.match("winner", block.norm)
    begun = word_count(block.norm[: named.end]) if named is not None else 0
    after = block.text.split()[begun:]
    cased = any(word.lower() != word.upper() for word in after)
    return not cased or any(word[:1].isupper() or word[:1].isdigit() for word in after)


def _results(site: Site, page: PageView, words: Vocabulary) -> Iterator[Evidence]:
    """Titles of results ("Result of tender 12"), linked or with a text below; entries of a list of them."""
    listing = is_called(site, page, words, "tender_result", 0.5)
    if not listing and not page.naming("tender_result"):
        return
    links = {link.block: link for link in page.links if link.visible and link.url and link.text}
    places = {id(block): index for index, block in enumerate(page.blocks)}
    content = page.content

    def _row_opens(index: int) -> bool:
        """Whether another cell of a row opens the result that the cell at `index` tells of."""
        behind = takewhile(lambda b: b.tag == "td", content[index + 1 : index + ROW])
        beside = [links[places[id(b)]] for b in behind if places[id(b)] in links]
        return any(site.works(link.url) and words.names("download", link.norm) for link in beside)

    for index, block in enumerate(content):
        if len(block.text) > LONGEST_TITLE or word_count(block.text) < threshold("title_words"):
            continue
        link = links.get(places[id(block)])
        opens = link is not None and site.works(link.url) and link.url != page.url
        named = words.match("tender_result", block.norm)
        titled = (
            named is not None and named.share < 0.75 and (block.level > 0 or block.tag in _CELLS or opens)
        )
        dated = any(site.dates(b) for b in content[index : index + 4])
        told = opens or _followed(content, index) or (dated and block.tag == "td" and _row_opens(index))
        if (titled and told) or (listing and dated and opens):
            yield (
                link_evidence(site, page, link, "result")
                if link is not None and opens
                else text_evidence(site, page, block, "result")
            )


def _followed(content: list[Block], index: int) -> bool:
    words = 0
    for block in content[index + 1 : index + 6]:
        if block.level:
            break
        words += word_count(block.text)
    return words >= threshold("service_page_words")
