"""What keeps it going: the loop, its clocks and calendar, the service, the restart and the replay.

It imports `journal` and the floors below.
"""
