"""All models; importing this package declares them."""

from api.models.base import Base
from api.models.invoice import Invoice, InvoiceStatus
from api.models.tenant import Tenant

__all__ = ["Base", "Invoice", "InvoiceStatus", "Tenant"]
