"""The cards there are to issue: one TOML file each, named after the card."""
