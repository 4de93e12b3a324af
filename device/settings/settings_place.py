"""Which settings file is in force, which files are passed over, and how to write a value into it."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from device.files.user_file import UserFileError, user_text
from device.files.whole_file import write_whole
from device.settings.settings_file import PLACES, SettingsError, load_settings, read_settings

_MODE = 0o644
"""Of a file that is new: the page's user reads it too."""


def whence(file: Path | None, places: Iterable[Path] = PLACES, overrides: Sequence[str] = ()) -> Iterator[str]:
    """A line on where the settings come from, one for each override, and one for each similar file passed over."""
    places = list(places)
    yield f"from {file}" if file else f"defaults: there is no {places[0]}, nor another file"
    for each in overrides:
        yield f"but for --set {each}"
    for place in places:
        if file is not None and place != file and _is_there(place):
            yield f"{place} is passed over: {file} comes first"
        for other in _nearly(place):
            # Windows hides the ending of a file name, and its editor adds one.
            yield f"{other} is passed over: it would have to be named {place.name}"


def written_into(file: Path | None, section: str, values: Mapping[str, str | int]) -> str | None:
    """Write the values into the file and keep the rest. Return the file's name; None if it can't be done."""
    if file is None:
        return None
    with suppress(OSError, UserFileError, tomllib.TOMLDecodeError):
        text = user_text(file)
        changed = text
        for key, value in values.items():
            changed = _with_line(
                changed, section, key, f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
            )
        before, after = tomllib.loads(text), tomllib.loads(changed)
        before[section] = {**before.get(section, {}), **values}
        if before != after:
            return None
        write_whole(file, changed.encode(), stat.S_IMODE(file.stat().st_mode))
        return str(file)
    return None


def settle_reach(root: str, wanted: str, by_itself: str) -> tuple[str, int]:
    """Who may reach the page below that root, and its port. Write it into the settings if it is asked for.

    What isn't `wanted` in so many words is as the settings have it or, if they don't say, `by_itself`. Raises
    SettingsError, and OSError.
    """
    places = [Path(f"{root}{place}") for place in PLACES]
    settings, file = load_settings(places=places)
    is_said = file is not None and "page.reach" in read_settings(file)
    reach = wanted or (settings.page.reach if is_said else by_itself)
    if reach != settings.page.reach:
        _write_reach(file, places[0], reach)
    return reach, settings.page.port


def _write_reach(file: Path | None, place: Path, reach: str) -> None:
    if file is None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, f'[page]\nreach = "{reach}"\n'.encode(), _MODE)
    elif written_into(file, "page", {"reach": reach}) is None:
        raise SettingsError(f'{file}: this can\'t be written; put reach = "{reach}" under [page] there yourself')


def _with_line(text: str, section: str, key: str, line: str) -> str:
    lines = text.splitlines()
    header = next((nth for nth, each in enumerate(lines) if re.match(rf"\s*\[\s*{section}\s*\]", each)), None)
    if header is None:
        return "\n".join([*lines, "", f"[{section}]", line]).lstrip("\n") + "\n"
    end = next((nth for nth in range(header + 1, len(lines)) if lines[nth].lstrip().startswith("[")), len(lines))
    for nth in range(header + 1, end):
        if re.match(rf"\s*{key}\s*=", lines[nth]):
            lines[nth] = line
            break
    else:
        lines.insert(header + 1, line)
    return "\n".join(lines) + "\n"


def _is_there(place: Path) -> bool:
    with suppress(OSError):
        return place.exists()
    return False


def _nearly(place: Path) -> Iterator[Path]:
    """Files that somebody may have meant as the settings file."""
    names: list[str] = []
    with suppress(OSError):
        names = os.listdir(place.parent)
    for name in sorted(names):
        low = name.lower()
        if name != place.name and low.startswith(place.stem) and ".toml" in low and not low.endswith((".new", "~")):
            yield place.with_name(name)
