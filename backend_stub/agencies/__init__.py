"""Agencies: bodies that hold information about people and ask others for it, each by its own symbols."""

from backend_stub.agencies.agency import Agency
from backend_stub.agencies.file import AgencyFile, read_file

__all__ = ["Agency", "AgencyFile", "read_file"]
