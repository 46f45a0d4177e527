"""One portal as detectors see it: pages, links in and out, files, and what became of every address.

A Site reaches nothing by itself: `indicators.load` gives it the records and a way to the archived HTML.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import tldextract

from audits.records import HostSecurity, Measurement, Measurements
from crawler.capture import Area, File, Host, Outcome, Page, Refusal, Search, Sitemap, Visit
from crawler.portal import Portal
from crawler.scope import Scope, identity
from crawler.text import word_count
from indicators.contacts import Phone, phones_in
from indicators.countries import country_of, is_worldly
from indicators.dates import Dated, dates_in
from indicators.language import language_of, same_language
from indicators.page import Anchor, Block, Facts, FormView, Tree, scripts_of
from indicators.reading import Known, read_tree
from indicators.vocabulary import Vocabulary
from indicators.vocabulary.prefilter import Sifted

REPEATED = 0.5
"""Share of the pages on which a text must stand to be taken for the frame around the content."""

FEWEST_FOR_FRAME = 4
"""Portals with fewer pages have too little to compare; there the areas alone tell."""

LARGEST_HTML = 3_000_000
"""Characters of a page that are read."""

MOST_PARSED = 3_000_000
"""Characters of HTML whose trees are kept; a tree takes some eight times as many bytes."""

LANGUAGE_SAMPLE = 60
"""Pages that are read to learn in which languages a portal is written."""

ENOUGH_WORDS = 100
"""Words of a portal that tell its language beyond doubt."""

OF_ITS_OWN = 3
"""Pictures from one host, or hosts of one name among its links, that a saved page must show to have lived
there."""

HOSTS_APART = 5
"""Times as many hosts as those of any other name to which a saved page must link, if they are not most."""

OF_ITS_PAGES = 10
"""Addresses of one name to which a saved page must lead, and to no more others, to have lived there."""

SAME_LANGUAGE = {"ckb": "ku", "kmr": "ku", "sdh": "ku", "prs": "fa", "azb": "az", "aze": "az", "in": "id"}
"""Tags of varieties, and outdated ones, by the language whose words they use."""

_MAIL = re.compile(r"(?i)mailto:[^@?]+@([\w.-]+\.\w+)")
_WRITTEN = re.compile(r"(?i)(?<![\w.-])[a-z0-9][a-z0-9._-]*@([a-z0-9.-]+\.[a-z]{2,})")

_ORIGIN = re.compile(r"https?://[\w.:-]+(?=/)", re.ASCII)

_GOVERNMENT = ("gov.ru", "gov.krd")
"""Endings below which each name is a body of its own, and which the list of public suffixes lacks."""

_registered = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=_GOVERNMENT)


class Target(NamedTuple):
    """What is known of an address: a page, a file, a refusal, or nothing."""

    outcome: Outcome | None
    """None: never asked for (of another host, or the visit ended before)."""
    page: PageView | None
    file: File | None
    reason: str
    own: bool


class Inbound(NamedTuple):
    """A link that leads to some page."""

    page: PageView
    link: Anchor


_FRONT = re.compile(
    r"(?i)^\w+://[^/]*(?:/[^?]*)?(?:/|(?:^|[/_-])(?:index|default|home|homepage|main|start|welcome|portal|accueil|inicio|"
    r"início|startseite)[^/]*)(?:\?.*)?$"
)
"""The address of a front page: a folder's, or what front pages are called."""


class PageView:
    """A page that answered with real content. Its facts are read from the archive when first asked for."""

    def __init__(self, record: Page, site: Site) -> None:
        self.record = record
        self._site = site

    def __repr__(self) -> str:
        return f"PageView({self.record.id}, {self.record.final_url!r})"

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def url(self) -> str:
        """The final address."""
        return self.record.final_url

    @property
    def final_url(self) -> str:
        return self.record.final_url

    @cached_property
    def depth(self) -> int:
        """Clicks from the start. A saved copy may be entered by an inner page: one of a click or more."""
        entered = self.record.depth == 0 and self._site.archived and not _FRONT.search(self.url)
        return 1 if entered else self.record.depth

    @property
    def title(self) -> str:
        return self.facts.title or self.record.title

    @cached_property
    def facts(self) -> Facts:
        return read_tree(self._site.tree(self), self.record.final_url, self._site.known)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.facts.blocks

    @property
    def links(self) -> tuple[Anchor, ...]:
        return self.facts.links

    @property
    def forms(self) -> tuple[FormView, ...]:
        return self.facts.forms

    @cached_property
    def headings(self) -> list[Block]:
        return [block for block in self.facts.blocks if block.level]

    @cached_property
    def content(self) -> list[Block]:
        """The page's own text: without headers, menus and footers, and what repeats on most pages."""
        return [self.blocks[place] for place in self._content]

    @cached_property
    def _content(self) -> list[int]:
        """Indices in `blocks` of the content's."""
        frame = self._site.is_frame
        inner = [place for place, block in enumerate(self.blocks) if not frame(block)]
        own = [place for place in inner if self.blocks[place].area in ("main", "aside")]
        # Where the page's makers called everything a header or a menu, only repetition tells.
        return own or inner

    @cached_property
    def words(self) -> int:
        """Number of words of the content."""
        return sum(word_count(block.text) for block in self.content)

    @cached_property
    def language(self) -> str:
        """The language in which the content is really written, '' if there is too little of it."""
        text = " ".join(b.text for b in sorted(self.content, key=lambda b: -len(b.text))[:12])
        return language_of(text)

    # What the page names: the same as asking `Vocabulary` about every text, much sooner.

    def may_name(self, *concepts: str) -> Sequence[int]:
        """Indices in `content` of the blocks that may name one of the concepts; no other does."""
        return self._names.places(self._site.words.bits(*concepts))

    def blocks_may_name(self, *concepts: str) -> Sequence[int]:
        """The same for `blocks`."""
        return self._block_names.places(self._site.words.bits(*concepts))

    def blocks_may_sign(self, *concepts: str) -> Sequence[int]:
        """Indices in `blocks` of those with a sign, perhaps, of one of the concepts; no other has any."""
        return self._block_signs.places(self._site.words.bits(*concepts))

    def naming(self, concept: str, share: float = 0.0) -> list[Block]:
        """The blocks of the content that name the concept with at least `share` of their length."""
        words = self._site.words
        likely = self._names.holding(words.bits(concept))
        return [block for block in likely if words.names(concept, block.norm, share)]

    def signing(self, concept: str) -> list[Block]:
        """The blocks of the content with a sign of the concept."""
        words = self._site.words
        return [b for b in self._signs.holding(words.bits(concept)) if words.signs(concept, b.norm)]

    def links_naming(self, concept: str, share: float = 0.0) -> list[Anchor]:
        """The links whose text names the concept with at least `share` of its length."""
        words = self._site.words
        likely = self._link_names.holding(words.bits(concept))
        return [link for link in likely if words.names(concept, link.norm, share)]

    @cached_property
    def _names(self) -> Sifted[Block]:
        return self._block_names.among(self._content)

    @cached_property
    def _signs(self) -> Sifted[Block]:
        return self._block_signs.among(self._content)

    @cached_property
    def _block_names(self) -> Sifted[Block]:
        return Sifted(self.blocks, map(self._site.words.naming, [b.norm for b in self.blocks]))

    @cached_property
    def _block_signs(self) -> Sifted[Block]:
        return Sifted(self.blocks, map(self._site.words.signing, [b.norm for b in self.blocks]))

    @cached_property
    def _link_names(self) -> Sifted[Anchor]:
        return Sifted(self.links, map(self._site.words.naming, [link.norm for link in self.links]))

    def text_around(self, link: Anchor) -> str:
        """The text of the block in which a link stands."""
        return self.blocks[link.block].text if link.block < len(self.blocks) else link.text

    def scripts(self) -> list[str]:
        """Each script of the page: its address as written, else its text. Read anew from the archive."""
        return scripts_of(self._site.tree(self))

    def structured(self) -> Iterator[dict[str, Any]]:
        """Every object of the page's JSON-LD, flattened out of lists and graphs."""
        for text in self.facts.json_ld:
            try:
                data = json.loads(text)
            except (ValueError, RecursionError):
                continue
            queue = [data]
            while queue:
                item = queue.pop(0)
                if isinstance(item, list):
                    queue.extend(item)
                elif isinstance(item, dict):
                    yield item
                    queue.extend(v for v in item.values() if isinstance(v, dict | list))


class Site:
    """All of one portal. `html` gives the archived HTML of a page."""

    def __init__(
        self,
        *,
        portal: Portal,
        visit: Visit,
        all_pages: tuple[Page, ...],
        files: tuple[File, ...],
        hosts: tuple[Host, ...],
        sitemaps: tuple[Sitemap, ...],
        refusals: tuple[Refusal, ...],
        searches: tuple[Search, ...],
        leads: Callable[[Page], Iterable[tuple[str, str, Area, str]]],
        measurements: Measurements | None,
        html: Callable[[Page], str],
        body: Callable[[str], bytes],
        headers: Callable[[str], list[tuple[str, str]]],
        latest_record: Callable[[str], str | None],
        words: Vocabulary,
    ) -> None:
        self.portal = portal
        self.visit = visit
        self.all_pages = all_pages
        """Everything that was visited, whatever its outcome."""
        self.files = files
        self.hosts = hosts
        self.sitemaps = sitemaps
        self.refusals = refusals
        self.searches = searches
        """What the portal's own search was asked."""
        self.measurements = measurements
        self._all_words = words
        self.body = body
        """The archived body of a record id."""
        self.headers = headers
        """The HTTP headers of a record id."""
        self.latest_record = latest_record
        """The newest archived answer of an address, style sheets too: a record id, None if there is none."""
        self.known = Known()
        """What its pages have in common, for reading them."""
        self._html = html
        self._leads = leads
        self._scope = Scope(portal)
        self._own: dict[str, bool] = {}
        self._targets: dict[str, Target] = {}
        self._dates: dict[str, list[Dated]] = {}
        self._trees: dict[int, tuple[Tree, int]] = {}
        self._parsed = 0
        self.pages: tuple[PageView, ...] = _distinct(
            PageView(p, self) for p in all_pages if p.outcome == "ok"
        )
        """The pages with real content, each once, in the order of the visit."""

    @property
    def id(self) -> str:
        return self.portal.id

    @property
    def visited_at(self) -> date:
        return self.visit.started_at.date()

    @property
    def archived(self) -> bool:
        """A saved copy: what depends on scripts, headers or freshness is not to be seen in it."""
        return self.portal.archived

    @property
    def home(self) -> PageView | None:
        """The start page, or the first real page below a frame set or redirect."""
        return next((p for p in self.pages if p.depth == 0), self.pages[0] if self.pages else None)

    @cached_property
    def language(self) -> str:
        """The portal's main language: as agencies.yaml says, else what most pages are written in."""
        if self.portal.language:
            return self.portal.language.split("-")[0].lower()
        seen = Counter(page.language for page in self.pages[:LANGUAGE_SAMPLE] if page.language)
        if seen:
            return min(seen, key=lambda code: (-seen[code], code))
        return self.home.facts.lang.split("-")[0] if self.home else ""

    @cached_property
    def unread_language(self) -> str:
        """The main language where the vocabulary has no words of it, so that names in it tell nothing; ''
        for all others, and where too little is written to tell (a few names and addresses look like any)."""
        code = SAME_LANGUAGE.get(self.language.lower(), self.language.lower())
        if code in self._all_words.languages:
            return ""
        written = sum(page.words for page in self.pages if page.language == self.language)
        return code if self.portal.language or written >= ENOUGH_WORDS else ""

    @cached_property
    def words(self) -> Vocabulary:
        """What things are called in the languages that the portal is written in."""
        tags = {page.language for page in self.all_pages} | {self.portal.language or "", self.language}
        tags |= {page.language for page in self.pages[:LANGUAGE_SAMPLE]}
        codes = {tag.lower().replace("_", "-").split("-")[0] for tag in tags}
        return self._all_words.within(SAME_LANGUAGE.get(code, code) for code in codes)

    @cached_property
    def region(self) -> str | None:
        """Country (ISO 3166) whose telephone numbers may be written without a country code: that of the
        portal's address, else of the addresses it gives as its own or leads to, else of its language."""
        hosts = [urlsplit(self.portal.start).hostname or "", *self.portal.hosts]
        for host in hosts:
            if country := country_of(host):
                return country
        home = self.home
        led = {urlsplit(link.url).hostname or "" for link in home.links if link.tag != "link"} if home else ()
        own = Counter(country_of(name) for name in self.own_names)
        near = Counter(country_of(host) for host in led if not is_worldly(host))
        for counted in (own, near):
            counted.pop("", None)
            if counted:
                return min(counted, key=lambda code: (-counted[code], code))
        language = self.words.languages.get(self.language)
        return language.region or None if language else None

    def html(self, page: Page) -> str:
        return self._html(page)[:LARGEST_HTML]

    def xpath(self, page: PageView, node: int) -> str:
        """Where in the archived HTML of the page an element stands."""
        return self.tree(page).xpath(node) if node >= 0 else ""

    def script_xpath(self, page: PageView, number: int) -> str:
        """Where the page's script of this number stands, as `PageView.scripts` counts them."""
        return self.tree(page).script_xpath(number)

    def tree(self, page: PageView) -> Tree:
        """The parsed page. Those asked for last are kept, as far as memory allows."""
        kept = self._trees.pop(page.id, None)
        if kept is None:
            html = self.html(page.record)
            kept = (Tree(html), len(html))
            self._parsed += len(html)
            while self._trees and self._parsed > MOST_PARSED:
                self._parsed -= self._trees.pop(next(iter(self._trees)))[1]
        self._trees[page.id] = kept
        return kept[0]

    # Addresses

    def is_own(self, url: str) -> bool:
        """Whether an address lies on the portal's hosts."""
        own = self._own.get(url)
        if own is None:
            plain = _ORIGIN.match(url)
            origin = plain.group() if plain else url
            if origin not in self._own:
                self._own[origin] = self._scope.contains(origin)
            own = self._own[url] = self._own[origin]
        return own

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Registered names of the portal: of its hosts, and, as saved copies live elsewhere, of the address
        that its home page calls its own, of the mail domain that it names most often, and of where its base,
        pictures and links tell that it lived."""
        urls = [self.portal.start, *(f"http://{host}" for host in self.portal.hosts)]
        for page in self.pages[:3]:
            urls += [link.url for link in page.links if link.tag == "link" and "canonical" in link.rel]
            urls.append(page.facts.metas.get("og:url", ""))
        hosts = {host_of(url) for url in urls if url.startswith("http")}
        if self.archived and self.home is not None:
            mails = Counter(m[1].lower() for link in self.home.links if (m := _MAIL.match(link.href)))
            texts = (self._before_credit(block) for block in self.home.blocks if "@" in block.text)
            written = (m[1].lower() for text in texts for m in _WRITTEN.finditer(text))
            mails.update(() if mails else written)
            known = (name for name, _ in mails.most_common() if name not in self.words.filler.webmail)
            hosts.update(name for name in [next(known, "")] if not self.words.is_filler_email(f"x@{name}"))
            hosts.update(map(host_of, _where_it_lived(self.home)))
        return frozenset(body_of(host) for host in hosts if host)

    def _before_credit(self, block: Block) -> str:
        """The text of a block up to where it tells who made the portal."""
        credit = self.words.match("studio_credit", block.norm)
        return block.text if credit is None else block.norm[: credit.start]

    @cached_property
    def _by_address(self) -> dict[str, Page]:
        found: dict[str, Page] = {}
        for page in self.all_pages:
            for url in (page.final_url, page.url):
                kept = found.get(_identity(url))
                if kept is None or (kept.outcome != "ok" and page.outcome == "ok"):
                    found[_identity(url)] = page
        return found

    @cached_property
    def _views(self) -> dict[int, PageView]:
        by_record = {view.url: view for view in self.pages}
        return {page.id: by_record[page.final_url] for page in self.all_pages if page.final_url in by_record}

    @cached_property
    def _files_by_address(self) -> dict[str, File]:
        return {_identity(file.url): file for file in self.files}

    @cached_property
    def _refused(self) -> dict[str, Refusal]:
        return {_identity(refusal.url): refusal for refusal in self.refusals}

    def target(self, url: str) -> Target:
        """What became of an address."""
        found = self._targets.get(url)
        if found is None:
            found = self._targets[url] = self._find_target(url)
        return found

    def _find_target(self, url: str) -> Target:
        own = bool(url) and self.is_own(url)
        key = _identity(url)
        page = self._by_address.get(key)
        if page is not None:
            view = self._views.get(page.id) if page.outcome == "ok" else None
            return Target(page.outcome, view, None, page.reason, own)
        file = self._files_by_address.get(key)
        if file is not None:
            # A file of no bytes answers and holds nothing of what its link promises.
            outcome: Outcome = "empty" if file.outcome == "ok" and file.size == 0 else file.outcome
            return Target(outcome, None, file, file.reason, own)
        refusal = self._refused.get(key)
        if refusal is not None and own:
            return Target("refused", None, None, refusal.reason, own)
        return Target(None, None, None, "", own)

    def is_sibling(self, url: str) -> bool:
        """Whether an address lies below a registered name of the portal's, on a host that is not its own. The
        bare name and ``www`` are where a saved copy comes from, so that its links there are its own."""
        host = host_of(url)
        if self.archived and host.removeprefix("www.") == body_of(host):
            return False
        return bool(host) and not self.is_own(url) and body_of(host) in self.own_names

    def was_here(self, url: str) -> bool:
        """Whether an address is one of the portal that a copy was saved from, at the bare name or ``www``."""
        host = host_of(url).removeprefix("www.") if self.archived else ""
        return bool(host) and host in self.own_names and not self.is_own(url)

    def works(self, url: str) -> bool:
        """Whether a link is evidence: its target answered with content, or lies on another host (which is
        never asked). What a saved copy lacks of the portal that it was taken from is no other host's."""
        target = self.target(url)
        if target.outcome is not None or target.own or not url.startswith(("http://", "https://")):
            return target.outcome == "ok"
        return not self.was_here(url)

    @cached_property
    def inbound(self) -> dict[str, list[Inbound]]:
        """Address (its identity) -> the links that lead there, one of each text, in order."""
        firsts: dict[tuple[str, str], Inbound] = {}
        for page in self.pages:
            for link in page.links:
                seen = link.url, link.text
                if seen not in firsts and link.url and link.tag != "link":
                    firsts[seen] = Inbound(page, link)
        found: dict[str, dict[str, Inbound]] = defaultdict(dict)
        for (url, text), inbound in firsts.items():
            found[_identity(url)].setdefault(text, inbound)
        for page in self.pages:
            for link in self._scripted.get(page.id, ()):
                found[_identity(link.url)].setdefault(link.text, Inbound(page, link))
        return {key: list(links.values()) for key, links in found.items()}

    def links_of(self, page: PageView) -> Iterator[Anchor]:
        """The links of a page that a reader can follow, those that scripts made among them."""
        yield from (link for link in page.links if link.url and link.tag != "link")
        yield from self._scripted.get(page.id, ())

    @cached_property
    def _scripted(self) -> dict[int, tuple[Anchor, ...]]:
        """Page.id -> the links that the visit saw, for pages with scripts: where these lead is not in the
        HTML. What many pages link to is kept once."""
        kept: dict[tuple[str, str, Area, str], Anchor] = {}

        def anchor(lead: tuple[str, str, Area, str]) -> Anchor:
            if lead not in kept:
                url, text, area, tag = lead
                kept[lead] = Anchor(url, url, text, "", area, -1, 0, tag, "", "", True)
            return kept[lead]

        return {
            page.id: tuple(anchor(lead) for lead in self._leads(page.record) if lead[-1] != "link")
            for page in self.pages
            if page.record.mode == "rendered" or any(_is_scripted(link) for link in page.links)
        }

    def sift(
        self, *, address: Callable[[str], bool] | None = None, text: Callable[[str], bool] | None = None
    ) -> Callable[[PageView], list[Anchor]]:
        """What gives of a page the links whose address passes the one test, or whose normalised text passes
        the other. Each address and text is asked about once, however many pages it stands on."""
        by_url, by_text = self._distinct_links
        urls = frozenset(url for url in by_url if address(url)) if address else frozenset()
        texts = frozenset(said for said, link in by_text.items() if text(link.norm)) if text else frozenset()

        def sifted(page: PageView) -> list[Anchor]:
            if not urls and not texts:
                return []
            return [link for link in page.links if link.url in urls or link.text in texts]

        return sifted

    @cached_property
    def _distinct_links(self) -> tuple[dict[str, Anchor], dict[str, Anchor]]:
        """A link of each address, and one of each text."""
        links = [link for page in self.pages for link in page.links]
        return {link.url: link for link in links}, {link.text: link for link in links}

    def links_naming(self, concept: str, share: float = 0.0) -> list[Inbound]:
        """Of the `inbound` links those whose text names the concept with at least `share` of its length."""
        words = self.words
        likely = self._link_names.holding(words.bits(concept))
        return [seen for seen in likely if words.names(concept, seen.link.norm, share)]

    @cached_property
    def _link_names(self) -> Sifted[Inbound]:
        inbound = [seen for links in self.inbound.values() for seen in links]
        return Sifted(inbound, map(self.words.naming, [seen.link.norm for seen in inbound]))

    def links_to(self, page: PageView) -> list[Inbound]:
        """The links to a page, under its first and its final address."""
        seen = self.inbound_of(page.record.final_url)
        if _identity(page.record.url) != _identity(page.record.final_url):
            seen = seen + self.inbound_of(page.record.url)
        return seen

    def inbound_of(self, url: str) -> list[Inbound]:
        """The links to an address, whatever became of it."""
        return self.inbound.get(_identity(url), [])

    # Frame and content

    @cached_property
    def _frame(self) -> frozenset[tuple[str, str]]:
        if len(self.pages) < FEWEST_FOR_FRAME:
            return frozenset()
        counts: Counter[tuple[str, str]] = Counter()
        for page in self.pages:
            counts.update({(block.text, block.tag) for block in page.blocks})
        least = max(3, len(self.pages) * REPEATED)
        return frozenset(block for block, count in counts.items() if count >= least)

    def is_frame(self, block: Block) -> bool:
        """Whether a block belongs to the frame that most pages share. (A page's heading may say the same as
        the menu's entry for it.)"""
        return (block.text, block.tag) in self._frame

    # Shorthands with this portal's knowledge

    def phones(self, text: str) -> list[Phone]:
        found = phones_in(text, self.words, self.region)
        return [phone for phone in found if not self.words.is_filler_phone(phone.digits)]

    def dates(self, block: Block) -> list[Dated]:
        """Dates in a block, not later than the visit."""
        text = block.norm
        found = self._dates.get(text)
        if found is None:
            seen = dates_in(text, self.words, self.visited_at, month_first=self.region == "US")
            found = self._dates[text] = [dated for dated in seen if dated.day <= self.visited_at]
        return found

    def measured(self, name: str) -> list[Measurement]:
        """The measurements of this name, failed ones too."""
        return [m for m in self.measurements.measurements if m.name == name] if self.measurements else []

    @property
    def security(self) -> tuple[HostSecurity, ...]:
        """What the portal's hosts showed from outside, the start's first."""
        return self.measurements.security if self.measurements else ()

    def in_main_language(self, page: PageView) -> bool:
        return not page.language or same_language(page.language, self.language)


def _is_scripted(link: Anchor) -> bool:
    return not link.url and link.href[:11].lower() == "javascript:"


@lru_cache(maxsize=200_000)
def _identity(url: str) -> str:
    try:
        return identity(url)
    except ValueError:
        return url


@lru_cache(maxsize=200_000)
def host_of(url: str) -> str:
    """The host of an address in lower case, '' where it has none or is no address."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=50_000)
def body_of(host: str) -> str:
    """The registered name that a host belongs to (``behzisti.ir`` for ``sub.behzisti.ir``)."""
    found = _registered(host.lower())
    return found.top_domain_under_public_suffix or host.lower()


def _where_it_lived(home: PageView) -> Iterator[str]:
    """Addresses that tell where a saved page once stood: those that its own base makes of relative links, of
    the pictures that it takes from one host, if most of them are, and of the hosts of one name to which it
    links, if they are more than all others or by far more than those of any other name, or if most of the
    addresses to which it leads lie there."""
    here = host_of(home.url)
    for link in home.links:
        relative = link.href and ":" not in link.href[:12] and link.href[:2] != "//"
        if relative and link.url.startswith("http") and host_of(link.url) != here:
            yield link.url
            break
    pictures = Counter(body_of(host_of(image.src)) for image in home.facts.images if ":" in image.src[:8])
    name, count = max(pictures.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    if count >= OF_ITS_OWN and count * 2 > pictures.total():
        yield f"http://{name}/"
    linked = {host_of(link.url).removeprefix("www.") for link in home.links if link.url.startswith("http")}
    bodies = Counter(body_of(host) for host in linked if host != here)
    name, count = max(bodies.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    # Links to many bodies outnumber its own; that none of those has as many hosts, and that its own bare name
    # is among the links, tells it apart.
    next_best = max((other for body, other in bodies.items() if body != name), default=0)
    apart = count >= HOSTS_APART * max(next_best, 1) and name in linked
    # So does a title that has the name as a word: "BMI - Ministry of the Interior".
    titled = count > 2 * next_best and name.partition(".")[0] in re.findall(r"\w+", home.title.lower())
    if count >= OF_ITS_OWN and (count * 2 > bodies.total() or apart or titled):
        yield f"http://{name}/"
    addresses = {link.url.partition("#")[0] for link in home.links if link.url.startswith("http")}
    names = Counter(body_of(host_of(url)) for url in addresses)
    name, count = max(names.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    if count >= OF_ITS_PAGES and count * 2 > names.total():
        yield f"http://{name}/"


def _distinct(pages: Iterable[PageView]) -> tuple[PageView, ...]:
    seen: set[str] = set()
    kept = []
    for page in pages:
        if page.url not in seen:
            seen.add(page.url)
            kept.append(page)
    return tuple(kept)
