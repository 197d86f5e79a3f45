"""Remote controls read directly from the kernel, where the window system would drop their keys (X11 above code 247).

Nothing here is imported unless `--input evdev` or `madoguchi keys` asks for it; `device.py` alone is Linux's.
"""
