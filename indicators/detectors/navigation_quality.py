"""navigation_quality: a steady menu, the present place, the way home, few clicks, links that work, and a
search or site map within reach, over the pages seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from statistics import mean, median
from urllib.parse import urlsplit

from crawler.text import normalize
from indicators.detector import (
    Details,
    Verdict,
    detector,
    form_evidence,
    link_evidence,
    not_observable,
    text_evidence,
)
from indicators.detectors._checks import (
    Check,
    broken_links,
    composite,
    given,
    graded,
    kept_low,
    unseen,
)
from indicators.detectors._forms import is_search_field
from indicators.page import Anchor, Block
from indicators.records import Evidence, PageNumbers
from indicators.site import PageView, Site
from indicators.structure import Structure, structure_of, visible_links
from indicators.thresholds import threshold
from indicators.vocabulary import Vocabulary

SEPARATORS = ("»", "›", "«", "‹", ">", "<", "→", "←", "/", "\\", "|", "❯", "❮", "::")
LONGEST_TRAIL = 300
"""Characters; a longer block is text with links in it."""

Witness = Callable[[], Evidence]
"""How to make the evidence: nearly every page has some, and only a few are shown."""

LinksOf = Callable[[PageView], list[Anchor]]


@detector("navigation_quality", version=1)
def detect(site: Site, words: Vocabulary) -> Verdict:
    whole = structure_of(site)
    pages = [page for page in whole.pages if page.record.found_by != "frame" and page.blocks]
    if len(pages) < threshold("navigation_pages"):
        return not_observable("too few pages were seen to compare their menus")
    inner = [page for page in pages if page.id not in whole.homes]
    if not inner:
        return not_observable("too few pages were seen to compare their menus")
    likeness, menu = _menus(site, pages)
    homeward, helpful = _homeward(site), _helpful(site, words)
    placed = {page.id: _place_mark(site, page, homeward) for page in inner}
    ways = {page.id: _way_home(site, page, homeward) for page in inner}
    helps = {page.id: _help(site, words, page, helpful) for page in pages}
    checks = (
        menu,
        _shared_by("place_share", "place", site, inner, placed, "no_current_place"),
        _shared_by("way_home_share", "way_home", site, inner, ways, "no_way_home"),
        _depth(site, whole, pages),
        broken_links(site, whole, "navigation_broken"),
        _shared_by("help_share", "help", site, pages, helps, "no_search_or_site_map"),
    )

    def numbers(page: PageView) -> PageNumbers:
        values: Details = {
            "menu_likeness_share": likeness.get(page.id),
            "place_marked": bool(placed[page.id]) if page.id in placed else None,
            "way_home": bool(ways[page.id]) if page.id in ways else None,
            "clicks": whole.depth_of(page),
            "search_or_site_map": bool(helps[page.id]),
        }
        return PageNumbers(url=page.url, page=page.id, values=values)

    rows = [numbers(page) for page in pages]
    rows.sort(key=lambda row: (sum(value in (None, False) for value in row.values.values()) * -1, row.page))
    return composite(
        checks,
        least="navigation_checks",
        pages=len(pages),
        numbers=rows,
        otherwise=(text_evidence(site, pages[0], pages[0].blocks[0], "page_seen"),),
        confidence=0.7 if site.archived else 0.8,
    )


# The menu


def _menus(site: Site, pages: list[PageView]) -> tuple[dict[int, float], Check]:
    """How like each page's menu is to that of most pages of its language (Jaccard index of their links),
    and the check made of it. Language versions have menus of their own."""
    name = "menu_likeness_share"
    by_language: dict[str, list[PageView]] = defaultdict(list)
    for page in pages:
        by_language[page.facts.lang.split("-")[0]].append(page)
    likeness: dict[int, float] = {}
    common_link: Evidence | None = None
    for members in by_language.values():
        if len(members) < threshold("navigation_pages"):
            continue
        menus = {page.id: _menu(site, page) for page in members}
        counts = Counter(url for menu in menus.values() for url in menu)
        usual = {url for url, count in counts.items() if count * 2 >= len(members)}
        steady = len(usual) >= threshold("menu_links")
        for page in members:
            own = menus[page.id].keys()
            likeness[page.id] = len(usual & own) / len(usual | own) if steady else 0.0
        if steady and common_link is None:
            best = max(members, key=lambda page: (likeness[page.id], -page.id))
            common_link = link_evidence(site, best, next(iter(menus[best.id].values())), "menu")
    if not likeness:
        return {}, unseen(name, "too few pages of one language were seen")
    share = mean(likeness.values())
    numbers: Details = {"menu_likeness_share": round(share, 4)}
    lowest = min(pages, key=lambda page: (likeness.get(page.id, 2.0), page.id))
    witness = text_evidence(site, lowest, lowest.blocks[0], "other_menu")
    return likeness, Check(
        name, graded(share, "menu_likeness"), numbers, worst=(witness,), best=given(common_link)
    )


def _menu(site: Site, page: PageView) -> dict[str, Anchor]:
    """The links of a page's header and menus, without its breadcrumb trail, by address; where its makers
    marked neither, the links that stand in the frame which most pages share."""
    trails = [mark for mark in page.facts.marks if mark.kind == "trail"]

    def belongs(link: Anchor) -> bool:
        return site.is_own(link.url) and not any(mark.node <= link.node < mark.end for mark in trails)

    found: dict[str, Anchor] = {}
    for link in visible_links(page):
        if link.area in ("menu", "header") and link.url not in found and belongs(link):
            found[link.url] = link
    if found:
        return found
    blocks = page.blocks
    for link in visible_links(page):
        framed = link.area != "footer" and link.block < len(blocks) and site.is_frame(blocks[link.block])
        if framed and link.url not in found and belongs(link):
            found[link.url] = link
    return found


# The present place


def _place_mark(site: Site, page: PageView, homeward: LinksOf) -> Witness | None:
    """What tells a reader where the page lies: a trail, or the menu's entry marked as present."""
    for mark in page.facts.marks:
        links = [link for link in page.links if mark.node <= link.node < mark.end]
        if mark.kind == "trail":
            own = next((link for link in links if site.is_own(link.url) and link.text), None)
            if own is not None:
                return partial(link_evidence, site, page, own, "breadcrumbs")
        elif shown := next((link for link in links if link.text and _leads_here(site, page, link)), None):
            return partial(link_evidence, site, page, shown, "current_place")
        elif not links:
            block = next((b for b in page.blocks if mark.node <= b.node < mark.end), None)
            if block is not None and block.area in ("menu", "header") and _is_named(page, block):
                return partial(text_evidence, site, page, block, "current_place")
    return _written_trail(site, page, homeward)


def _is_named(page: PageView, block: Block) -> bool:
    """Whether an entry that is no link names the page."""
    return any(block.norm == heading.norm for heading in page.headings) or block.norm in normalize(
        page.facts.title
    )


def _leads_here(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether an entry leads to the page, or to the section in which its address lies."""
    if not link.url or not site.is_own(link.url):
        return False
    if site.target(link.url).page is page or link.url in (page.url, page.record.url):
        return True
    section, own = urlsplit(link.url).path.rstrip("/"), urlsplit(page.url).path
    return bool(section) and own.startswith(section + "/") and not _is_home(site, page, link)


def _written_trail(site: Site, page: PageView, homeward: LinksOf) -> Witness | None:
    """A trail that no markup names: one short line that begins at home and goes on behind a sign."""
    for link in homeward(page):
        if link.block >= len(page.blocks) or not link.text:
            continue
        block = page.blocks[link.block]
        _, found, rest = block.text.partition(link.text)
        if found and len(block.text) <= LONGEST_TRAIL and rest.strip().startswith(SEPARATORS):
            beside = rest.strip().lstrip("".join(SEPARATORS)).strip()
            if beside and not site.is_frame(block):
                return partial(text_evidence, site, page, block, "breadcrumbs", around=link.text)
    for item in page.structured():
        if item.get("@type") == "BreadcrumbList":
            return partial(text_evidence, site, page, page.blocks[0], "breadcrumbs_for_machines")
    return None


# The way home, search and site map


def _is_home(site: Site, page: PageView, link: Anchor) -> bool:
    """Whether a link leads to the home page, or to that of the page's own language (``/en/``)."""
    front = structure_of(site).front_path(link.url)
    return front is not None and (not front or front == page.facts.lang.split("-")[0])


def _homeward(site: Site) -> LinksOf:
    """What gives the links of a page that lead home."""
    fronts = site.sift(address=lambda url: structure_of(site).front_path(url) is not None)

    def homeward(page: PageView) -> list[Anchor]:
        return [link for link in fronts(page) if link.tag in ("a", "area") and _is_home(site, page, link)]

    return homeward


def _way_home(site: Site, page: PageView, homeward: LinksOf) -> Witness | None:
    for link in homeward(page):
        return partial(link_evidence, site, page, link, "way_home")
    return None


def _helpful(site: Site, words: Vocabulary) -> LinksOf:
    """What gives the links of a page that are called search or site map."""
    return site.sift(text=lambda text: words.names("sitemap", text, 0.4) or words.names("search", text, 0.4))


def _help(site: Site, words: Vocabulary, page: PageView, helpful: LinksOf) -> Witness | None:
    """A search box on the page, or a link from it to the search or the site map."""
    for form in page.forms:
        if form.dead or form.has("password", "textarea"):
            continue
        field = next((control for control in form.controls if is_search_field(words, control)), None)
        if field is not None:
            return partial(form_evidence, site, page, form, "search_box", field)
    for link in helpful(page):
        if link.tag in ("a", "area") and link.url and site.is_own(link.url) and site.works(link.url):
            is_map = words.names("sitemap", link.norm, 0.4)
            return partial(link_evidence, site, page, link, "site_map_page" if is_map else "search_form")
    return None


def _shared_by(
    name: str,
    limits: str,
    site: Site,
    pages: list[PageView],
    found: dict[int, Witness | None],
    lacking: str,
) -> Check:
    """The check of what every page should have; of a page without it, the first words are the witness."""
    share = mean(bool(found[page.id]) for page in pages)
    there = next((item for item in found.values() if item is not None), None)
    without = [page for page in pages if found[page.id] is None]
    numbers: Details = {name: round(share, 4)}
    worst = tuple(text_evidence(site, page, page.blocks[0], lacking) for page in without[:2])
    return Check(name, graded(share, limits), numbers, worst=worst, best=given(there() if there else None))


# Clicks and broken links


def _depth(site: Site, whole: Structure, pages: list[PageView]) -> Check:
    depths = {page.id: steps for page in pages if (steps := whole.depth_of(page)) is not None}
    middle = float(median(depths.values() or (0,)))
    numbers: Details = {"median_clicks": middle, "most_clicks": max(depths.values(), default=0)}
    deepest = max((page for page in pages if page.id in depths), key=lambda page: (depths[page.id], -page.id))
    worst = (text_evidence(site, deepest, deepest.blocks[0], "deepest_page"),)
    return Check("median_clicks", kept_low(middle, "median_clicks"), numbers, worst=worst)
