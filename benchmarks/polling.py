"""What most projects of this kind do, as they write it: look at the pin, draw everything, sleep a tenth of a second.

The pin and the panel are the simulated desk's, so that only the way of writing differs. `python -m benchmarks.polling`
goes on for ever.
"""

from __future__ import annotations

import time
import warnings

from gpiozero import Button
from luma.core.render import canvas
from luma.oled.device import ssd1306

from device.settings.settings import Settings
from hardware.panel.bus import PanelBus
from hardware.simulated.desk import SimulatedDesk


def main() -> None:
    """Sit there, and count."""
    # luma uses what Pillow is giving up.
    warnings.simplefilter("ignore", DeprecationWarning)
    desk = SimulatedDesk(Settings())
    seat = Button(17, pin_factory=desk.factory)
    device = ssd1306(PanelBus(0x3C, desk.i2c))
    began = None
    while True:
        if seat.is_pressed:
            began = began or time.time()
            minutes = int((time.time() - began) / 60)
            message = f"{minutes} min"
        else:
            began = None
            message = "away"
        with canvas(device) as draw:
            draw.text((10, 20), message, fill="white")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
