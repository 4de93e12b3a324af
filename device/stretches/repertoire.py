"""What the device can show: the stretches that may come, their routines and the words."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from device.body.figure import Figure
from device.files.complaint import ContentError
from device.files.user_file import UserFileError, files_in, user_tables, user_text
from device.languages.language_files import (
    ENGLISH,
    STRETCHES,
    LanguageFile,
    content,
    content_text,
    languages,
    own_file,
    shipped_file,
)
from device.languages.screen_words import Vocabulary, cues, vocabulary
from device.settings.settings import GuideSettings, Settings, Stretching
from device.stretches.routine import History, by_turn, fitting, measured, plan
from device.stretches.steps import Planned
from device.stretches.stretch import Posture, Stretch
from device.stretches.stretch_file import read_stretches, translated, untranslated
from device.words.instants import MINUTE_S


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A ready-made routine with a name."""

    stretches: tuple[str, ...]
    only: int
    """How many of its stretches one break has."""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The stretches, routines and words that the settings allow."""

    stretches: tuple[Stretch, ...]
    """The stretches that the settings don't leave out."""
    words: Vocabulary
    time_s: float = 180.0
    """The length of a routine, in seconds."""
    always: ReadyMade | None = None
    """The ready-made routine of every break; None if each routine is put together."""

    def without(self, left_out: Collection[str], conditions: Collection[str] = ()) -> Repertoire:
        """The repertoire without these stretches and those that are wrong with one of the conditions."""
        if not left_out and not conditions:
            return self
        left = (each for each in self.stretches if each.id not in left_out and each.leave_out.isdisjoint(conditions))
        return replace(self, stretches=tuple(left))

    def routine(self, history: History, guide: GuideSettings) -> tuple[Planned, ...]:
        """The routine of the next break. The same history gives the same routine."""
        if self.always is None:
            return plan(self.stretches, history, self.time_s, guide)
        chosen = [stretch for stretch in self.stretches if stretch.id in self.always.stretches]
        warm_ups = [stretch for stretch in chosen if stretch.warm_up]
        others = [stretch for stretch in by_turn(chosen, history) if not stretch.warm_up]
        waiting = fitting([*warm_ups, *others][: self.always.only], self.time_s, guide)
        order = self.always.stretches
        return measured(sorted(waiting, key=lambda stretch: order.index(stretch.id)), self.time_s, guide)


def repertoire(settings: Settings) -> Repertoire:
    """The repertoire that the settings ask for. Raises ContentError."""
    asked = settings.stretches
    stretches = all_stretches(settings)
    _check_ids(asked.leave_out, stretches)
    left = tuple(stretch for stretch in stretches if not left_out_by(stretch, asked))
    always = None if asked.routine == "by-turns" else routines()[asked.routine]
    _check_left(left, always, asked.routine)
    words = vocabulary(settings.screens.language, settings.languages.folder)
    return Repertoire(left, words, asked.minutes * MINUTE_S, always)


def in_every_language(settings: Settings) -> dict[str, Repertoire]:
    """The repertoire in each language, by its two letters; the settings' language is first. Raises ContentError."""
    own = settings.screens.language
    return {
        each: repertoire(replace(settings, screens=replace(settings.screens, language=each)))
        for each in sorted(languages(settings.languages.folder), key=lambda language: (language != own, language))
    }


def all_stretches(settings: Settings) -> list[Stretch]:
    """All stretches in the settings' language, including the person's own and those left out. Raises ContentError."""
    language, folder = settings.screens.language, settings.languages.folder
    words = vocabulary(language, folder)
    stretches = _with_own(shipped(language), settings.stretches.folder)
    own = own_file(language, STRETCHES, folder)
    return [_in_words(stretch, words) for stretch in (_translated(stretches, own) if own else stretches)]


def missing_cues(language: str, folder: str = "") -> list[str]:
    """The words for movements that a language says in English. Raises ContentError."""
    poses = (pose for stretch in shipped() for pose in stretch.figure.poses)
    asked = {cue for pose in poses for cue in (pose.cue, pose.hold_cue)} if language != ENGLISH else set()
    return sorted(asked - cues(language, folder).keys())


def missing_texts(settings: Settings) -> list[str]:
    """The texts of stretches that the settings' language lacks, each as `id.key`. Raises ContentError."""
    language, folder = settings.screens.language, settings.languages.folder
    own = [file.text for file in (shipped_file(language, STRETCHES), own_file(language, STRETCHES, folder)) if file]
    lacking = [set(untranslated(shipped(), text)) for text in own or [""]]
    return sorted(set.intersection(*lacking)) if language != ENGLISH else []


@cache
def shipped(language: str = ENGLISH) -> tuple[Stretch, ...]:
    """The stretches that come with the device, translated as far as that language goes. Raises ContentError."""
    known = _known_to_stay_in_picture()
    stretches = [
        each
        for name, text in _shipped_texts().items()
        for each in read_stretches(text, name, in_picture=_digest(text) in known)
    ]
    _check_once(stretches, "content/stretches")
    file = shipped_file(language, STRETCHES)
    return _translated(stretches, file) if file else tuple(stretches)


def _shipped_texts() -> Mapping[str, str]:
    files = sorted((content() / "stretches").iterdir(), key=lambda file: file.name)
    return {file.name: content_text(file, file.name) for file in files}


IN_PICTURE = "in_picture.txt"
"""The file of the content that says of which texts the figures are known to stay in their square.

Only packages have it. It goes by what is in a text, so one that was changed since is checked as anywhere else.
"""


def checked_texts() -> str:
    """What is in that file, once all of the shipped figures have been checked. Raises ContentError."""
    texts = _shipped_texts()
    for name, text in texts.items():
        read_stretches(text, name)
    return "".join(f"{_digest(text)}\n" for text in texts.values())


def _known_to_stay_in_picture() -> Collection[str]:
    try:
        return content_text(content() / IN_PICTURE, IN_PICTURE).split()
    except ContentError:
        return ()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _translated(stretches: Sequence[Stretch], file: LanguageFile) -> tuple[Stretch, ...]:
    return translated(stretches, file.text, file.name)


@cache
def routines() -> Mapping[str, ReadyMade]:
    """The ready-made routines by name."""
    tables = user_tables(content_text(content() / "routines.toml", "routines.toml"), "routines.toml")
    return {
        name: ReadyMade(tuple(table["stretches"]), table.get("only", len(table["stretches"])))
        for name, table in tables.items()
    }


# ---- the person's own stretches


def _with_own(stretches: Sequence[Stretch], folder: str) -> list[Stretch]:
    """Add the stretches from a folder's files. One with the id of a shipped stretch replaces it."""
    if not folder:
        return list(stretches)
    own = _read_folder(Path(folder))
    ids = {stretch.id for stretch in own}
    return [*(stretch for stretch in stretches if stretch.id not in ids), *own]


def _read_folder(folder: Path) -> list[Stretch]:
    own: list[Stretch] = []
    try:
        for file in files_in(folder, ".toml"):
            own += read_stretches(user_text(file), str(file))
    except UserFileError as error:
        raise ContentError(f"stretches.folder: {error}") from error
    _check_once(own, str(folder))
    return own


def _check_once(stretches: Iterable[Stretch], place: str) -> None:
    seen: set[str] = set()
    for stretch in stretches:
        if stretch.id in seen:
            raise ContentError(f"{place}: {stretch.id}: id: is in two files; allowed: each id once")
        seen.add(stretch.id)


# ---- leaving out


def left_out_by(stretch: Stretch, asked: Stretching) -> list[str]:
    """The keys of the settings that leave this stretch out; none if it may come."""
    why = {
        "leave_out": stretch.id in asked.leave_out,
        "areas_out": stretch.area.value in asked.areas_out,
        "without": not stretch.needs.isdisjoint(asked.without),
        "clothes": asked.clothes in stretch.not_in,
        "conditions": not stretch.leave_out.isdisjoint(asked.conditions),
        "seated": stretch.posture is Posture.SEATED and asked.seated == "no",
    }
    return [f"stretches.{name}" for name, leaves_out in why.items() if leaves_out]


def _check_left(left: Sequence[Stretch], always: ReadyMade | None, routine: str) -> None:
    """Raise ContentError if no routine would be possible, so that breaks don't silently have none."""
    if always is None and not any(stretch.area.is_hips and not stretch.warm_up for stretch in left):
        raise ContentError(f"stretches: these settings leave no hip movement in; allowed: leave in one or more{_ALL}")
    if always is not None and not any(stretch.id in always.stretches for stretch in left):
        raise ContentError(
            f"stretches: these settings leave nothing of the routine {routine}; allowed: one or more{_ALL}"
        )


_ALL = ", see leave_out, areas_out, without, clothes and conditions"


def _check_ids(ids: Iterable[str], stretches: Sequence[Stretch]) -> None:
    known = [stretch.id for stretch in stretches]
    for each in ids:
        if each not in known:
            near = difflib.get_close_matches(each, known, n=1)
            hint = f"nearest: {near[0]}" if near else f"there are {', '.join(known)}"
            raise ContentError(f'stretches.leave_out: there is no "{each}"; {hint}')


# ---- words


def _in_words(stretch: Stretch, words: Vocabulary) -> Stretch:
    """The stretch with its cues in the language of the screens, and with every text filled in."""
    return replace(
        stretch,
        figure=_said(stretch.figure, words),
        aside=stretch.aside and _said(stretch.aside, words),
        place=stretch.place or words.lines(f"place.{_thing(stretch)}"),
        how=stretch.how or stretch.steps,
        care=stretch.care or (f"{stretch.stop}?", words.text("guide.stop")),
    )


def _thing(stretch: Stretch) -> str:
    """The thing that the person has to go to first."""
    if stretch.posture is Posture.SEATED:
        return "chair"
    return next((need for need in ("desk", "wall", "chair", "floor") if need in stretch.needs), "free")


def _said(figure: Figure, words: Vocabulary) -> Figure:
    poses = (replace(pose, cue=words.cue(pose.cue), hold_cue=words.cue(pose.hold_cue)) for pose in figure.poses)
    return replace(figure, poses=tuple(poses))
