"""A simulated desk, with the service that talks to a broker as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.settings.settings import PageSettings, Screens, Settings
from tests.changing import Orderer
from tests.ear import Ear
from tests.rig import Rig


class ServedDesk:
    """What a person does at it, and what befalls the service."""

    def __init__(self, folder: Path, port: int, *, single: bool) -> None:
        folder.mkdir(parents=True)
        self._folder, self._port = folder, port
        self._components = "single" if single else "device"
        # Times of one's own in the file would beat each preset.
        self._rig = Rig(folder, Settings(screens=Screens(safety_s=0.0), page=PageSettings(port=0)))

    @contextmanager
    def running(self) -> Iterator[ServedDesk]:
        """From start to end."""
        with self._rig.desk_alone():
            self.changes(limits__preset="half-hourly")
            self.serve()
            try:
                yield self
            finally:
                self.ends()

    def serve(self, *more: str) -> None:
        """Start the service; `more` are settings over those of all tests."""
        broker = ("mqtt.host=127.0.0.1", f"mqtt.port={self._port}", f"mqtt.components={self._components}")
        settings = (*broker, f"journal.file={self._folder / 'journal.db'}", *more)
        asked = [word for each in settings for word in ("--set", each)]
        words = [sys.executable, "-m", "device", "mqtt", "run", "--config", os.devnull, "--line", str(self._rig.line)]
        with (self._folder / "service.log").open("ab") as log:
            self._service = subprocess.Popen(
                [*words, *asked], stdout=log, stderr=log, env={**os.environ, "STATE_DIRECTORY": str(self._folder)}
            )

    def ends(self, how: signal.Signals = signal.SIGTERM) -> None:
        """The service is ended."""
        self._service.send_signal(how)
        self._service.wait(20)

    @property
    def log(self) -> str:
        """What the service has said."""
        return (self._folder / "service.log").read_text("utf-8")

    # ---- what a person does

    def does(self, *deeds: tuple[str, object]) -> None:
        """What hands do, all of it at once."""
        with Ear(self._rig.line) as hand:
            hand.hears("time")
            hand.does(*deeds)
            hand.says('{"kind": "ask"}\n')
            hand.hears("time")

    def changes(self, **values: object) -> None:
        """Change settings on the page; __ stands for the dot in a key."""
        with Ear(self._rig.line) as ear:
            assert Orderer(ear).changes(**values)["fine"]

    def takes_back(self) -> None:
        """Take back changed wiring, which nobody has confirmed yet."""
        with Ear(self._rig.line) as ear:
            assert Orderer(ear).orders("keep", False)["fine"]

    def sits(self, speed: float = 1) -> None:
        """Somebody sits, while time passes at that speed."""
        self.does(("seat", True), ("speed", speed))

    def rises(self, speed: float = 1) -> None:
        """They rise."""
        self.does(("seat", False), ("speed", speed))
