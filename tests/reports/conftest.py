from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from crawler.browser import require_chromium, sandbox_usable
from reports.build import build
from reports.data import ReportInput
from tests.reports.sample import sample


@dataclass(frozen=True)
class Built:
    folder: Path
    report: ReportInput
    captures: object


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("province")
    report, captures = sample(root)
    folder = root / "report"
    assert build(report, captures, folder) == folder / "index.html"
    return Built(folder, report, captures)


@pytest.fixture(scope="module")
def browser(built: Built) -> Iterator[Browser]:
    # After `built`: the report takes its pictures in an event loop, and none may be running then.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(require_chromium().path), chromium_sandbox=sandbox_usable()
        )
        yield chromium
        chromium.close()
