"""For all tests: a computer with other things to do is no reason to fail, and there is one browser for all."""

from collections.abc import Iterator

import pytest
from coverage import Coverage
from hypothesis import is_hypothesis_test, settings

from tests.rig import browser

__all__ = ["browser"]

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Coverage counts what somebody has thought of; made-up examples are others each time, and slow to be counted."""
    counting = Coverage.current()
    if counting is None or not (isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)):
        yield
        return
    counting.stop()
    try:
        yield
    finally:
        counting.start()
