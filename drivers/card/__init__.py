"""The card's applications, one file each."""
