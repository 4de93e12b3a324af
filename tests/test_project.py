"""What the documents and the Makefile promise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from device.words.facts import KINDS, BoutForgotten

PROJECT = Path(__file__).parent.parent
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")])
EVERY_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of that language; the ones without a language by ""."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", document.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [block for of, block in found if of == language]


# ---- the documents


@EVERY_DOCUMENT
def test_a_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text("utf-8"))
    local = [link for link in links if not link.startswith("https://")]
    assert [link for link in local if not (document.parent / link).exists()] == []


@EVERY_DOCUMENT
def test_a_settings_file_in_a_document_loads(document: Path, tmp_path: Path) -> None:
    for block in blocks(document, "toml"):
        if "[[" in block or document.name in ("adding-a-language.md", "adding-a-screen.md", "office.md"):
            continue  # a stretch, the words of a language, or the office's own file
        file = tmp_path / "unsit.toml"
        file.write_text(block, "utf-8")
        load_settings(file)


@EVERY_DOCUMENT
def test_a_setting_that_a_document_names_exists(document: Path) -> None:
    sections = {section: {key.removesuffix("_s") for key in part} for section, part in asdict(Settings()).items()}
    named = re.findall(r"`(\w+)\.(\w+)(?: = [^`]*)?`", document.read_text("utf-8"))
    wrong = [f"{section}.{key}" for section, key in named if section in sections and key not in sections[section]]
    # `stretches.toml` and the like are files.
    assert [name for name in wrong if not name.endswith((".toml", ".py"))] == []


@EVERY_DOCUMENT
def test_a_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`((?:device|hardware|tests|systemd|docs)/[\w./-]*)`", document.read_text("utf-8"))
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_fact_is_in_its_document_with_its_details_and_no_other() -> None:
    table = (PROJECT / "docs/facts.md").read_text("utf-8").split("## The summary")[0].split("| fact | said when")[1]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    told = {name: set(re.findall(r"`(\w+)`", row[3])) for row in rows for name in re.findall(r"`(\w+)`", row[1])}
    # This one stands only in the journal.
    kinds = {name: kind for name, kind in KINDS.items() if kind is not BoutForgotten}
    assert told.keys() == kinds.keys()
    for name, kind in kinds.items():
        assert {each.name for each in fields(kind)} - {"t", "said", "more"} <= told[name], name
    assert f"`{BoutForgotten.name}`" in (PROJECT / "docs/journal.md").read_text("utf-8")


def test_the_day_in_the_readme_can_be_played(tmp_path: Path) -> None:
    (text,) = [block for block in blocks(PROJECT / "README.md", "") if block.startswith("t,input,value")]
    day = tmp_path / "day.csv"
    day.write_text(text)
    ran = subprocess.run(
        [sys.executable, "-m", "device", "replay", str(day)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    facts = [json.loads(line)["fact"] for line in ran.stdout.splitlines()]
    assert {"invite", "due", "acknowledged", "guide_started", "break_honoured"} <= set(facts)


# ---- the Makefile


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """As much of a fresh checkout as the Makefile looks at before it installs anything."""
    for name in ("Makefile", "setup.py", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def python_that(folder: Path, answers: str) -> str:
    """A command that answers as some other Python would."""
    command = folder / "some-python"
    command.write_text(f'#!/bin/sh\ncase "$*" in\n{answers}\nesac\n')
    command.chmod(0o755)
    return f"PYTHON={command}"


def test_bare_make_prints_what_there_is(fresh: Path) -> None:
    said = make(fresh).stdout
    phony = set(re.findall(r"^\.PHONY: (\S+)", (fresh / "Makefile").read_text("utf-8"), re.MULTILINE))
    explained = set(re.findall(r"^  make (\S+) +\S", said, re.MULTILINE))
    assert explained == phony - {"go-live", "page-go-live"}, "these are parts of install and install-page"
    assert not (fresh / ".venv").exists()


def test_a_python_that_is_too_old_is_named_in_one_line(fresh: Path) -> None:
    old = python_that(fresh, '*version_info*) exit 1;;\n--version) echo "Python 3.9.2";;')
    ran = make(fresh, "run", old)
    assert ran.returncode != 0
    said = ran.stderr.splitlines()[0]
    assert "3.11 or newer" in said
    assert "Python 3.9.2" in said
    assert not (fresh / ".venv").exists()


def test_a_python_without_its_venv_module_is_told_what_to_install(fresh: Path) -> None:
    ran = make(fresh, "test", python_that(fresh, "*ensurepip*) exit 1;;"))
    assert ran.returncode != 0
    assert "apt install python3-venv" in ran.stderr.splitlines()[0]
    assert not (fresh / ".venv").exists()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_no_line_of_what_everybody_reads_is_longer_than_one_of_code(name: str) -> None:
    lines = (PROJECT / name).read_text("utf-8").splitlines()
    assert [f"{number}: {line}" for number, line in enumerate(lines, 1) if len(line) > 120] == []
