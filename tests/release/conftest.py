"""A checkout of its own for each test, as git has it, in which a release can be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checkout import copied, git


def commit(project: Path) -> None:
    """All that is there."""
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "as it is")


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is now, committed. Nobody changes it."""
    to = copied(tmp_path_factory.mktemp("sources"))
    git(to, "init", "--quiet")
    commit(to)
    return to


_MAKEFILE = """\
deb:
\t@mkdir -p dist; for each in unsit unsit-page; do echo $$each >dist/$${each}_{version}_all.deb; done
user-data:
\t@mkdir -p dist/user-data; echo user-data >dist/user-data/user-data
image:
\t@mkdir -p dist; echo image >dist/unsit-{version}-arm64.img.zst
\t@printf 'base-files\\t13.8\\tarm64\\nunsit\\t{version}\\tall\\n' >dist/unsit-{version}-arm64.packages
"""


@pytest.fixture
def checkout(sources: Path, tmp_path: Path) -> Path:
    """One in which version 9.8.7 can be released; its .deb and its image are a line of text each."""
    to = tmp_path / "checkout"
    git(tmp_path, "clone", "--quiet", str(sources), str(to))
    package = to / "device/__init__.py"
    said, _ = package.read_text("utf-8").rsplit("__version__", 1)
    package.write_text(f'{said}__version__ = "9.8.7"\n', "utf-8")
    (to / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n## 9.8.7 - 2026-11-30\n\n- Rings.\n", "utf-8")
    (to / "Makefile").write_text(_MAKEFILE.replace("{version}", "9.8.7"), "utf-8")
    commit(to)
    return to
