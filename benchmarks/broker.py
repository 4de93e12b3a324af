"""The process that talks to a broker, while nothing happens: how often it and the device are woken, and its memory."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.idle import counts
from benchmarks.page import EMPTY, resident_mb, running
from benchmarks.table import Row

_SETTLING_S = 15.0
_PATH = "/usr/sbin:/usr/bin"
_PAHO_ALONE = """
import sys, threading
import paho.mqtt.client as mqtt
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.will_set("bench/availability", "offline", qos=1, retain=True)
client.connect("127.0.0.1", int(sys.argv[1]), keepalive=60)
client.loop_start()
threading.Event().wait()
"""


def rows(idle_s: float) -> Iterator[Row]:
    """Two devices at an empty chair, one with a broker that hears of it; and paho by itself on its own loop."""
    program = shutil.which("mosquitto", path=_PATH)
    if program is None:
        print("no mosquitto here, so nothing is measured about a broker: sudo apt install mosquitto")
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as until_done:
        day = Path(folder, "empty.csv")
        day.write_text(EMPTY)
        port = until_done.enter_context(_broker(program, Path(folder)))
        heard, _ = until_done.enter_context(running(day, "--set", "page.port=0"))
        alone, _ = until_done.enter_context(running(day, "--set", "page.port=0"))
        asked = ("mqtt", "run", "--line", _line_of(heard), "--set", "mqtt.host=127.0.0.1", "--set", f"mqtt.port={port}")
        service = until_done.enter_context(_started([sys.executable, "-m", "device", *asked]))
        paho = until_done.enter_context(_started([sys.executable, "-c", _PAHO_ALONE, str(port)]))
        time.sleep(_SETTLING_S)
        pids = (heard, alone, service, paho)
        before = [counts(pid) for pid in pids]
        time.sleep(idle_s)
        woken = [60 * (counts(pid).woken - earlier.woken) / idle_s for pid, earlier in zip(pids, before, strict=True)]
        threads = [len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in pids]
        memory_mb = [resident_mb(pid) for pid in pids]
    yield Row("device woken, chair empty, MQTT on", "1/min", woken[0], "as without", "MQTT off", woken[1])
    yield Row("  the process that talks to the broker", "1/min", woken[2], "at most 3", "paho's loop_start", woken[3])
    yield Row("  its threads", "", threads[2], "1", "paho's loop_start", threads[3])
    yield Row("  its resident memory", "MB", memory_mb[2], "", "paho's loop_start", memory_mb[3])
    yield Row("resident memory of the device with MQTT on", "MB", memory_mb[0], "as without", "MQTT off", memory_mb[1])


def _line_of(device: int) -> str:
    """The socket on which this device's page follows it."""
    (page,) = Path(f"/proc/{device}/task/{device}/children").read_text().split()
    words = Path(f"/proc/{page}/cmdline").read_text().split("\0")
    return words[words.index("--line") + 1]


@contextmanager
def _broker(program: str, folder: Path) -> Iterator[int]:
    """A mosquitto that lets everybody in; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    file = folder / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    with _started([program, "-c", str(file)]):
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        yield port


@contextmanager
def _started(command: list[str]) -> Iterator[int]:
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()
