"""An Individual Number Card in software: the chip as data and behaviour, and the links that put it into a reader.

A product in itself: any PC/SC program can use the card through pcscd and vpcd. Its keys are made here, its
certificates come from the test authority under names that cannot be mistaken for the real ones.
"""
