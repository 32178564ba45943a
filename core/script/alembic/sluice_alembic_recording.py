"""Records what a revision of Alembic would run, as SQL text for PostgreSQL, without a database.

Alembic's operations write to a Recorder instead of a connection. What depends on an answer of the database can't be
written down: it raises Unrenderable, which ordinary `except Exception` of a revision doesn't catch.
"""

import datetime
import decimal
import json
import re
import uuid

from sqlalchemy import inspection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.sql import ddl, dml

TRANSACTION_WORD = re.compile(r"\s*(COMMIT|END|BEGIN|START)(\s+(WORK|TRANSACTION))?\s*;?\s*", re.IGNORECASE)


class Unrenderable(BaseException):
    """What only a run with a database could tell."""


def one_line(value, limit=100):
    line = " ".join(str(value).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


class Unknown:
    """Stands for a value that only the database knows; every use of it raises Unrenderable."""

    def __init__(self, reason, recorder):
        object.__setattr__(self, "_use", (reason, recorder))

    def _used(self, *_arguments, **_named):
        reason, recorder = object.__getattribute__(self, "_use")
        recorder.unrenderable(reason)

    __getattr__ = __setattr__ = __call__ = __iter__ = __next__ = __len__ = __bool__ = __contains__ = _used
    __getitem__ = __setitem__ = __delitem__ = __str__ = __format__ = __hash__ = __int__ = __float__ = __index__ = _used
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __enter__ = __exit__ = _used
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __rmod__ = __truediv__ = _used


def quoted(value):
    return "'" + value.replace("'", "''") + "'"


def literal_of(value):
    """A literal for a value whose type has none in this version of SQLAlchemy; None where there is no such literal."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, uuid.UUID)):
        return quoted(str(value))
    if isinstance(value, datetime.timedelta):
        return quoted(f"{value.days} days {value.seconds}.{value.microseconds:06} seconds")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return quoted("\\x" + bytes(value).hex())
    if isinstance(value, (dict, list)):
        return quoted(json.dumps(value))
    return None


class LiteralCompiler(postgresql.dialect.statement_compiler):
    def render_literal_value(self, value, type_):
        try:
            return super().render_literal_value(value, type_)
        except Exception:  # every version has its own error for a type without literals
            rendered = literal_of(value)
            if rendered is None:
                raise
            return rendered


def offline_dialect():
    """PostgreSQL's dialect without a driver; `named` leaves percent signs alone."""
    dialect = postgresql.dialect(paramstyle="named")
    dialect.statement_compiler = LiteralCompiler
    # Before it has connected, the dialect doubles backslashes in case strings are not standard.
    dialect._backslash_escapes = False
    return dialect


def without_tabs(sql):
    """SQLAlchemy indents the columns of CREATE TABLE with a tab; tabs inside of strings stay."""
    lines, in_string = [], False
    for line in sql.split("\n"):
        begins_in_string = in_string
        in_string ^= line.count("'") % 2 == 1
        if not begins_in_string and line.startswith("\t"):
            line = "    " + line[1:]
        lines.append(line if in_string else line.rstrip())
    return "\n".join(lines)


class Recorder:
    """The statements of one function of a revision, in order, each with whether it is outside of a transaction."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.parts = []
        self.notes = []  # SQL of env.py, and whatever else happens outside of a revision
        self.autocommit = False
        self.active = False
        self.swallowed = None  # an Unrenderable that a revision may have caught
        self.only_if_missing = False

    def start(self):
        self.parts = []
        self.autocommit = False
        self.active = True
        self.swallowed = None

    def unrenderable(self, reason):
        self.swallowed = Unrenderable(reason)
        raise self.swallowed

    def add_sql(self, sql):
        sql = sql.strip()
        if not self.active:
            if not sql.startswith("--") and not TRANSACTION_WORD.fullmatch(sql):
                self.notes.append("env.py runs SQL of its own, which is not part of any revision: " + one_line(sql))
            return
        word = TRANSACTION_WORD.fullmatch(sql)
        if word:  # written by hand to leave the transaction, where there was no autocommit_block()
            self.autocommit = word[1].upper() in ("COMMIT", "END")
        elif sql and sql != ";":
            self.parts.append({"sql": sql, "autocommit": self.autocommit})

    # What MigrationContext.impl is told ------------------------------------------------------------------------------

    def execute(self, construct, execution_options=None, multiparams=None, params=None):
        if isinstance(construct, str):
            construct = text(construct)
        sql = ""
        for bound in self._with_parameters(construct, multiparams or params):
            sql = self._compile(bound)
            self.add_sql(sql)
        return self.answer_to(sql)

    def answer_to(self, sql):
        return Unknown("reads what the database answers to: " + one_line(sql), self)

    def static_output(self, sql):
        if not sql.lstrip().startswith("--"):
            self.add_sql(sql)

    def begin(self):
        self.autocommit = False

    def commit(self):
        self.autocommit = True

    # -----------------------------------------------------------------------------------------------------------------

    def _with_parameters(self, construct, parameters):
        if not parameters:
            return [construct]
        rows = [parameters] if hasattr(parameters, "keys") else list(parameters)
        if any(not hasattr(row, "keys") for row in rows):
            self.unrenderable("binds parameters by position")
        if isinstance(construct, dml.Insert):
            return [construct.values(**row) for row in rows]
        if hasattr(construct, "bindparams"):
            return [construct.bindparams(**row) for row in rows]
        return [construct.params(**row) for row in rows]

    def _compile(self, construct):
        is_ddl = isinstance(construct, ddl.DDLElement)
        if is_ddl and self.only_if_missing:
            return self._guarded(construct)
        options = {} if is_ddl else {"compile_kwargs": {"literal_binds": True}}
        sql = str(construct.compile(dialect=self.dialect, **options))
        return without_tabs(sql) if isinstance(construct, ddl.CreateTable) else sql

    def _guarded(self, construct):
        """DDL with checkfirst=True: done only where the object is (or is not) there."""
        for flag in ("if_not_exists", "if_exists"):
            if hasattr(construct, flag):
                setattr(construct, flag, True)
        sql = without_tabs(str(construct.compile(dialect=self.dialect)).strip())
        if sql.startswith("DROP TYPE ") and " IF EXISTS " not in sql:
            return sql.replace("DROP TYPE ", "DROP TYPE IF EXISTS ", 1)
        if sql.startswith("CREATE TYPE "):
            return f"DO $$\nBEGIN\n    {sql};\nEXCEPTION\n    WHEN duplicate_object THEN NULL;\nEND\n$$"
        return sql


class _Transaction:
    """begin() and begin_nested() of a connection: the section is the transaction."""

    def __init__(self, recorder):
        self._recorder = recorder

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def commit(self):
        pass

    def close(self):
        pass

    is_active = True

    def rollback(self):
        self._recorder.unrenderable("rolls back what it did")


class RecordingConnection(MockConnection):
    """What `op.get_bind()` returns."""

    def __init__(self, recorder):
        super().__init__(recorder.dialect, None)
        self.__dict__.pop("execute", None)  # SQLAlchemy 1.4 hides the method behind what it was given
        self._recorder = recorder

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __getattr__(self, name):
        if name.startswith("_"):  # SQLAlchemy asks what it has before it
            raise AttributeError(name)
        return self._recorder.unrenderable(f"uses .{name} of the connection")

    def execute(self, statement, parameters=None, *more, **named):
        options = {"execution_options", "bind_arguments"}
        words = {name: value for name, value in named.items() if name not in options}
        if more and parameters is not None and all(hasattr(row, "keys") for row in more):
            parameters = [parameters, *more]  # SQLAlchemy 1.4 takes rows as arguments too
        return self._recorder.execute(statement, params=parameters or words or None)

    def scalar(self, statement, parameters=None, **named):
        return self.execute(statement, parameters, **named)

    scalars = scalar

    def exec_driver_sql(self, statement, parameters=None, execution_options=None):
        if parameters:
            self._recorder.unrenderable("binds parameters in the driver's own way")
        self._recorder.add_sql(statement)
        return self._recorder.answer_to(statement)

    def execution_options(self, **options):
        if options.get("isolation_level"):
            self._recorder.unrenderable("changes the connection's isolation level")
        return self

    def begin(self):
        return _Transaction(self._recorder)

    begin_nested = begin

    def get_transaction(self):
        return _Transaction(self._recorder)

    def in_transaction(self):
        return True

    def in_nested_transaction(self):
        return False

    def commit(self):
        pass

    def close(self):
        pass

    def rollback(self):
        self._recorder.unrenderable("rolls back what it did")

    def _run_ddl_visitor(self, visitorcallable, element, **named):
        before = self._recorder.only_if_missing
        self._recorder.only_if_missing = bool(named.get("checkfirst"))
        try:
            super()._run_ddl_visitor(visitorcallable, element, **named)
        finally:
            self._recorder.only_if_missing = before


@inspection._inspects(RecordingConnection)
def _inspect(connection):
    connection._recorder.unrenderable("looks at the database's tables while it runs")
