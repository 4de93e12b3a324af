"""Programs that tests need: which of them are missing, and in which Debian packages they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import pytest


def missing(tools: Mapping[str, str]) -> str | None:
    """What has to be installed first, in a line, or None; `tools` has each command with the packages it is in."""
    packages = [packages for tool, packages in tools.items() if shutil.which(tool) is None]
    return f"not installed: sudo apt install {' '.join(packages)}" if packages else None


def takes(tools: Mapping[str, str]) -> pytest.MarkDecorator:
    """Where one of these is missing, the test steps aside. On CI it fails: a check that steps aside unseen is none."""
    reason = missing(tools)
    return pytest.mark.skipif(reason is not None and not os.environ.get("CI"), reason=reason or "all is here")
