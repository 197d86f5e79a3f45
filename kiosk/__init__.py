"""The front end: one visit of one citizen at a time."""
