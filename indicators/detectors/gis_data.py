"""gis_data: a map application, geographic data or a geographic service about the agency's field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import (
    Verdict,
    absent,
    detector,
    file_evidence,
    first,
    form_evidence,
    found,
    link_evidence,
    place,
    text_evidence,
)
from indicators.detectors._forms import is_called
from indicators.detectors._shared import is_host_of, says_nothing
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

_GEOGRAPHIC = re.compile(r"\.(?:geojson|topojson|kml|kmz|gpkg|gml|shp|gpx)(?:\.zip)?(?:$|[?#])", re.I)
_SERVICE = re.compile(
    r"(?:[?&]service=(?:wms|wfs|wmts)\b|/arcgis/(?:rest|apps|home)|/geoserver/|/mapserver\b"
    r"|/(?:wms|wfs|wmts)(?:$|[?/])"
    r"|arcgis\.com/(?:apps|home)|/webgis\b|/geoportal\b)",
    re.I,
)
_GEO_MEDIA = ("geo+json", "vnd.google-earth", "geopackage", "gml+xml")
_GEO_HEAD = re.compile(r'"(?:FeatureCollection|Feature)"|<kml\b|<gml:', re.I)
_PLACE = re.compile(r"[?&/](?:q|query|place|dir|cid|ll)[=/]|/embed|/maps/|maps\.app", re.I)

SWITCHES = 2
"""Check boxes or choices on a map's page that switch its layers."""


@detector("gis_data", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    likely = candidates(site, "gis")
    files = list(_files(site))
    if files:
        return found("yes", *first(files), confidence=0.95)
    services = list(_services(site, words))
    if services:
        return found("yes", *first(services), confidence=0.9)
    visited = []
    for page in likely:
        shown = _application(site, page, words)
        if shown is not None:
            return found("yes", shown, confidence=0.9)
        visited.append(place(page, "no map with layers, no geographic data"))
    for page in site.pages:  # whatever its name: who can switch layers looks at a map
        switch = _layer_switch(site, page, words)
        if switch is not None:
            return found("yes", switch, confidence=0.85)
    return absent(site, "gis", visited=visited)


def _files(site: Site) -> Iterator[Evidence]:
    """Files of geographic data that answered."""
    geographic = {
        file.url
        for file in site.files
        if file.outcome == "ok"
        and (
            _GEOGRAPHIC.search(file.url)
            or any(name in file.media_type for name in _GEO_MEDIA)
            or ("json" in file.media_type and _GEO_HEAD.search(file.head))
        )
    }
    linked = set()
    for page in site.pages if geographic else ():
        for link in page.links:
            if link.visible and link.url in geographic and link.url not in linked and link.text:
                linked.add(link.url)
                yield link_evidence(site, page, link, "geographic_file")
    for file in site.files:
        if file.url in geographic and file.url not in linked and file.head:
            yield file_evidence(file, "geographic_file")


def _services(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Links or frames to a geographic service of the agency itself: on its own hosts, or on one of the same
    registered name; elsewhere only where it is embedded in a page about maps."""

    def leads_there(url: str) -> bool:
        foreign = url.startswith("http") and not site.is_own(url)
        return (foreign and site.is_sibling(url)) or bool(_SERVICE.search(url))

    likely = site.sift(address=leads_there)
    for page in site.pages:
        for link in likely(page):
            if not link.url.startswith("http") or not link.visible or link.tag == "link":
                continue
            if _SERVICE.search(link.url):
                kin = site.is_own(link.url) or site.is_sibling(link.url)
                if (kin or (link.tag == "iframe" and not _PLACE.search(link.url))) and site.works(link.url):
                    yield link_evidence(site, page, link, "geographic_service")
            else:
                named = len(link.text) <= LONGEST_NAME and (
                    words.names("gis", link.norm, 0.15)
                    or (link.tag == "a" and is_host_of(site, link.url, words, "gis"))
                )
                if named or (link.tag == "iframe" and is_called(site, page, words, "gis", 0.4)):
                    yield link_evidence(site, page, link, "geographic_service")


def _layer_switch(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """The first of two or more switches that are called layers."""
    for form in page.forms if page.depth else ():
        named = [
            control
            for control in form.controls
            if control.type in ("checkbox", "radio") and words.signs("map_layer", control.norm)
        ]
        if len(named) >= SWITCHES:
            return form_evidence(site, page, form, "map_layers", named[0])
    return None


def _application(site: Site, page: PageView, words: Vocabulary) -> Evidence | None:
    """A page about maps that shows layers to switch on and off, or speaks of layers and how to read them."""
    if page.depth == 0 or says_nothing(site, page):
        return None
    switches = sum(
        control.type in ("checkbox", "radio", "range")
        for form in page.forms
        for control in form.controls
        if form.area not in ("header", "footer", "menu")
    )
    named = page.signing("map_layer")
    signs = {sign for block in named for sign in words.signs("map_layer", block.norm)}
    heading = next((b for b in page.headings if words.names("gis", b.norm)), None)
    if named and heading is not None and (switches >= SWITCHES or len(signs) >= 2):
        return text_evidence(
            site,
            page,
            max(named, key=lambda b: (len(words.signs("map_layer", b.norm)), -b.node)),
            "map_layers",
        )
    return None
