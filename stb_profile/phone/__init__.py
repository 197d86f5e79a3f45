"""The phone beside the television: pairing by QR, two roles, and a page without a framework.

Two processes of one box. The gate (`gate.py`) has the local network: it serves the page and carries frames it cannot
read. The box side (`box.py`) has the keys and no socket; it lives in the process of the visit and ends with it.
"""
