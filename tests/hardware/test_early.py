"""The early panel: it sends what the device would, goes by what is right in the settings, and waits for a panel."""

from __future__ import annotations

import ast
import errno
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from smbus2 import i2c_msg

from device.pictures.drawing import draw
from device.settings.settings import PanelSettings
from device.words.effects import BigWords, Show
from device.words.events import Event
from hardware.panel import early
from hardware.panel.delta import packed
from hardware.panel.early import NO_PANEL, SHOWN, WRONG_USE, EarlyPanel, Wire
from hardware.panel.oled import OledPanel
from hardware.simulated.controller import ModelBus, model_serial

FILE = Path(early.__file__)
SCREEN = BigWords(("Unsit",), "one moment")
PICTURE = packed(draw(SCREEN, 0.0))
PANELS = [("ssd1306", 2), ("ssd1309", 2), ("ssd1315", 2), ("sh1106", 2), ("sh1106", 0), ("sh1106", 4)]


class ModelWire(Wire):
    """The wire to a model of the bus."""

    def __init__(self, bus: ModelBus, _port: int, address: int) -> None:
        self._model, self._address = bus, address
        bus.open()

    def write(self, payload: bytes) -> None:
        self._model.i2c_rdwr(i2c_msg.write(self._address, payload))

    def close(self) -> None:
        self._model.close()


def wire_to(bus: ModelBus) -> Callable[[int, int], Wire]:
    return partial(ModelWire, bus)


def settings_file(folder: Path, text: str | bytes, name: str = "unsit.toml") -> str:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


def read(folder: Path, text: str | bytes) -> EarlyPanel:
    panel = EarlyPanel()
    panel.read(settings_file(folder, text))
    return panel


def told(panel: EarlyPanel) -> dict[str, object]:
    return vars(panel)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    file = tmp_path / "picture"
    file.write_bytes(PICTURE)
    return str(file)


# ---- what it sends


class Nowhere:
    def put(self, event: Event) -> None: ...


def sent_by_the_device(settings: PanelSettings) -> list[bytes]:
    writes: list[bytes] = []
    bus = ModelBus(settings.driver, settings.address, lambda _, payload: writes.append(payload), settings.first_column)
    OledPanel(settings, Nowhere(), partial(model_serial, bus)).perform(Show(SCREEN), 0.0)
    return writes


@pytest.mark.parametrize(("driver", "first_column"), PANELS)
@pytest.mark.parametrize("rotation", [0, 180])
def test_it_sends_the_bytes_that_the_device_sends_for_its_first_picture(
    driver: str, first_column: int, rotation: int, tmp_path: Path
) -> None:
    own = (
        f'driver = "{driver}"\nfirst_column = {first_column}\nrotation = {rotation}\ncontrast = 0x20\naddress = 0x3D\n'
    )
    panel = read(tmp_path, f"[panel]\n{own}")
    settings = PanelSettings(driver, first_column, 1, 0x3D, rotation, 0x20)
    writes: list[bytes] = []
    bus = ModelBus(driver, 0x3D, lambda _, payload: writes.append(payload), first_column)
    assert early.show(PICTURE, panel, wire=wire_to(bus))
    assert writes == sent_by_the_device(settings)
    upright = bus.picture() if rotation == 0 else bus.picture().rotate(180)
    assert upright.tobytes() == draw(SCREEN, 0.0).tobytes()


def test_the_device_takes_over_with_the_first_picture_in_the_same_place() -> None:
    seen = []
    bus = ModelBus("ssd1306", 0x3C, lambda _, __: seen.append(bus.controller.picture().getbbox() is not None))
    assert early.show(PICTURE, EarlyPanel(), wire=wire_to(bus))
    assert seen[-1]
    seen.clear()
    panel = OledPanel(PanelSettings(), Nowhere(), partial(model_serial, bus))
    panel.tick(0.0)
    panel.perform(Show(SCREEN), 1.0)
    assert all(seen), "the panel never went dark in between"
    assert len(seen) > 1


# ---- its settings


def test_without_a_file_it_goes_by_the_defaults_of_the_device() -> None:
    panel, default = EarlyPanel(), PanelSettings()
    panel.read("/nonexistent/unsit.toml")
    assert told(panel) == {
        **{key: getattr(default, key) for key in PanelSettings.__dataclass_fields__},
        "language": "en",
    }


@pytest.mark.parametrize(
    "text",
    [
        b'\xef\xbb\xbf[panel]\r\ndriver = "sh1106"\r\n',
        b'[screens]\nlanguage = "xyz"\n[panel]\ndriver = "sh1106"\naddress = 1\ncontrast = true\nrotation = 180.0\n',
    ],
    ids=["Notepad's mark and line ends", "other values that make no sense"],
)
def test_what_is_right_in_a_file_counts(text: bytes, tmp_path: Path) -> None:
    assert told(read(tmp_path, text)) == {**told(EarlyPanel()), "driver": "sh1106"}


@pytest.mark.parametrize(
    "text",
    [
        '[panel]\ndriver = "sh1106"\n'.encode("utf-16"),
        b'[panel]\ndriver = "sh1106"\nrota',
        b"panel = 3\nscreens = 4\n",
        b'[panel]\ndriver = ["sh1106"]\naddress = {a = 1}\n',
        b"a = " + b"[" * 5000,
        b"",
    ],
    ids=["UTF-16", "half a file", "no tables", "lists", "too deep", "empty"],
)
def test_a_broken_file_is_passed_over(text: bytes, tmp_path: Path) -> None:
    assert told(read(tmp_path, text)) == told(EarlyPanel())


def test_a_folder_in_its_place_is_passed_over(tmp_path: Path) -> None:
    panel = EarlyPanel()
    panel.read(str(tmp_path))
    assert told(panel) == told(EarlyPanel())


def test_a_later_file_overrides_an_earlier_one(tmp_path: Path, picture: str) -> None:
    one = settings_file(tmp_path, '[panel]\ndriver = "sh1106"\naddress = 0x3D\n', "unsit.toml")
    other = settings_file(tmp_path, "[panel]\naddress = 0x3C\n", "changes.toml")
    bus = ModelBus("sh1106", 0x3C)
    assert early.main(["--settings", one, "--settings", other, picture], wire_to(bus)) == SHOWN
    assert bus.picture().tobytes() == draw(SCREEN, 0.0).tobytes()


# ---- the command line


def test_it_says_that_no_panel_answers(picture: str) -> None:
    bus = ModelBus("ssd1306", 0x3C)
    bus.gone()
    assert early.main([picture], wire_to(bus)) == NO_PANEL
    assert early.main(["--waits", "0.15", picture], wire_to(bus)) == NO_PANEL


def test_it_waits_for_a_panel_that_refuses_at_first(picture: str) -> None:
    bus = ModelBus("ssd1306", 0x3C)
    bus.refuse(1)
    bus.refuse(5, errno.EIO)
    assert early.main(["--waits", "10", picture], wire_to(bus)) == SHOWN
    assert bus.picture().tobytes() == draw(SCREEN, 0.0).tobytes()


def test_it_leaves_the_panel_alone_once_the_device_has_it(picture: str, tmp_path: Path) -> None:
    bus = ModelBus("ssd1306", 0x3C)
    taken = tmp_path / "unsit"
    assert early.main(["--until", str(taken), picture], wire_to(bus)) == SHOWN
    bus.lose_power()
    taken.mkdir()
    assert early.main(["--waits", "60", "--until", str(taken), picture], wire_to(bus)) == NO_PANEL
    assert bus.picture().getbbox() is None


def test_a_picture_is_shown_in_the_language_of_the_settings_or_in_english(tmp_path: Path) -> None:
    (tmp_path / "greeting.en").write_bytes(PICTURE)
    (tmp_path / "greeting.de").write_bytes(bytes(1024))
    bus = ModelBus("ssd1306", 0x3C)
    for language, is_lit in (("de", False), ("fr", True), ("../x", True)):
        file = settings_file(tmp_path, f'[screens]\nlanguage = "{language}"\n')
        assert early.main(["--settings", file, f"{tmp_path}/greeting.{{language}}"], wire_to(bus)) == SHOWN
        assert (bus.picture().getbbox() is not None) is is_lit, language


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Usage: "),
        (["--settings"], "Usage: "),
        (["--waits", "soon", "picture"], "Usage: "),
        (["--waits", "nan", "picture"], "Usage: "),
        (["--loud", "yes", "picture"], "Usage: "),
        (["one", "two"], "Usage: "),
        (["/nonexistent/picture"], "/nonexistent/picture: No such file or directory"),
        ([__file__], f"{__file__}: is no picture; allowed: 1024 bytes"),
    ],
)
def test_what_it_is_asked_wrongly_it_refuses_in_one_line(
    words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert early.main(words, wire_to(ModelBus("ssd1306", 0x3C))) == WRONG_USE
    said = capsys.readouterr().err
    assert said.startswith(why)
    assert said.count("\n") == 1


def test_it_runs_alone_and_finds_no_bus_here(picture: str, tmp_path: Path) -> None:
    file = settings_file(tmp_path, "[panel]\nport = 98\n")
    asked = [sys.executable, "-I", "-S", "-E", str(FILE), "--settings", file, picture]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (NO_PANEL, "", "")


def test_a_file_that_is_no_bus_is_no_panel() -> None:
    with pytest.raises(OSError, match="No such file"):
        Wire(98, 0x3C)


def test_it_imports_only_what_any_python_has_and_little_of_that() -> None:
    tree = ast.parse(FILE.read_text("utf-8"))
    top = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert top == {"__future__", "os", "sys", "time", "collections.abc", "fcntl"}
