"""Every odd portal of the catalogue is visited for real, and becomes what the catalogue says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.odd.__main__ import ROOT, environment, table_for_docs
from tests.odd.catalogue import Odd, catalogue
from tests.odd.compare import differences
from tests.odd.server import Served, serve

PLAIN_AT_A_TIME, BROWSERS_AT_A_TIME = 6, 2
SECONDS = 280


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Served]]]:
    """Visits all portals: the plain ones in one process, those that need a browser in another."""
    home = tmp_path_factory.mktemp("odd")
    with serve(catalogue(), home) as served:
        runs = [
            _begin(home, [odd.id for odd in catalogue() if odd.browser is browser], browser=browser)
            for browser in (False, True)
        ]
        for run in runs:
            _, errors = run.communicate(timeout=SECONDS)
            assert run.returncode == 0, errors[-4_000:]
        yield home, served


def _begin(home: Path, portals: list[str], *, browser: bool) -> subprocess.Popen[str]:
    surroundings = environment(home)
    if not browser:
        surroundings["DARGAH_CHROMIUM"] = os.devnull
    at_a_time = BROWSERS_AT_A_TIME if browser else PLAIN_AT_A_TIME
    return subprocess.Popen(
        [sys.executable, "-m", "tests.odd.visits", str(home / "agencies.yaml"), str(home / "captures"),
         str(at_a_time), *portals],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=surroundings, cwd=ROOT,
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("odd", catalogue(), ids=lambda odd: odd.id)
def test_an_odd_portal_becomes_what_the_catalogue_says(
    odd: Odd, visited: tuple[Path, dict[str, Served]]
) -> None:
    home, served = visited
    assert differences(served[odd.id], home / "captures" / odd.id, browser=odd.browser) == []


def test_the_documentation_tells_of_every_odd_portal() -> None:
    assert table_for_docs() in (ROOT / "docs/crawling.md").read_text(encoding="utf-8")
