"""From colours as a screen has them to the light that they stand for, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def linear(colour: str) -> tuple[float, float, float]:
    """The light that a colour such as `#c8a050` stands for, each part from 0 to 1."""
    red, green, blue = (float(_light(int(colour[at : at + 2], 16) / 255)) for at in (1, 3, 5))
    return red, green, blue


def to_light(picture: Image.Image) -> NDArray[np.float64]:
    """The same for each dot of a picture."""
    light: NDArray[np.float64] = _light(np.asarray(picture.convert("RGB"), float) / 255)
    return light


def of_light(light: NDArray[np.float32]) -> Image.Image:
    """The picture of so much light."""
    parts = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    return Image.fromarray((np.clip(parts, 0, 1) * 255).round().astype(np.uint8))


def as_colour(parts: tuple[float, float, float]) -> str:
    """A colour given as parts from 0 to 1, as `#c8a050`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _light(part: Any) -> Any:
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
