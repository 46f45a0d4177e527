"""What each odd portal answers: a function per portal, by its id in the catalogue (``-`` for ``_``)."""

from __future__ import annotations

from tests.odd.portals import (
    addresses,
    hostile,
    inward,
    markup,
    names,
    robots,
    scripts,
    sizes,
    texts,
    walls,
    wire,
)
from tests.odd.server import Portal

PORTALS: dict[str, Portal] = {
    name.replace("_", "-"): portal
    for module in (addresses, hostile, inward, markup, names, robots, scripts, sizes, texts, walls, wire)
    for name, portal in vars(module).items()
    if callable(portal) and getattr(portal, "__module__", "") == module.__name__ and not name.startswith("_")
}
