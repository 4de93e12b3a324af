"""A house with a real Home Assistant in it: a process, which is asked and told in JSON lines."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.home_assistant.installed import HERE, in_new_root, old_python
from tests.mosquitto import free_port
from tests.waiting import until

INSIDE = HERE / "inside.py"

Words = Callable[[Path], Sequence[str]]
"""The words that run `inside.py`, in a folder."""


def older(folder: Path) -> Sequence[str]:
    """2024.3.3, which knows no devices that tell of themselves as a whole."""
    return str(old_python()), str(folder / INSIDE.name), str(folder)


def newer(folder: Path) -> Sequence[str]:
    """2026.2.3."""
    return *in_new_root(folder), f"/mnt/{INSIDE.name}", "/mnt"


class House:
    """Home Assistant with one broker. What it keeps, it keeps in its folder."""

    def __init__(self, folder: Path, words: Words, port: int, configuration: str = "") -> None:
        """`configuration` is what its user has written as YAML."""
        self._folder, self._words, self._port = folder, words, port
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "configuration.yaml").write_text(configuration or "homeassistant:\n", "utf-8")
        self._log = folder / "house.log"

    def start(self) -> House:
        """Start it, or start it again with all that it remembers."""
        shutil.copy(INSIDE, self._folder)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._words(self._folder), str(self._port), str(free_port())],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.version = self._hear()["version"]
        return self

    def stop(self) -> None:
        """Let it write down what it knows, and end."""
        with self._process as process:
            assert process.stdin
            process.stdin.close()
            process.wait(60)

    def does(self, do: str, **more: Any) -> Any:
        """Tell it something to do, or ask; returns the answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()
        heard = self._hear()
        assert heard["fine"], (do, more, heard)
        return heard["answer"]

    def _hear(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._log.read_text("utf-8", "replace")[-4000:]
        return json.loads(line)

    # ---- what one sees of it

    def state(self, entity: str) -> str | None:
        """The state of an entity; None if there is no such entity."""
        found = self.does("states").get(entity)
        return None if found is None else str(found[0])

    def attributes(self, entity: str) -> dict[str, Any]:
        """What else is told of it."""
        found: dict[str, Any] = self.does("states")[entity][1]
        return found

    def shows(self, entity: str, state: str | None) -> None:
        """Wait until the entity has that state."""
        until(lambda: self.state(entity) == state, f"{entity} isn't {state}: {self.state(entity)}")

    def taps(self, service: str, entity: str, **data: Any) -> None:
        """Somebody taps on the dashboard: a service of an entity is called."""
        self.does("call", domain=entity.partition(".")[0], service=service, entity_id=entity, **data)

    def warnings(self) -> list[str]:
        """What it complained of, as lines of its log."""
        lines = self._log.read_text("utf-8", "replace").splitlines()
        # What is indented is where something of its own is missing, such as cameras. The meter of the week, which is an
        # example's, says so whenever the desk isn't there. What is taken away has an empty state for a moment.
        beside = (" ", "unsit_week received an invalid new state")
        lines = [line for line in lines if "''" not in line]
        return [line for line in lines if re.search("unsit[_/.]|Unsit", line) and not line.startswith(beside)]
