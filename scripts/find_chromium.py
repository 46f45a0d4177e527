"""Says which Chromium an audit would use; status 1 if there is none. For scripts/setup-chromium."""

from crawler.browser import find_chromium

found = find_chromium()
if found is None:
    raise SystemExit(1)
print(f"Chromium {found.version} ({found.origin}): {found.path}")
