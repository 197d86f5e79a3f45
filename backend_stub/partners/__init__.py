"""Partner companies: they may write to residents who let them in, and learn nothing else."""

from backend_stub.partners.company import Company
from backend_stub.partners.file import CompanyFile, read_file

__all__ = ["Company", "CompanyFile", "read_file"]
