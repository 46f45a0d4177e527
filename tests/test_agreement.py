"""The benchmark of agreement: what counts as agreement, and that no processor time is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.agreement import METRICS, difference, summary, typical
from benchmarks.kinds import KINDS, answers


def row(
    own: dict[str, float], theirs: dict[str, float], cost: tuple[float, float] = (1, 8)
) -> dict[str, Any]:
    base = dict.fromkeys(METRICS, 100.0) | {"cls": 0.0}
    return {
        "ours": base | own,
        "lighthouse": base | theirs,
        "our_cpu_seconds": cost[0],
        "lighthouse_cpu_seconds": cost[1],
    }


def test_nothing_beside_nothing_is_no_agreement() -> None:
    still = row({"tbt": 0, "cls": 0}, {"tbt": 10, "cls": 0})
    assert difference("tbt", still) is None
    assert difference("cls", still) is None
    assert difference("tbt", row({"tbt": 80}, {"tbt": 0})) == float("inf")
    assert difference("lcp", row({"lcp": 90}, {})) == pytest.approx(-0.1)
    assert difference("ttfb", row({"ttfb": 90}, {})) == -10
    assert difference("cls", row({"cls": 0.1}, {"cls": 0.25})) == pytest.approx(-0.15)


def test_limits_are_kept_by_medians_and_cost_and_not_without_pages_that_tell() -> None:
    good = row({"tbt": 110, "cls": 0.11}, {"cls": 0.1})
    assert summary({"a": good, "b": good})["within_limits"]
    told = summary({"a": good, "b": good, "c": row({"lcp": 500}, {}), "d": {"reason": "no report"}})
    assert told["within_limits"]
    assert told["cost"] == 0.125
    assert told["pages_that_tell"]["cls"] == 2
    for worse in (
        row({"tbt": 150, "cls": 0.11}, {"cls": 0.1}),
        row({"cls": 0.2}, {"cls": 0.1}),
        row({"cls": 0.1, "ttfb": 130}, {"cls": 0.1}),
        row({"cls": 0.1, "lcp": 80}, {"cls": 0.1}),
        row({"cls": 0.1}, {"cls": 0.1}, cost=(3, 8)),
        row({}, {}),
    ):
        assert not summary({"a": worse})["within_limits"]


def test_of_several_loads_each_value_is_the_median_and_none_may_be_missing() -> None:
    loads = [
        row({"lcp": 900, "tbt": 0}, {"lcp": 1000}, cost=(1, 9)),
        row({"lcp": 500, "tbt": 80}, {"lcp": 3000}, cost=(2, 8)),
        row({"lcp": 800, "tbt": 10}, {"lcp": 900}, cost=(4, 10)),
    ]
    told = typical(loads)
    assert (told["ours"]["lcp"], told["ours"]["tbt"], told["lighthouse"]["lcp"]) == (800, 10, 1000)
    assert (told["our_cpu_seconds"], told["lighthouse_cpu_seconds"]) == (2, 9)
    assert typical([*loads, {"reason": "no report"}]) == {"reason": "no report"}


def test_every_kind_has_a_page_and_all_that_it_names_is_served() -> None:
    assert len(KINDS) == 20
    assert {f"/{kind}/" for kind in KINDS} <= set(answers())
    pages = [one.body.decode() for one in answers().values() if one.media_type.startswith("text/html")]
    named = {path for page in pages for path in re.findall(r"""src=["'](/[^"']+)|url\((/[^)]+)""", page)}
    assert {source or target for source, target in named} <= set(answers())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts orphans")
def test_processor_time_of_those_left_behind_counts() -> None:
    burn = "import time\nwhile time.process_time() < 0.6: pass"
    leave = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}], start_new_session=True)"
    )
    stay = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {leave!r}]).wait(); sys.exit(3)"
    command = [sys.executable, "-m", "benchmarks.cpu", sys.executable, "-c", stay]
    counted = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    assert counted.returncode == 3
    assert 0.6 <= float(counted.stdout) < 3
