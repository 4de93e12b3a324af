"""Sets Unsit up on a stock system, in five steps that begin anew until all have gone well, and says so on the panel.

It runs before anything is installed, by the system's own Python, with our wheel on its path: unsit-set-up.service.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from device.run.told_time import told_by
from hardware.panel.early import EarlyPanel, show

_LOOKS_S = 1.0
"""How long until it looks again whether the network or the clock is there."""
_PATIENCE_S = 15.0
"""For how long the step's own picture stands before another says what is waited for."""
_TRIES_AGAIN_S = 30.0
_AT_MOST_S = 5.0
"""So long a bus that hangs may hold up the rest."""
_SAYS_AGAIN_S = 10.0
"""After so long the picture is sent once more, for a panel that was plugged in later."""

CAUSES = (
    (r"DO NOT MATCH THE HASHES", "wrong-download", "A download isn't what it should be."),
    (r"No space left on device", "no-room", "The card is full; 8 GB or more are enough."),
    (r"can't be settled", "wrong-settings", "There is a mistake in unsit.toml."),
    (
        r"Temporary failure in name resolution|Connection|timed out|SSLError|certificate|libraries could not be had",
        "no-answer",
        "The Python package index doesn't answer.",
    ),
)
"""What pip says, and how the panel and the report on the card have it."""


@dataclass(frozen=True)
class Order:
    """What `make user-data` was asked for."""

    version: str
    language: str
    page: str


class SetUpError(Exception):
    """Why a step can't be done now: the picture that says so, and a line."""

    def __init__(self, picture: str, line: str) -> None:
        super().__init__(line)
        self.picture = picture


class PanelWord:
    """What the panel says: the picture said last, sent by a thread until a panel takes it, and now and then again."""

    def __init__(self, pictures: Path, language: str, settings: Path) -> None:
        self._pictures, self._settings = pictures, settings
        self._panel = EarlyPanel()
        self._panel.language = language
        self._name = ""
        self._ends = False
        self._wakes = threading.Event()
        self._tried = threading.Event()
        self._thread: threading.Thread | None = None

    def say(self, name: str) -> None:
        """Say this from now on; it has been tried once when this returns, so that no step goes by unseen."""
        if name == self._name and self._thread is not None:
            return
        print(f"The panel: {name}", flush=True)
        self._name = name
        self._tried.clear()
        self._wakes.set()
        if self._thread is None:
            self._ends = False
            self._thread = threading.Thread(target=self._send, name="panel", daemon=True)
            self._thread.start()
        self._tried.wait(_AT_MOST_S)

    def be_quiet(self) -> None:
        """Leave the panel to the device. What was said last has been tried once."""
        self._ends = True
        self._wakes.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def has_bus(self) -> bool:
        """Whether the bus is there that it would be on."""
        return Path(f"/dev/i2c-{self._panel.port}").exists()

    def _send(self) -> None:
        while True:
            self._wakes.clear()
            ends = self._ends
            self._panel.read(str(self._settings))
            name = self._name
            taken = show(self._picture(name), self._panel)
            if name == self._name:
                self._tried.set()
            if ends:
                return
            self._wakes.wait(_SAYS_AGAIN_S if taken else _LOOKS_S)

    def _picture(self, name: str) -> bytes:
        file = self._pictures / f"{name}.{self._panel.language}"
        return (file if file.exists() else file.with_suffix(".en")).read_bytes()


class SetUp:
    """The five steps, which may all be done again, and what they have left behind below `root`."""

    def __init__(self, laid: Path, root: Path = Path("/")) -> None:
        self._laid = laid
        self._state = root / "var/lib/unsit-set-up"
        self._firmware = root / "boot/firmware"
        self._place = root / "opt/unsit"
        told = json.loads((laid / "order.json").read_text("utf-8"))
        self.order = Order(told["version"], told["language"], told["page"])
        self.panel = PanelWord(laid / "pictures", self.order.language, self._firmware / "unsit.toml")
        self._restarts = False
        self._is_first_try = True
        self._reported = ""

    def run(self) -> None:
        """Do all steps, as often as it takes."""
        while True:
            try:
                self.once()
            except SetUpError as error:
                print(error, file=sys.stderr, flush=True)
                self.panel.say(error.picture)
                self._report(str(error))
                time.sleep(_TRIES_AGAIN_S)
            else:
                return

    def once(self) -> None:
        """Do all steps. Raises SetUpError."""
        steps: Sequence[Callable[[], None]] = (self._i2c, self._network, self._clock, self._install, self._start)
        for number, step in enumerate(steps, 1):
            self.panel.say(f"setting-up-{number}-of-{len(steps)}")
            step()

    def _i2c(self) -> None:
        config = self._firmware / "config.txt"
        before = _content(config)
        self._ask_script("switch_on_i2c")
        self._restarts |= _content(config) != before
        _tried("modprobe", "i2c-dev")
        _tried("udevadm", "settle", "--timeout=5")
        if self._restarts and not self.panel.has_bus():
            # Nobody could read what comes next.
            self._restart()

    def _network(self) -> None:
        self._wait_for(lambda: self._wheels() or has_network(), "waiting-for-network")

    def _clock(self) -> None:
        # With a wrong clock no certificate is valid yet. What lies on the card needs none.
        self._wait_for(lambda: self._wheels() or told_by(), "waiting-for-clock")

    def _wait_for(self, holds: Callable[[], object], picture: str) -> None:
        begun = time.monotonic()
        while not holds():
            if time.monotonic() - begun > _PATIENCE_S:
                self.panel.say(picture)
            time.sleep(_LOOKS_S)

    def _wheels(self) -> Path | None:
        folder = self._firmware / "unsit"
        return folder if any(folder.glob("*.whl")) else None

    def _install(self) -> None:
        mark = self._state / "installed"
        if mark.exists():
            return
        if self._is_first_try:
            # What a power cut has left may be files without content, which pip takes for installed ones.
            shutil.rmtree(self._place, ignore_errors=True)
            self._is_first_try = False
        # It goes live in the next step, once the panel is free.
        self._ask_script("is_booted() { false; }; main install")
        if self.order.page:
            self._ask_script("is_booted() { false; }; main install-page")
        os.sync()
        mark.touch()

    def _start(self) -> None:
        if self._restarts:
            # What is in config.txt now holds from the next start on, and so does the rest.
            self._done()
            self._restart()
        self.panel.be_quiet()
        # The device may refuse to start with these settings, and says so on the panel itself.
        self._ask_script("device_goes_live || true")
        self._done()

    def _ask_script(self, words: str) -> None:
        """Have systemd/install.sh do something. Raises SetUpError."""
        wheels = self._wheels()
        environment = {"REACH": self.order.page, "PIP_FLAGS": f"--no-index --find-links {wheels}" if wheels else ""}
        said = []
        with subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", f"source install.sh; {words}"],
            cwd=self._laid / "systemd",
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as ran:
            assert ran.stdout
            for line in ran.stdout:
                print(line, end="", flush=True)
                said.append(line.strip())
        if ran.returncode:
            raise cause_of(said)

    def _report(self, line: str) -> None:
        """Leave it on the card for whoever has only another computer to read it with."""
        if line == self._reported:
            return
        self._reported = line
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M") if told_by() else "At an unknown time"
        with card_may_be_broken():
            (self._firmware / "unsit-set-up.txt").write_text(f"{now}: {line}\r\nIt tries again by itself.\r\n", "utf-8")

    def _done(self) -> None:
        with card_may_be_broken():
            (self._firmware / "unsit-set-up.txt").unlink(missing_ok=True)
        _tried("systemctl", "disable", "--no-reload", "--quiet", "unsit-set-up.service")
        os.sync()
        (self._state / "done").write_text(f"{self.order.version}\n", "utf-8")
        os.sync()
        print(f"Unsit {self.order.version} is set up.", flush=True)

    def _restart(self) -> None:
        self.panel.say("restarting")
        self.panel.be_quiet()
        os.sync()
        _tried("systemctl", "reboot")
        while True:
            time.sleep(_LOOKS_S)


@contextmanager
def card_may_be_broken() -> Iterator[None]:
    """The report is worth a try: Linux makes a FAT with a mistake in it read-only, and the device works without."""
    try:
        yield
    except OSError as error:
        print(f"unsit-set-up.txt can't be changed: {error.strerror}", file=sys.stderr, flush=True)


def has_network(root: Path = Path("/proc/net")) -> bool:
    """Whether there is a way out of here, by IPv4 or IPv6."""
    by_4 = (line.split() for line in _lines(root / "route")[1:])
    by_6 = (line.split() for line in _lines(root / "ipv6_route"))
    return any(way[1] == way[7] == "00000000" for way in by_4) or any(
        way[0] == "0" * 32 and way[1] == "00" and way[-1] != "lo" for way in by_6
    )


def cause_of(said: Sequence[str]) -> SetUpError:
    """What kept the installation from going on, out of all that was said."""
    for words, picture, line in CAUSES:
        if any(re.search(words, each) for each in said):
            return SetUpError(picture, line)
    return SetUpError("cannot-install", next((each for each in reversed(said) if each), "It ended without a word."))


def _lines(file: Path) -> list[str]:
    return file.read_text("ascii").splitlines() if file.exists() else []


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _tried(*command: str) -> None:
    """Run it; what comes of it shows later."""
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    if code:
        print(f"{' '.join(command)} ended with {code}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    SetUp(Path(__file__).parent).run()
