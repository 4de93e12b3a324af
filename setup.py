"""Names what is packaged: the folders beside device and hardware would break automatic discovery."""

import re
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

here = Path(__file__).parent
version = re.search(r'__version__ = "(.+)"', (here / "device/__init__.py").read_text("utf-8"))
assert version


WORKBENCH = ("hardware.case", "hardware.drawings", "hardware.renders", "hardware.renders.camera")
"""What somebody builds the device with, and no device needs."""


class BuildChecked(build_py):
    """Puts into a package that its figures have been checked, which a start then needn't do again."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        sys.path.insert(0, str(here))
        from device.stretches.repertoire import IN_PICTURE, checked_texts

        (Path(self.build_lib) / "device/content" / IN_PICTURE).write_text(checked_texts(), "utf-8")


setup(
    name="unsit",
    version=version[1],
    description="A desk device that knows when you sit and shows you how to move",
    long_description=(here / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=[
        name
        for package in ("device", "hardware")
        for file in sorted((here / package).rglob("__init__.py"))
        if (name := ".".join(file.parent.relative_to(here).parts)) not in WORKBENCH
    ],
    package_data={
        "device": ["content/*.toml", "content/*/*.toml", "content/days/*.csv", "py.typed"],
        "device.pictures": ["fonts/*"],
        "device.page": ["static/*/*"],
        "hardware": ["py.typed"],
        "hardware.wiring": ["*.toml"],
    },
    install_requires=[
        # Below 2.1 it can't be asked how large the buffer for edges is to be; 1.x is another API altogether.
        "gpiod>=2.1,<3; platform_system == 'Linux'",
        "gpiozero>=2.0,<3",
        # Debian's 2.4 asks for RPi.GPIO, which takes a compiler.
        "luma.core>=2.5,<3",
        "luma.oled>=3.10,<4",
        # luma.oled calls Image.getdata(), which Pillow 14 takes away.
        "Pillow>=9.4,<14",
        "schedule>=1.2,<2",
        "smbus2>=0.4,<1",
        # For luma.core. Version 6 needs a Rust compiler where there is no wheel, as on 32-bit systems; a marker can't
        # tell these, since their kernel may be a 64-bit one.
        "cbor2<6",
    ],
    extras_require={
        # One for each other pins.backend, under its name. They are no plain requirements, not even on a Pi: Raspberry
        # Pi OS brings both ready built, lgpio has no wheel for Python 3.13, and RPi.GPIO from an index would take the
        # place of the system's module of that name, which on newer systems is another one.
        # Below 0.2.2 pip finds an empty module called lgpio and installs it without a word.
        "lgpio": ["lgpio>=0.2.2,<0.3"],
        "rpigpio": ["RPi.GPIO>=0.7.1,<0.8"],
        # What `seat.kind = "mcp3008"` reads SPI with. Raspberry Pi OS brings it ready built; there are no wheels.
        "spidev": ["spidev>=3.5,<4"],
        # What `unsit history --plot` draws with.
        "plot": ["matplotlib>=3.6,<4"],
        # What `unsit page` serves with, and what draws the QR code that a phone is connected by.
        "page": ["h11>=0.14,<1", "segno>=1.6,<2", "starlette>=0.40,<2", "uvicorn>=0.30,<1"],
        # What `unsit meetings` reads calendars with, and fetches them with.
        "meetings": ["icalendar>=6.1,<8", "recurring-ical-events>=3.4,<4", "urllib3>=2,<3"],
        # What `unsit mqtt` talks to a broker with. Version 1, which Debian 12 has, is another API.
        "mqtt": ["paho-mqtt>=2.1,<3"],
        # What `unsit office` collects the days of many desks with, and keeps them in.
        "office": ["paho-mqtt>=2.1,<3", "SQLAlchemy>=2.0.20,<3"],
        # What it needs besides where the database is a PostgreSQL.
        "postgresql": ["psycopg[binary]>=3.1.18,<4"],
        # What `make drawings` draws circuit diagrams with. Another version may draw other lines.
        "drawings": ["schemdraw>=0.23,<0.24"],
        # What `make case` makes solids with, and `make renders` takes their pictures with; CadQuery brings both along.
        "case": ["cadquery>=2.6,<3", "numpy>=1.26,<3", "vtk>=9.3,<10"],
        # What `make release` writes its bill of materials with.
        "release": ["cyclonedx-python-lib[json-validation]>=11.2,<12", "setuptools>=70.1"],
        # The tests build a package too, hence setuptools; from 70.1 on it does so without a further package.
        "check": [
            "axe-playwright-python>=0.1.4",
            "h11>=0.14,<1",
            "hypothesis>=6",
            # A second reader of calendars, which the first is compared with.
            "ical>=8",
            "icalendar>=6.1,<8",
            "matplotlib>=3.6,<4",
            "mypy>=1.13",
            "packaging>=23",
            "paho-mqtt>=2.1,<3",
            "playwright>=1.49",
            "psycopg[binary]>=3.1.18,<4",
            "pytest>=8",
            "pytest-timeout>=2.3",
            "coverage>=7.10",
            "cyclonedx-python-lib[json-validation]>=11.2,<12",
            "pytest-xdist>=3",
            "recurring-ical-events>=3.4,<4",
            "SQLAlchemy>=2.0.20,<3",
            "ruff>=0.8",
            # As in `drawings`: the tests compare what it draws with what is checked in.
            "schemdraw>=0.23,<0.24",
            "segno>=1.6,<2",
            "setuptools>=70.1",
            "starlette>=0.40,<2",
            # A second look at the case's files, beside our own measuring.
            "trimesh>=4,<6",
            "urllib3>=2,<3",
            "uvicorn>=0.30,<1",
            "lgpio>=0.2.2,<0.3; python_version < '3.13' and platform_system == 'Linux'",
            # Reads the QR code on the panel, as a phone would.
            "zxing-cpp>=2.2",
        ],
    },
    cmdclass={"build_py": BuildChecked},
    entry_points={
        "console_scripts": ["unsit = device.__main__:main"],
        "gpiozero_pin_factories": ["gpiod = hardware.gpio.gpiod_factory:GpiodFactory"],
    },
)
