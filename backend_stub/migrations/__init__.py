"""The tables of every kind of body, and how they came to be what they are."""
