"""Peak memory of a visit to a small and to a large portal: it must hardly grow with the pages.

Run with ``make benchmark NAME=crawl_memory`` (or ``python -m benchmarks.crawl_memory [--json]``). Measured is
the resident memory of the visit's own process, without a browser: that works in other processes and sees some
forty pages, however large the portal is. Exit status 1 if it grows by `LIMIT` or more.
"""

from __future__ import annotations

import argparse
import json

from benchmarks.crawl_speed import crawl

LIMIT = 0.25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=500, help="pages of the small portal")
    parser.add_argument("--large", type=int, default=10_000, help="pages of the large portal")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    visits = [crawl("dargah", pages) for pages in (arguments.small, arguments.large)]
    small, large = (visit for visit in visits if visit is not None)
    growth = round(large["peak_megabytes"] / small["peak_megabytes"] - 1, 3)
    result = {
        "small": small,
        "large": large,
        "growth": growth,
        "limit": LIMIT,
        "within_limits": growth < LIMIT,
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        for visit in (small, large):
            print(f"{visit['pages']:6} pages{visit['seconds']:9.1f} s{visit['peak_megabytes']:9.1f} MB")
        print(f"growth {growth:.1%} (less than {LIMIT:.0%})")
    return 0 if result["within_limits"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
