"""How this Unsit was installed, for those who say what is missing and for those who start one more process of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_ENVIRONMENT, _PACKAGES = "/opt/unsit", "/usr/lib/unsit"
"""Where `make install` and the Debian packages put it."""
_MODULES = Path(__file__).parents[2]


def is_of_debian(modules: Path = _MODULES) -> bool:
    """Whether these modules come from the Debian packages."""
    return modules.is_relative_to(_PACKAGES)


def is_installed() -> bool:
    """Whether it is the one that the service runs, rather than a checkout."""
    return sys.prefix == _ENVIRONMENT or is_of_debian()


def brings(part: str, *, of_debian: bool | None = None) -> str:
    """The command that installs a part beside the device, such as page."""
    if is_of_debian() if of_debian is None else of_debian:
        return f"sudo apt install unsit-{part}"
    return f"sudo make install-{part}"


def comes_with(part: str, *, of_debian: bool | None = None) -> str:
    """The same in a sentence about a library of that part."""
    if is_of_debian() if of_debian is None else of_debian:
        return f"comes with `{brings(part, of_debian=True)}`"
    return f"comes with `{brings(part, of_debian=False)}`, in a checkout with `make run`"


def sets_anew() -> str:
    """The command that settles once more where the page is reached."""
    return "sudo dpkg-reconfigure unsit-page" if is_of_debian() else brings("page")


def with_modules(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for a Python that is to have these modules, wherever they lie."""
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, [str(_MODULES), environment.get("PYTHONPATH")]))}
