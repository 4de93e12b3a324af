"""A settings file that somebody broke: the panel says what is wrong with it, and the device ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from device.__main__ import main
from device.languages.screen_words import vocabulary
from device.pictures.drawing import draw
from device.screens.screens import cannot_start
from hardware.shared.bus import Bus
from hardware.simulated.controller import ModelBus

WRITTEN = '[limits]\ndue_after = "45 min"\n\n[screens]\nlanguage = "de"\n'


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> ModelBus:
    """The model of the panel, at the end of this computer's bus."""
    model = ModelBus("ssd1306", 0x3C)

    def opened() -> ModelBus:
        model.open()
        return model

    monkeypatch.setattr("hardware.parts.real_bus", lambda _: Bus(opened))
    return model


def starts(file: Path) -> int:
    return main(["run", "--hardware", "pi", "--config", str(file)])


def shows(message: str) -> Image.Image:
    return draw(cannot_start(vocabulary(), message), 0.0)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (WRITTEN.encode("utf-16"), "line 1: is not UTF-8 text; save it as UTF-8"),
        (WRITTEN[:25].encode(), "not valid TOML: "),
        (WRITTEN.replace("due_after", "due_aftre").encode(), "unknown key limits.due_aftre"),
        (b"\x00" * 4096, "not valid TOML: "),
        (None, "is a folder; allowed: a file"),
    ],
    ids=["Notepad's Unicode", "half a file", "a slip of a finger", "zeros, as after a power cut", "a folder"],
)
def test_a_broken_file_gives_words_on_the_panel_and_ends_the_device(
    text: bytes | None, wrong: str, panel: ModelBus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "unsit.toml"
    if text is None:
        file.mkdir()
    else:
        file.write_bytes(text)
    assert starts(file) == os.EX_CONFIG
    said = capsys.readouterr().err.strip().removeprefix("unsit: ")
    assert said.startswith(str(file))
    assert wrong in said
    assert "\n" not in said
    assert panel.picture().tobytes() == shows(said).tobytes()


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").encode(), WRITTEN.rstrip().encode()],
    ids=["Notepad's mark and line ends", "no line end at the end"],
)
def test_what_notepad_writes_is_read(text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "unsit.toml"
    file.write_bytes(text)
    assert main(["settings", "--config", str(file)]) == 0
    said = capsys.readouterr().out
    assert 'due_after = "45min"' in said
    assert 'language = "de"' in said
