"""The layer for Raspberry Pi's own builder has what the image has, and its header is as the builder wants it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from email.parser import Parser
from pathlib import Path

import pytest

from systemd.making.debian_packages import committed_at_s, debian_packages
from systemd.making.description import described
from systemd.making.layer import OF_THE_BUILDER, files, layer, packages, units, write_layer
from tests.checkout import PROJECT

ROOT = PROJECT / "systemd/image/root"
KNOWN = {
    *(f"X-Env-Layer-{field}" for field in ("Name", "Category", "Version", "Desc", "AfterProvider")),
    *("X-Env-VarPrefix", "X-Env-Var-debs"),
    *(f"X-Env-Var-debs-{field}" for field in ("Desc", "Required", "Valid", "Set")),
}
"""Of the fields that the builder's documentation names, those of ours."""


def header(text: str) -> dict[str, str]:
    """The fields between its marks, which have the form of a Debian control file."""
    between = text.split("# METABEGIN\n")[1].split("# METAEND\n")[0]
    lines = [line.removeprefix("#").removeprefix(" ") for line in between.splitlines()]
    return dict(Parser().parsestr("\n".join(line for line in lines if line.strip())).items())


def test_the_header_has_only_fields_that_the_builder_knows_and_one_line_for_each() -> None:
    fields = header(layer(described()))
    assert set(fields) == KNOWN
    assert fields["X-Env-Layer-Name"] == "unsit"
    assert re.fullmatch(r"\d+\.\d+\.\d+", fields["X-Env-Layer-Version"])
    assert "how to\n move" in fields["X-Env-Layer-Desc"], "a line that goes on begins with a blank"


def test_it_takes_the_packages_that_the_parts_need_and_the_images_but_for_those_of_the_builder() -> None:
    text, description = layer(described()), described()
    asked = re.findall(r"^    - ([a-z0-9][a-z0-9.+-]+)$", text, re.MULTILINE)
    assert asked == packages(description)
    needed = {re.sub(r"[ :(].*", "", each) for part in description.parts.values() for each in part.debian}
    assert needed | set(description.image_packages["all"]) <= set(asked) | OF_THE_BUILDER
    assert "@" not in text


def test_it_says_the_lines_of_config_txt_as_the_description_has_them() -> None:
    assert all(f"'{line}'" in layer(described()) for line in described().boot_config)


def test_a_file_of_the_images_root_is_in_it_or_belongs_to_the_layout_of_the_card() -> None:
    there = {str(file.relative_to(ROOT)) for file in ROOT.rglob("*") if not file.is_dir() and file.suffix != ".pyc"}
    # Whoever adds a file to the image says in systemd/making/layer.py if Raspberry Pi's builder has no use for it.
    about = (
        "/(apt|dpkg|fstab|host|initramfs|kernel/|overlayroot|system-preset)"
        "|kept|trial|update|page-reach|fill-prefix|bring-up"
    )
    left_out = there - set(files())
    assert left_out == {each for each in there if re.search(about, each) and "unsit_card" not in each} - {HOST_KEY}
    masked = "etc/systemd/system/sshd-keygen.service"
    assert masked in files()


HOST_KEY = "usr/lib/unsit-image/host-key"


def test_each_unit_that_it_enables_is_in_it_or_in_a_package() -> None:
    assert units()[0] == "unsit-early.service"
    assert {f"usr/lib/systemd/system/{unit}" for unit in units()} <= set(files())


# ---- in a root


_OTHERS = """\
name: unsit
env:
  IGconf_unsit_debs: {layer}/debs
mmdebstrap:
  suite: trixie
  variant: minbase
  target: {root}
  packages: [systemd-sysv, udev]
  customize-hooks:
    - mkdir -p "$1/boot/firmware"; echo arm_boost=1 >"$1/boot/firmware/config.txt"
    - cp -r {layer}/customize.overlay/. "$1/"
"""
"""What the builder's other layers bring, and what it does before the hooks of a layer: its overlay is laid there."""


@pytest.mark.image
def test_bdebstrap_makes_a_root_of_it_that_has_all_of_unsit(tmp_path: Path) -> None:
    if shutil.which("bdebstrap") is None or os.geteuid() != 0:
        pytest.skip("the builder's bdebstrap isn't here, or nobody is root: sudo apt install bdebstrap")
    write_layer(tmp_path, debian_packages(PROJECT, tmp_path / "built", committed_at_s()))
    root = tmp_path / "root"
    (tmp_path / "others.yaml").write_text(_OTHERS.format(root=root, layer=tmp_path / "layer/unsit.d"), "utf-8")
    asked = ["bdebstrap", "--config", "others.yaml", "--config", "layer/unsit.yaml", "--output", "out", "--quiet"]
    ran = subprocess.run(asked, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:]
    for part in described().parts.values():
        for file in part.files:
            assert file.reach or os.path.lexists(root / file.place_in_package.lstrip("/")), file
    # Links that lead nowhere outside of this root.
    enabled = {link.name for link in (root / "etc/systemd/system").rglob("*") if link.is_symlink()}
    assert {"unsit.service", "unsit-page.socket", *units()} <= enabled
    config = (root / "boot/firmware/config.txt").read_text("utf-8").splitlines()
    assert config[0] == "arm_boost=1"
    assert [config.count(line) for line in described().boot_config] == [1] * len(described().boot_config)
    assert "unsit:" in (root / "etc/passwd").read_text("utf-8")
    runs = subprocess.run(["chroot", str(root), "unsit", "--version"], capture_output=True, text=True, check=False)
    assert runs.stdout.startswith("unsit "), runs.stderr
