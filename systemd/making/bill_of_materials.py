"""Writes down what a release consists of, as CycloneDX: its files, their libraries, the packages of the image."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "unsit")
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


class BillError(Exception):
    """What was written is no CycloneDX; the message says why."""


@dataclass(frozen=True)
class PinnedLibrary:
    """A library in one version, with the hashes of the files that it may come as."""

    name: str
    version: str
    sha256: tuple[str, ...]


@dataclass(frozen=True)
class DebianPackage:
    """A Debian package as it is in the image."""

    name: str
    version: str
    architecture: str


@dataclass(frozen=True)
class Released:
    """A file of the release, and what one gets with it beside Unsit itself."""

    name: str
    sha256: str
    libraries: tuple[PinnedLibrary, ...] = ()
    packages: tuple[DebianPackage, ...] = field(default=(), repr=False)


def pins(requirements: str) -> tuple[PinnedLibrary, ...]:
    """The libraries of a requirements file that has one version and the hashes of each."""
    return tuple(
        PinnedLibrary(
            found["name"], found["version"], tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", found["rest"]))
        )
        for found in _PIN.finditer(requirements)
    )


def bill(version: str, epoch_s: int, files: Iterable[Released], suite: str) -> str:
    """The bill of a release as text, checked against its schema. The same release has the same text."""
    files = sorted(files, key=lambda each: each.name)
    unsit = Component(
        name="unsit",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="unsit",
        licenses=[DisjunctiveLicense(id="MIT")],
    )
    known: dict[PinnedLibrary | DebianPackage, Component] = {}
    parts = {each: _file(each) for each in files}
    bom = Bom(
        serial_number=uuid.uuid5(_OURS, " ".join([version, *(each.sha256 for each in files)])),
        metadata=BomMetaData(component=unsit, timestamp=datetime.fromtimestamp(epoch_s, UTC)),
        components=parts.values(),
    )
    bom.register_dependency(unsit, parts.values())
    for each, part in parts.items():
        has = [known.setdefault(one, _library(one)) for one in each.libraries]
        has += [known.setdefault(one, _package(one, suite)) for one in each.packages]
        bom.register_dependency(part, has)
    bom.components.update(known.values())
    return _checked(JsonV1Dot6(bom).output_as_string(indent=2))


def _file(released: Released) -> Component:
    return Component(
        name=released.name, type=ComponentType.FILE, bom_ref=f"file:{released.name}", hashes=_hashes([released.sha256])
    )


def _library(pin: PinnedLibrary) -> Component:
    url = PackageURL("pypi", name=pin.name, version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=url.to_string(),
        purl=url,
        hashes=_hashes(pin.sha256),
        # What comes depends on the processor and on Python.
        properties=[Property(name="unsit:hashes", value="one for each file of this version; a device has one of them")],
    )


def _package(package: DebianPackage, suite: str) -> Component:
    more: Mapping[str, str] = {"arch": package.architecture, "distro": suite}
    url = PackageURL("deb", "debian", package.name, package.version, dict(more))
    return Component(name=package.name, version=package.version, bom_ref=url.to_string(), purl=url)


def _hashes(of: Iterable[str]) -> list[HashType]:
    return [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in of]


def _checked(text: str) -> str:
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if found is not None:
        raise BillError(f"the bill of materials is no CycloneDX 1.6: {str(found.data)[:300]}")
    # The library's own order depends on how Python hashes.
    return json.dumps(_ordered(json.loads(text)), indent=2, ensure_ascii=False) + "\n"


def _ordered(bill_read: dict[str, Any]) -> dict[str, Any]:
    bill_read["components"].sort(key=lambda each: each["bom-ref"])
    bill_read["dependencies"].sort(key=lambda each: each["ref"])
    for each in bill_read["dependencies"]:
        each.get("dependsOn", []).sort()
    for each in bill_read["components"]:
        each.get("hashes", []).sort(key=lambda one: one["content"])
    return bill_read
