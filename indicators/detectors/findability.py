"""findability: whether search engines may read the portal, can tell its pages apart, and find them all."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from protego import Protego

from crawler.text import normalize
from indicators.detector import (
    Details,
    Verdict,
    detector,
    script_evidence,
    sitemap_evidence,
    text_evidence,
)
from indicators.detectors._checks import Check, composite, given, graded, markup_evidence, unseen
from indicators.language import same_language
from indicators.records import Evidence, PageNumbers
from indicators.site import PageView, Site
from indicators.structure import Structure, origin, repeated, structure_of
from indicators.vocabulary import Vocabulary

ENGINES = ("Googlebot", "bingbot")
"""Whose agents robots.txt is asked for; others follow what it says to all."""

ROBOTS_METAS = ("robots", "googlebot", "bingbot")
OPEN_GRAPH = ("og:title", "og:type", "og:description")
ANSWERS_FOR_MISSING = (404, 410)
BLOCKED = (401, 403, 429)


@detector("findability", version=1)
def detect(site: Site, _: Vocabulary) -> Verdict:
    whole = structure_of(site)
    if not whole.pages:
        return composite((), least="findability_checks", pages=0, confidence=0.0)
    open_pages = {page.id: not _closed(site, page) for page in whole.pages}
    titles = _unique({page.id: page.facts.title for page in whole.distinct})
    descriptions = _unique({page.id: page.facts.metas.get("description", "") for page in whole.distinct})
    languages = {page.id: _declares_language(site, page) for page in whole.pages}
    described = {page.id: _structured(page) for page in whole.pages}
    checks = (
        _indexable(site, whole, open_pages),
        _named(site, whole, titles, descriptions),
        _sitemap(site),
        _canonical_host(site),
        _missing_page(site),
        _language(site, whole, languages),
        _data(site, whole, described),
    )

    def numbers(page: PageView) -> PageNumbers:
        values: Details = {
            "indexable": open_pages[page.id],
            "unique_title": titles.get(page.id),
            "unique_description": descriptions.get(page.id),
            "language_declared": languages[page.id],
            "structured_data": described[page.id],
        }
        return PageNumbers(url=page.url, page=page.id, values=values)

    rows = [numbers(page) for page in whole.pages]
    rows.sort(key=lambda row: sum(bool(value) for value in row.values.values()))
    home = whole.pages[0]
    shown = [text_evidence(site, home, home.blocks[0], "page_seen")] if home.blocks else []
    return composite(
        checks,
        least="findability_checks",
        pages=len(whole.pages),
        numbers=rows,
        otherwise=shown,
        confidence=0.75 if site.archived else 0.85,
    )


# Indexable


def _indexable(site: Site, whole: Structure, is_open: dict[int, bool]) -> Check:
    share = sum(is_open.values()) / len(is_open)
    home = site.home
    numbers: Details = {"indexable_share": round(share, 4)}
    score = graded(share, "indexable")
    if home is not None and not is_open.get(home.id, True):
        score = 0.0  # whoever may not read the home page begins nowhere
    closed = [page for page in whole.pages if not is_open[page.id]]
    return Check("indexable_share", score, numbers, worst=given(*(_refusal(site, p) for p in closed[:2])))


def _closed(site: Site, page: PageView) -> bool:
    return _forbidden(site, page.url) or _noindex_meta(page) != "" or _noindex_header(site, page) != ""


def _forbidden(site: Site, url: str) -> bool:
    """Whether robots.txt keeps search engines from an address. What could not be read forbids nothing."""
    rules = _robots(site).get(origin(url))
    return rules is not None and not all(rules.can_fetch(url, engine) for engine in ENGINES)


def _robots(site: Site) -> dict[str, Protego]:
    known: dict[str, Protego] = site.__dict__.setdefault("_robots", {})
    if not known:
        for host in site.hosts:
            answered = host.robots_status is not None and 200 <= host.robots_status < 300
            if answered and not host.robots_text.lstrip().startswith("<"):
                known[host.host if "://" in host.host else origin(f"https://{host.host}")] = Protego.parse(
                    host.robots_text
                )
    return known


def _noindex_meta(page: PageView) -> str:
    """The name of the meta element that keeps engines away, '' if none does."""
    for name in ROBOTS_METAS:
        if {"noindex", "none"} & _directives(page.facts.metas.get(name, "")):
            return name
    return ""


def _noindex_header(site: Site, page: PageView) -> str:
    """The X-Robots-Tag header that keeps engines away, '' if none does. Of a page that the browser showed,
    the headers are those of the answer before it."""
    if site.archived:
        return ""
    record = site.latest_record(page.url) if page.record.mode == "rendered" else page.record.record_id
    if not record:
        return ""
    for name, value in site.headers(record):
        if name.lower() == "x-robots-tag":
            agent, colon, rest = value.partition(":")
            said = rest if colon and agent.strip().lower() in ROBOTS_METAS else value
            if {"noindex", "none"} & _directives(said):
                return value
    return ""


def _directives(text: str) -> set[str]:
    return {word.strip() for word in text.lower().replace(";", ",").split(",")}


def _refusal(site: Site, page: PageView) -> Evidence | None:
    """What keeps search engines from a page, where it stands in the page's own answer."""
    name = _noindex_meta(page)
    if name:
        path = (
            f"//meta[translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')='{name}']"
        )
        return markup_evidence(site, page, path, page.facts.metas[name], "noindex")
    value = _noindex_header(site, page)
    if value and page.record.mode == "plain":
        words = f"X-Robots-Tag: {value}"
        return Evidence(
            url=page.url,
            seen_at=page.record.fetched_at,
            kind="header",
            excerpt=words,
            warc_record=page.record.record_id,
            page=page.id,
            note="noindex",
        )
    return None


# Titles and descriptions


def _unique(texts: dict[int, str]) -> dict[int, bool]:
    """Page.id -> whether its text is there and no other page's."""
    normal = {number: normalize(text) for number, text in texts.items()}
    twice = repeated(normal.values())
    return {number: bool(text) and text not in twice for number, text in normal.items()}


def _named(site: Site, whole: Structure, titles: dict[int, bool], descriptions: dict[int, bool]) -> Check:
    title = sum(titles.values()) / len(titles)
    description = sum(descriptions.values()) / len(descriptions)
    numbers: Details = {
        "unique_titles_share": round(title, 4),
        "unique_descriptions_share": round(description, 4),
    }
    score = (graded(title, "unique_titles") + graded(description, "unique_descriptions")) / 2
    wrong = [page for page in whole.distinct if not titles[page.id]]
    bare = [page for page in whole.distinct if titles[page.id] and not descriptions[page.id]]
    right = [page for page in whole.distinct if titles[page.id] and descriptions[page.id]]
    worst = given(*(_title_witness(site, p) for p in wrong[:2]), *(_bare_witness(site, p) for p in bare[:1]))
    good = (right or bare)[:1]
    return Check(
        "unique_texts",
        score,
        numbers,
        worst=worst,
        best=given(*(markup_evidence(site, p, "//title", p.facts.title, "unique_title") for p in good)),
    )


def _title_witness(site: Site, page: PageView) -> Evidence | None:
    if page.facts.title:
        return markup_evidence(site, page, "//title", page.facts.title, "repeated_title")
    return text_evidence(site, page, page.blocks[0], "no_title") if page.blocks else None


def _bare_witness(site: Site, page: PageView) -> Evidence | None:
    said = page.facts.metas.get("description", "")
    path = "//meta[translate(@name, 'DESCRIPTON', 'descripton')='description']"
    if said:
        return markup_evidence(site, page, path, said, "repeated_description")
    return markup_evidence(site, page, "//title", page.facts.title, "no_description")


# Sitemap, hosts, missing pages


def _sitemap(site: Site) -> Check:
    name = "sitemap_addresses"
    listed = sum(one.entries for one in site.sitemaps if one.status == 200)
    if listed:
        first = next(one for one in site.sitemaps if one.status == 200 and one.entries and one.record_id)
        numbers: Details = {"sitemap_addresses": listed}
        return Check(name, 1.0, numbers, best=(sitemap_evidence(site, first, "xml_sitemap"),))
    if site.archived:
        return unseen(name, "a saved copy holds only what links lead to")
    if not site.sitemaps:
        return unseen(name, "no XML sitemap was asked for")
    if any(one.status is None or one.status in BLOCKED or one.status >= 500 for one in site.sitemaps):
        return unseen(name, "the XML sitemap could not be read")
    nothing: Details = {"sitemap_addresses": 0}
    return Check(name, 0.0, nothing)


def _canonical_host(site: Site) -> Check:
    """Whether the twins of the portal's address (with and without www, HTTP and HTTPS), as far as the visit
    asked for one, lead to one host."""
    name = "one_host"
    home = site.home
    if site.archived or home is None:
        return unseen(name, "a saved copy has no twin of its address")
    main = origin(home.url)
    led = apart = 0
    for record in site.all_pages:
        for asked in {origin(record.url), origin(record.final_url)} - {main}:
            if not _twins(asked, main):
                continue
            if origin(record.final_url) == main:
                led += 1
            elif record.outcome == "ok" and not _names_main(site, record.final_url, main):
                apart += 1
    if not led and not apart:
        return unseen(name, "no twin of the portal's address was asked for")
    numbers: Details = {"one_host": not apart}
    return Check(name, 0.0 if apart else 1.0, numbers)


def _twins(one: str, other: str) -> bool:
    """Two origins that differ in www or in HTTP and HTTPS only."""
    first, second = urlsplit(one), urlsplit(other)
    bare = (first.hostname or "").removeprefix("www."), (second.hostname or "").removeprefix("www.")
    return bare[0] == bare[1] and (first.port is None) == (second.port is None)


def _names_main(site: Site, url: str, main: str) -> bool:
    page = site.target(url).page
    links = page.links if page is not None else ()
    return any("canonical" in link.rel.split() and origin(link.url) == main for link in links)


def _missing_page(site: Site) -> Check:
    name = "missing_page_status"
    home = site.home
    if site.archived or home is None:
        return unseen(name, "a saved copy: the answers are not the portal's")
    hosts = {host.host: host.missing_page_status for host in site.hosts}
    status = hosts.get(origin(home.url), hosts.get(urlsplit(home.url).netloc))
    if status is None:
        return unseen(name, "no address that cannot exist was asked for")
    if status in BLOCKED:
        return unseen(name, "the question for a missing page was turned away")
    numbers: Details = {"missing_page_status": status}
    return Check(name, 1.0 if status in ANSWERS_FOR_MISSING else 0.0, numbers)


# Language and structured data


def _declares_language(site: Site, page: PageView) -> bool:
    """Whether the page says in which language it is written, and not wrongly. The portal's main language is
    never called wrong: short texts of names and numbers are easily taken for a sister language."""
    said = page.facts.lang or page.facts.metas.get("content-language", "").split(",")[0].strip().lower()
    code = said.split("-")[0]
    if not said:
        return False
    return same_language(site.language, code) or not page.language or same_language(page.language, code)


def _language(site: Site, whole: Structure, declared: dict[int, bool]) -> Check:
    share = sum(declared.values()) / len(declared)
    numbers: Details = {"language_share": round(share, 4)}
    wrong = [page for page in whole.pages if not declared[page.id]]
    right = [page for page in whole.pages if declared[page.id] and page.facts.lang]
    return Check(
        "language_share",
        graded(share, "language"),
        numbers,
        worst=given(*(_language_witness(site, page) for page in wrong[:1])),
        best=given(*(markup_evidence(site, p, "/*", p.facts.lang, "language_declared") for p in right[:1])),
    )


def _language_witness(site: Site, page: PageView) -> Evidence | None:
    if page.facts.lang:
        return markup_evidence(site, page, "/*", page.facts.lang, "wrong_language")
    return text_evidence(site, page, page.blocks[0], "no_language") if page.blocks else None


def _structured(page: PageView) -> bool:
    return any(page.facts.metas.get(name) for name in OPEN_GRAPH) or _has_type(page) or page.facts.microdata


def _has_type(page: PageView) -> bool:
    return any(item.get("@type") for item in page.structured())


def _data(site: Site, whole: Structure, described: dict[int, bool]) -> Check:
    share = sum(described.values()) / len(described)
    numbers: Details = {"structured_share": round(share, 4)}
    right = [page for page in whole.pages if described[page.id]]
    best = next(_data_witnesses(site, right[0]), None) if right else None
    return Check("structured_share", graded(share, "structured"), numbers, best=given(best))


def _data_witnesses(site: Site, page: PageView) -> Iterator[Evidence]:
    for number, text in enumerate(page.scripts()):
        if '"@type"' in text and "@context" in text:
            yield script_evidence(site, page, number, " ".join(text.split())[:200], "structured_data")
    for name in OPEN_GRAPH:
        if said := page.facts.metas.get(name, ""):
            shown = markup_evidence(site, page, f"//meta[@property='{name}']", said, "open_graph")
            yield from given(shown)
    yield from given(markup_evidence(site, page, "//*[@itemtype]", "schema.org", "structured_data"))
