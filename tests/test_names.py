"""One word has one meaning: docs/words.md names what is there, and no two classes share a name."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).parents[1]
FOLDERS = ("device", "hardware", "systemd/making")
MODULES = [file for folder in FOLDERS for file in sorted((PROJECT / folder).rglob("*.py"))]
TREES = {file: ast.parse(file.read_text("utf-8")) for file in MODULES}


def classes() -> dict[str, list[str]]:
    """Where each class is defined, by its name without underscores."""
    found = defaultdict(list)
    for file, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(str(file.relative_to(PROJECT)))
    return found


def aliases() -> set[str]:
    """The names of types that are no classes, such as unions."""
    nodes = (node for tree in TREES.values() for node in tree.body if isinstance(node, ast.Assign))
    return {target.id for node in nodes for target in node.targets if isinstance(target, ast.Name)}


def test_no_two_classes_share_a_name() -> None:
    assert {name: files for name, files in classes().items() if len(files) > 1} == {}


def test_each_word_is_listed_once_and_its_names_are_in_the_code() -> None:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", (PROJECT / "docs/words.md").read_text("utf-8"), re.MULTILINE
    )
    told = [(word, names) for word, names in rows if word != "word"]
    assert len(told) > 40
    assert len({word for word, _ in told}) == len(told)
    known = classes().keys() | aliases()
    for word, names in told:
        for name in re.findall(r"`([^`]+)`", names) or [""]:
            assert (PROJECT / name).exists() if "/" in name else name in known, (word, name)
