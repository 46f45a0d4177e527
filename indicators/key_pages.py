"""The pages of a portal that are worth measuring beside its home page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from audits.records import MeasuredPage
from crawler.capture import POSTED
from crawler.portal import KEY_PAGES, KeyPageKind
from indicators.candidates import candidates
from indicators.detectors._forms import is_search_field
from indicators.detectors.login_verification import doors
from indicators.site import Site


def key_pages(site: Site, wanted: Sequence[KeyPageKind] = KEY_PAGES) -> list[MeasuredPage]:
    """One page of each wanted kind, in that order, as far as the visit saw one: on a host of the portal's
    own, to be opened by its address alone, not the home page and none twice."""
    taken = {page.final_url for page in (site.home,) if page is not None}
    found = []
    for kind in wanted:
        for url in _FINDERS[kind](site):
            if url not in taken and f"#{POSTED}" not in url and site.is_own(url):
                taken.add(url)
                found.append(MeasuredPage(kind=kind, url=url))
                break
    return found


def _named(concept: str) -> Callable[[Site], Iterator[str]]:
    """The pages that are called so."""

    def find(site: Site) -> Iterator[str]:
        return (page.final_url for page in candidates(site, concept) if page.depth)

    return find


def _search(site: Site) -> Iterator[str]:
    """The answer to a query that the visit put to the portal's search, else a page with a search box whose
    name says that it is there for searching."""
    answers = {page.id: page.final_url for page in site.all_pages if page.outcome == "ok"}
    for search in site.searches:
        if search.kind == "title" and search.page in answers:
            yield answers[search.page]
    for page in candidates(site, "search"):
        if page.depth and any(is_search_field(site.words, c) for form in page.forms for c in form.controls):
            yield page.final_url


def _login(site: Site) -> Iterator[str]:
    """A page where the public logs in, else one where anybody does; the staff's doors, and the pages of
    others to which a log-in leads, are left alone."""
    called = {page.id for page in candidates(site, "login")}
    open_to_us = [door for door in doors(site, site.words) if door.page.depth and not door.staff]
    open_to_us.sort(key=lambda door: (not door.public, door.page.id not in called))
    return (door.page.final_url for door in open_to_us)


_FINDERS: Mapping[KeyPageKind, Callable[[Site], Iterator[str]]] = {
    "contact": _named("contact"),
    "services": _named("services"),
    "search": _search,
    "news": _named("news"),
    "login": _login,
}
