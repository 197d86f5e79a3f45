"""How a software card gets into a reader."""
