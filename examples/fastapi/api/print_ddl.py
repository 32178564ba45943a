"""Prints the DDL of the models: what `sluice revision` compares with what the revisions build."""

from sqlalchemy import create_mock_engine

from api.models import Base

engine = create_mock_engine("postgresql+asyncpg://", lambda ddl, *_, **__: print(f"{ddl.compile(dialect=engine.dialect)};"))
Base.metadata.create_all(engine, checkfirst=False)
