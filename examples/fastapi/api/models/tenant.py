from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.models.base import Base, Timestamps


class Tenant(Timestamps, Base):
    __tablename__ = "tenant"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)

    invoices: Mapped[list["Invoice"]] = relationship(back_populates="tenant")  # noqa: F821
