"""For all tests: a computer with other things to do is no reason to fail, and there is one browser for all."""

from hypothesis import settings

from tests.rig import browser

__all__ = ["browser"]

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
