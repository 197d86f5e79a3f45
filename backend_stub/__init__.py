"""The thin backend: bodies that know only their own data and talk through the wire."""
