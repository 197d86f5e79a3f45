"""What other people's clients asked of the software card, kept as vectors.

Re-record with `python -m tests.card.software.traces.record` where no other pcscd runs (script/test shows how).
"""
