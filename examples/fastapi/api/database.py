"""The service's connection to the database that `.env` names: the same settings that sluice reads."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


def settings() -> dict[str, str]:
    """The environment, and what `.env` adds to it."""
    values = {}
    path = Path(".env")
    for line in path.read_text().splitlines() if path.exists() else ():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            values[name.strip()] = value.strip()
    return {**values, **os.environ}


def url() -> URL:
    found = settings()
    return URL.create(
        "postgresql+asyncpg",
        username=found["POSTGRES_USER"],
        password=found.get("POSTGRES_PASSWORD"),
        host=found.get("DB_HOST", "localhost"),
        port=int(found.get("DB_PORT", "5432")),
        database=found["POSTGRES_DB"],
    )


engine = create_async_engine(url())
make_session = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    async with make_session() as opened:
        yield opened
