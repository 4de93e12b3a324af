"""What runs the device: the loop, the clocks, the calendar, the service, the restart and the replay.

They import `journal` and the floors below.
"""
