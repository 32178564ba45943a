"""A small billing service: tenants and their invoices."""

from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import session
from api.models import Invoice, InvoiceStatus, Tenant

app = FastAPI(title="Shop")
Session = Annotated[AsyncSession, Depends(session)]


class TenantIn(BaseModel):
    name: str


class TenantOut(TenantIn):
    model_config = ConfigDict(from_attributes=True)
    id: int


class InvoiceIn(BaseModel):
    amount: Decimal


class InvoiceOut(InvoiceIn):
    model_config = ConfigDict(from_attributes=True)
    id: int
    status: InvoiceStatus


@app.get("/health")
async def health(db: Session) -> dict[str, str]:
    await db.execute(select(Tenant.id).limit(1))
    return {"status": "ok"}


@app.post("/tenants", status_code=201)
async def create_tenant(tenant: TenantIn, db: Session) -> TenantOut:
    created = Tenant(name=tenant.name)
    db.add(created)
    await db.commit()
    return TenantOut.model_validate(created)


@app.get("/tenants")
async def list_tenants(db: Session) -> list[TenantOut]:
    found = await db.scalars(select(Tenant).order_by(Tenant.name))
    return [TenantOut.model_validate(tenant) for tenant in found]


@app.post("/tenants/{tenant_id}/invoices", status_code=201)
async def create_invoice(tenant_id: int, invoice: InvoiceIn, db: Session) -> InvoiceOut:
    if await db.get(Tenant, tenant_id) is None:
        raise HTTPException(404, "no such tenant")
    created = Invoice(tenant_id=tenant_id, amount=invoice.amount)
    db.add(created)
    await db.commit()
    await db.refresh(created)
    return InvoiceOut.model_validate(created)
