"""The bill of materials names all that a release consists of, in the form that its readers know."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from systemd.making.bill_of_materials import BillError, DebianPackage, PinnedLibrary, Released, bill, pins
from systemd.making.description import described

H11 = PinnedLibrary("h11", "0.16.0", ("a" * 64, "b" * 64))
PACKAGE = DebianPackage("libc6", "2.41-12+deb13u1", "arm64")
FILES = [Released("unsit.whl", "c" * 64, (H11,)), Released("unsit.img.zst", "d" * 64, (H11,), (PACKAGE,))]
AT_S = 1_796_000_000


def told() -> Any:
    return json.loads(bill("1.0.0", AT_S, FILES, "debian-13"))


def test_it_is_cyclonedx_and_the_same_for_the_same_release() -> None:
    text = bill("1.0.0", AT_S, FILES, "debian-13")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == bill("1.0.0", AT_S, reversed(FILES), "debian-13")
    assert text != bill("1.0.1", AT_S, FILES, "debian-13")


def test_it_says_what_each_file_brings_and_each_thing_once() -> None:
    parts = {each["bom-ref"]: each for each in told()["components"]}
    assert len(parts) == 4
    h11, libc = "pkg:pypi/h11@0.16.0", "pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=arm64&distro=debian-13"
    assert [each["content"] for each in parts[h11]["hashes"]] == ["a" * 64, "b" * 64]
    assert parts[libc]["version"] == "2.41-12+deb13u1"
    assert parts["file:unsit.whl"]["hashes"] == [{"alg": "SHA-256", "content": "c" * 64}]
    needs = {each["ref"]: each.get("dependsOn", []) for each in told()["dependencies"]}
    assert needs["unsit"] == ["file:unsit.img.zst", "file:unsit.whl"]
    assert needs["file:unsit.whl"] == [h11]
    assert needs["file:unsit.img.zst"] == [libc, h11]


def test_what_is_no_hash_is_refused() -> None:
    with pytest.raises(BillError, match=r"no CycloneDX 1\.6"):
        bill("1.0.0", AT_S, [Released("unsit.whl", "no hash")], "debian-13")


def test_every_library_that_a_device_installs_is_read_with_all_its_hashes() -> None:
    everything: dict[str, PinnedLibrary] = {}
    for part in described().parts.values():
        text = part.libraries.read_text("utf-8")
        found = pins(text)
        assert len(found) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0, part.name
        assert sum(len(pin.sha256) for pin in found) == text.count("--hash=sha256:"), part.name
        for pin in found:
            assert everything.setdefault(pin.name, pin) == pin, "one device, one version"
        assert set(part.vendored) <= {pin.name for pin in found}, part.name
    assert "gpiozero" in everything
