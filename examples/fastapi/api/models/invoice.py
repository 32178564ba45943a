import enum
from decimal import Decimal

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.models.base import Base, Timestamps


class InvoiceStatus(enum.StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    PAID = "paid"


class Invoice(Timestamps, Base):
    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "tenant_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    status: Mapped[InvoiceStatus] = mapped_column(
        Enum(InvoiceStatus, name="invoice_status", values_callable=lambda labels: [label.value for label in labels]),
        server_default=InvoiceStatus.DRAFT,
    )

    tenant: Mapped["Tenant"] = relationship(back_populates="invoices")  # noqa: F821
