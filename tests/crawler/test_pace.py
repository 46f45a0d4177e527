"""The pause between two requests to a host, on a clock that the test moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pace import LONGEST_CRAWL_DELAY, LONGEST_PAUSE, Pace

HOST = "portal.example"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_host_is_free_at_first_and_then_after_its_pause() -> None:
    clock = Clock()
    pace = Pace(2.0, clock)
    assert pace.left(HOST) <= 0
    pace.answered(HOST, 0.1)
    assert pace.left(HOST) == 2.0
    assert pace.left("other.example") <= 0
    clock.now += 1.5
    assert pace.left(HOST) == 0.5


def test_the_pause_grows_with_a_slow_portal_and_shrinks_back() -> None:
    pace = Pace(1.0, Clock())
    pauses = []
    for seconds in (0.2, 8.0, 8.0, 8.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2):
        pace.answered(HOST, seconds)
        pauses.append(pace.pause(HOST))
    assert pauses[:4] == [1.0, 4.5, 6.25, 7.125]
    assert pauses[4:] == sorted(pauses[4:], reverse=True)
    assert pauses[-1] == 1.0


@pytest.mark.parametrize("base", [0.0, 1.0])
def test_a_refusal_doubles_it_within_bounds_and_is_forgiven(base: float) -> None:
    pace = Pace(base, Clock())
    pauses = []
    for _ in range(20):
        pace.answered(HOST, 0.1, 429)
        pauses.append(pace.pause(HOST))
    assert pauses[0] == max(0.25, 2 * base)
    assert pauses[1] == 2 * pauses[0]
    assert pauses[-1] == LONGEST_PAUSE
    for _ in range(20):
        pace.answered(HOST, 0.1, 200)
    assert pace.pause(HOST) == base


def test_without_a_base_only_refusals_count() -> None:
    pace = Pace(0.0, Clock())
    pace.answered(HOST, 9.0)
    assert pace.pause(HOST) == 0.0


def test_the_browsers_requests_begin_a_pause_too() -> None:
    pace = Pace(3.0, Clock())
    pace.asked(HOST)
    assert pace.left(HOST) == 3.0


def test_a_crawl_delay_is_kept_up_to_a_bound() -> None:
    pace = Pace(1.0, Clock())
    pace.heed(HOST, 10.0)
    pace.answered(HOST, 0.1)
    assert pace.left(HOST) == 10.0
    pace.heed(HOST, 86_400.0)
    assert pace.pause(HOST) == LONGEST_CRAWL_DELAY


@given(
    st.floats(0, 60),
    st.floats(0, 600),
    st.lists(st.tuples(st.floats(0, 600), st.sampled_from([200, 404, 429, 503, None])), max_size=40),
)
def test_it_stays_between_what_is_owed_and_the_longest(
    base: float, crawl_delay: float, answers: list[tuple[float, int | None]]
) -> None:
    pace = Pace(base, Clock())
    pace.heed(HOST, crawl_delay)
    for seconds, status in answers:
        pace.answered(HOST, seconds, status)
        assert max(base, min(crawl_delay, LONGEST_CRAWL_DELAY)) <= pace.pause(HOST) <= LONGEST_PAUSE
