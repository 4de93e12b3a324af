"""The builds that the case's tests go through: the one that is shipped, and with `slow` every other."""

from __future__ import annotations

from typing import Any

import pytest

from hardware.wiring.wires import SHIPPED, builds

OTHERS: list[Any] = [pytest.param(build, marks=pytest.mark.slow) for build in builds() if build != SHIPPED]
BUILDS: list[Any] = [SHIPPED, *OTHERS]
