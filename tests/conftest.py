"""In which order the files come where several processes share them; examples without a time limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more of what else runs on the machine than of the code.
settings.register_profile("dargah", deadline=None)
settings.load_profile("dargah")

USUAL_SECONDS = 300.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest go first: begun last, one of them would keep a processor busy while the
    others have nothing left to do."""
    ranks: dict[Path, tuple[float, bool, bool]] = {}
    for item in items:
        ranks[item.path] = max(ranks.get(item.path, _rank(item)), _rank(item))
    items.sort(key=lambda item: ranks[item.path], reverse=True)  # stable, so files stay whole and in order


def _rank(item: pytest.Item) -> tuple[float, bool, bool]:
    allowed = item.get_closest_marker("timeout")
    seconds = float(allowed.args[0]) if allowed and allowed.args else USUAL_SECONDS
    slow, browser = (item.get_closest_marker(name) is not None for name in ("slow", "browser"))
    return seconds, slow, browser
