"""What there is to show: stretches of one's own, what the settings leave out, and what is said when nothing is left."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from device.files.complaint import ContentError
from device.languages.language_files import content, languages
from device.languages.screen_words import vocabulary
from device.settings.settings import Screens, Settings, Stretching
from device.stretches.repertoire import IN_PICTURE, _in_words, checked_texts, repertoire, routines, shipped
from device.stretches.stretch import Posture, Stretch
from device.stretches.stretch_file import translated

DOCUMENT = Path(__file__).parents[2] / "docs" / "adding-a-stretch.md"
(OWN,) = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def asked(**what: object) -> list[str]:
    """The ids of those that are left in."""
    return [stretch.id for stretch in repertoire(Settings(stretches=Stretching(**what))).stretches]  # type: ignore[arg-type]  # by name


def complaint(**what: object) -> str:
    """What is said about such settings."""
    with pytest.raises(ContentError) as caught:
        asked(**what)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the stretch of the document in it, and something else."""
    (tmp_path / "mine.toml").write_text(OWN, "utf-8")
    (tmp_path / "notes.txt").write_text("no stretch", "utf-8")
    return tmp_path


def test_as_it_comes_nothing_is_on_the_chair_or_on_the_floor() -> None:
    left = repertoire(Settings()).stretches
    assert len(left) >= 20
    assert {stretch.posture for stretch in left} == {Posture.STANDING}


def test_those_on_the_chair_come_when_asked_for() -> None:
    assert {"figure_four", "chair_squat"} <= set(asked(seated="yes"))
    assert "figure_four" not in asked(seated="yes", without=("chair",))


@pytest.mark.parametrize(
    ("what", "gone", "stays"),
    [
        ({"leave_out": ("march", "hip_lunge")}, {"march", "hip_lunge"}, {"walk"}),
        ({"areas_out": ("neck",)}, {"chin_tuck", "neck_tilt"}, {"trunk_twist"}),
        ({"without": ("wall",)}, {"pelvic_tilt", "wall_angel"}, {"half_kneel"}),
        ({"clothes": "skirt"}, {"side_lunge", "quad_pull"}, {"hip_lunge"}),
        ({"conditions": ("knee",)}, {"hip_lunge", "mini_squat"}, {"leg_back"}),
        ({"conditions": ("hip replacement", "balance")}, {"psoas_reach", "march"}, {"glute_squeeze"}),
    ],
)
def test_each_setting_leaves_out_what_it_is_for(what: dict[str, object], gone: set[str], stays: set[str]) -> None:
    left = set(asked(**what))
    assert not gone & left
    assert stays <= left


def test_an_id_that_is_not_there_is_told_with_the_nearest() -> None:
    assert complaint(leave_out=("hip_lung",)) == 'stretches.leave_out: there is no "hip_lung"; nearest: hip_lunge'
    assert complaint(leave_out=("zzz",)).startswith('stretches.leave_out: there is no "zzz"; there are hip_lunge, ')


def test_where_no_hip_movement_is_left_it_says_so() -> None:
    hips = ("hip_flexors", "psoas", "glutes", "hip_rotation", "adductors")
    assert complaint(areas_out=hips).startswith("stretches: these settings leave no hip movement in; allowed: ")
    assert asked(areas_out=hips, routine="upper")
    assert complaint(leave_out=routines()["hips"].stretches, routine="hips").startswith(
        "stretches: these settings leave nothing of the routine hips; allowed: "
    )


def test_a_stretch_of_one_s_own_comes_on_top(folder: Path) -> None:
    left = asked(folder=str(folder))
    assert left[:-1] == asked()
    assert left[-1] == "calf_raise"


def test_one_with_the_id_of_a_shipped_one_takes_its_place(folder: Path) -> None:
    (folder / "mine.toml").write_text(OWN.replace("calf_raise", "heel_raise"), "utf-8")
    shows = repertoire(Settings(stretches=Stretching(folder=str(folder)))).stretches
    assert [stretch.name for stretch in shows if stretch.id == "heel_raise"] == ["Calf raise"]


def test_what_is_wrong_with_a_folder_is_told(folder: Path) -> None:
    missing = folder / "none"
    assert complaint(folder=str(missing)) == f"stretches.folder: {missing} is no folder; allowed: one that is there"
    (folder / "twice.toml").write_text(OWN, "utf-8")
    assert complaint(folder=str(folder)) == f"{folder}: calf_raise: id: is in two files; allowed: each id once"
    (folder / "twice.toml").write_bytes(b"\xff")
    assert (
        complaint(folder=str(folder))
        == f"stretches.folder: {folder / 'twice.toml'}: line 1: is not UTF-8 text; save it as UTF-8"
    )
    (folder / "twice.toml").write_text(OWN.replace("hip-wide.", "hip-wide, and no wider."), "utf-8")
    assert f"{folder / 'twice.toml'}: calf_raise: steps: 'feet hip-wide, and no wider.' is 7 too long; " in complaint(
        folder=str(folder)
    )


def test_a_stretch_of_one_s_own_may_come_from_a_windows_editor(folder: Path) -> None:
    (folder / "mine.toml").write_text(f"\ufeff{OWN}".replace("\n", "\r\n"), "utf-8", newline="")
    assert asked(folder=str(folder))[-1] == "calf_raise"


def test_a_folder_that_nobody_may_look_into_is_told_and_not_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.listdir", denied)
    says = complaint(folder=str(folder))
    assert says == f"stretches.folder: {folder}: can't be read: Permission denied; only its owner may: try sudo"


def test_a_folder_of_thousands_of_files_is_none_of_stretches(folder: Path) -> None:
    for number in range(201):
        (folder / f"{number}.toml").touch()
    assert complaint(folder=str(folder)).endswith("has 202 files; allowed: up to 200")


def test_what_is_no_file_in_a_folder_is_told_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe.toml")
    assert complaint(folder=str(folder)) == f"stretches.folder: {folder / 'pipe.toml'}: is a pipe; allowed: a file"


def test_german_is_said_where_german_is_asked_for() -> None:
    shows = repertoire(Settings(screens=Screens(language="de")))
    lunge = next(stretch for stretch in shows.stretches if stretch.id == "hip_lunge")
    assert lunge.name == "Ausfallschritt"
    assert lunge.figure.cue_at(0.0) == "vor"
    assert shows.words.text("seated.heading") == "Sitzzeit"


def test_a_translation_says_anew_what_it_says_and_leaves_the_rest() -> None:
    (own,) = translated([shipped()[0]], f'[{shipped()[0].id}]\nname = "Anders"\n', "xx/stretches.toml")
    assert (own.name, own.why) == ("Anders", shipped()[0].why)
    with pytest.raises(ContentError, match=r"xx/stretches\.toml: unknown key nobody; "):
        translated([shipped()[0]], "[nobody]\n", "xx/stretches.toml")
    with pytest.raises(ContentError, match=r"xx/stretches\.toml: not valid TOML: "):
        translated([shipped()[0]], "[", "xx/stretches.toml")


@pytest.mark.parametrize("language", languages())
def test_a_stretch_has_one_name_on_its_card_in_its_title_and_in_lists(language: str) -> None:
    shows = repertoire(Settings(screens=Screens(language=language), stretches=Stretching(seated="yes", without=())))
    for stretch in shows.stretches:
        title = " ".join(stretch.title_lines).replace("- ", "")
        assert title.casefold() == stretch.name.casefold(), stretch.id


def test_german_is_written_as_germans_write_it() -> None:
    """No clipped words, no baby talk, and the full stop where a step ends."""
    shows = repertoire(Settings(screens=Screens(language="de"), stretches=Stretching(seated="yes", without=())))
    for stretch in shows.stretches:
        told = [" ".join(page) for page in stretch.steps]
        said = [*told, stretch.feel, stretch.stop, stretch.mistake, stretch.caution, stretch.easier, stretch.why]
        odd = r"\w+weh\b|\b[Ww]eh\w*\b|[Aa]ufstehn\b|\bgehn\b|\bBlätter|neuer Hüfte"
        assert not re.search(odd, " ".join(said)), stretch.id
        assert all(page.endswith(".") for page in told), stretch.id


def test_a_seated_stretch_that_names_no_place_is_done_on_a_chair() -> None:
    seated = replace(next(each for each in shipped() if each.id == "figure_four"), place=())
    assert _in_words(seated, vocabulary("en")).place == ("Sit on a chair", "that can't roll")


# ---- what a package says has been checked


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content as a package has it."""
    folder = tmp_path / "content"
    shutil.copytree(str(content()), folder)
    monkeypatch.setattr("device.stretches.repertoire.content", lambda: folder)
    (folder / IN_PICTURE).write_text(checked_texts(), "utf-8")
    return folder


def read_anew() -> tuple[Stretch, ...]:
    return shipped.__wrapped__()


def as_if_checked(folder: Path, name: str) -> None:
    digest = hashlib.sha256((folder / "stretches" / name).read_bytes()).hexdigest()
    (folder / IN_PICTURE).write_text(f"{digest}\n", "utf-8")


def test_what_was_checked_is_read_the_same_without_checking_it_again(installed: Path) -> None:
    assert read_anew() == shipped()
    assert len((installed / IN_PICTURE).read_text("utf-8").split()) == len(list((installed / "stretches").iterdir()))
    move_out(installed)
    as_if_checked(installed, "hips.toml")
    assert len(read_anew()) == len(shipped())


def test_a_text_that_was_changed_since_is_checked(installed: Path) -> None:
    move_out(installed)
    with pytest.raises(ContentError, match="the figure leaves the picture"):
        read_anew()
    with pytest.raises(ContentError, match="the figure leaves the picture"):
        checked_texts()


def test_without_the_file_all_is_checked(installed: Path) -> None:
    (installed / IN_PICTURE).unlink()
    assert read_anew() == shipped()
    move_out(installed)
    with pytest.raises(ContentError, match="the figure leaves the picture"):
        read_anew()


def move_out(folder: Path) -> None:
    file = folder / "stretches/hips.toml"
    text, changes = re.subn(r"^x = \d+", "x = 54", file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert changes == 1
    file.write_text(text, "utf-8")
