"""Every language names every concept, or it is said here why not."""

import pytest

from indicators.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()

ADDRESSES_ONLY = {"widget"}
"""Concepts known by parts of addresses alone, which are English on every portal."""

HINTED = {
    "strategy", "plan_word", "egov", "egovernment", "digital_transformation", "it_infrastructure",
    "progress_measure", "emerging_tech", "smart_assistant", "access_promise", "eparticipation",
    "social_policy", "data_driven", "once_only", "integration", "interagency", "address_change",
    "personal_area", "personal_edit", "visit_counter", "data_integrity", "access_key", "own_network",
    "satisfied", "dissatisfied",
}  # fmt: skip
"""Concepts of hints, which never settle an answer: a language may still lack their words."""

TOLERATED = ADDRESSES_ONLY | HINTED


@pytest.mark.parametrize("code", ["fa", "ar", "en", "it", "fr", "es", "pt", "de", "ru", "el"])
def test_every_concept_has_words(code: str) -> None:
    language = VOCABULARY.languages[code]
    named = {name for name, concept in language.concepts.items() if concept.words or concept.text}
    assert named >= set(VOCABULARY.languages["en"].concepts) - TOLERATED


def test_every_language_reads_dates_and_says_how_long_ago() -> None:
    for code in ("it", "fr", "es", "pt", "de", "ru", "el"):
        language = VOCABULARY.languages[code]
        assert all(language.months.gregorian) and len(language.months.gregorian) == 12
        assert {"hours", "days", "weeks", "months"} <= language.ago.keys()
