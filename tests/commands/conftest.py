"""What tests of commands share: answers of one small study, which they read and do not change."""

import pytest


@pytest.fixture(scope="session")
def kept_answers():
    return {}


@pytest.fixture
def small_drivers(command, write_study, kept_answers):
    """Return a function that gives what `sensitivity` answers of the small study, found once for all."""

    def answered(*arguments):
        if arguments not in kept_answers:
            kept_answers[arguments] = command("sensitivity", write_study(), "--samples", "2048", *arguments)
        return kept_answers[arguments]

    return answered
