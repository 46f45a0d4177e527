"""A browser for the demo's portals: the Chromium that the auditor itself would use."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

from crawler.browser import find_chromium


def launch(playwright: Playwright) -> Browser:
    binary = find_chromium()
    assert binary is not None, "no Chromium: run make setup"
    return playwright.chromium.launch(executable_path=binary.path, args=["--no-sandbox", "--disable-gpu"])
