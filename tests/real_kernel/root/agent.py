#!/usr/bin/python3
"""Runs in the machine: does what it is told over the serial line, one command after the other, as root.

A line in is JSON, {"command": [...], "input": text, "timeout_s": number}; a line out is {"code": ..., "out": ...,
"err": ...}, where code is null after a time-out. Standard library only: it is there before anything is installed.
"""

import json
import os
import subprocess
import tty
from typing import Any

LINE = "/dev/ttyS0"


def main() -> None:
    """Say hello, then serve for ever."""
    if os.getpid() == 1:
        mount_what_systemd_would()
    with open(LINE, "r+b", buffering=0) as line:
        tty.setraw(line.fileno())
        line.write(b'{"hello": true}\n')
        # As a file it is read ahead, which a terminal doesn't like; so by lines, unbuffered.
        while asked := line.readline():
            line.write(json.dumps(done(**json.loads(asked))).encode() + b"\n")


def mount_what_systemd_would() -> None:
    """Without systemd this is process 1, and nothing is mounted yet but the root and /dev."""
    mounts = ["proc /proc -t proc", "sysfs /sys -t sysfs", "tmpfs /run -t tmpfs", "tmpfs /tmp -t tmpfs"]
    for what in mounts:
        subprocess.run(["mount", *what.split()], check=True)
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    os.chdir("/run")


def done(command: list[str], input: str, timeout_s: float) -> dict[str, Any]:
    """Run one command."""
    try:
        ran = subprocess.run(
            command, input=input, capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired as late:
        return {"code": None, "out": text(late.stdout), "err": text(late.stderr)}
    except OSError as error:
        return {"code": 127, "out": "", "err": str(error)}
    return {"code": ran.returncode, "out": ran.stdout, "err": ran.stderr}


def text(output: bytes | None) -> str:
    """What a command had said before its time was up."""
    return (output or b"").decode(errors="replace")


if __name__ == "__main__":
    main()
