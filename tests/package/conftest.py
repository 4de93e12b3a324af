"""The packages of three versions, and a word on why there is no Debian to try them in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.package.debians import TOOLS
from tests.package.versions import NEWER, OLDER, built, version_here
from tests.tools import missing


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of an older version, of this one and of a newer one, each in its own."""
    if os.geteuid():
        pytest.skip("only root enters a Debian of its own")
    if lacks := missing(TOOLS):
        pytest.skip(lacks)
    return built(tmp_path_factory.mktemp("packages"), tmp_path_factory.mktemp("sources"), OLDER, version_here(), NEWER)
