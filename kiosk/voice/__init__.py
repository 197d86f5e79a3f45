"""The voice: what a screen says (`script`), how it is pronounced (`spoken`), who says it (`engines`, `speaker`)."""
