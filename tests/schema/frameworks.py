"""Schemas that SQLAlchemy and Django make themselves, from models of the kinds that differ easily."""

import subprocess
import sys
import venv

from converge import Disagreement, Judge, Tally, record
from dump_text import restorable
from pair import Pair
from real_schemas import cache_directory
from sql_session import SqlError

REQUIREMENTS = ("sqlalchemy==2.0.*", "django==5.2.*", "psycopg[binary]==3.*")

SQLALCHEMY = '''
import enum
import sys
from sqlalchemy import *
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, JSONB, TSRANGE, UUID, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Kind(enum.Enum):
    first = 1
    second = 2

class Account(Base):
    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True, comment="it's unique")
    kind: Mapped[Kind] = mapped_column(server_default="first")
    plain: Mapped[str] = mapped_column(Enum("x", "y", name="plain_kind", native_enum=False, create_constraint=True))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    data: Mapped[dict] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    tags = mapped_column(ARRAY(String(20)), server_default="{}")
    price = mapped_column(Numeric(10, 2), CheckConstraint("price > 0"), server_default="1.50")
    made = mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)
    key = mapped_column(UUID, server_default=text("gen_random_uuid()"))
    total = mapped_column(Numeric, Computed("price * 2", persisted=True))
    sorted_name = mapped_column(String(collation="C"))

class Booking(Base):
    __tablename__ = "booking_of_a_room_with_a_name_that_is_quite_long_indeed"
    id = mapped_column(BigInteger, Identity(always=True, start=10, cycle=True), primary_key=True)
    account_id = mapped_column(ForeignKey("account.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"), index=True)
    parent_id = mapped_column(ForeignKey("booking_of_a_room_with_a_name_that_is_quite_long_indeed.id"))
    during = mapped_column(TSRANGE)
    number = mapped_column(SmallInteger, Sequence("booking_number"), server_default=Sequence("booking_number").next_value())
    __table_args__ = (
        ExcludeConstraint(("during", "&&"), name="no_overlap"),
        UniqueConstraint("account_id", "number"),
        Index("some", "account_id", text("number DESC"), postgresql_where=text("number > 3"), postgresql_include=["parent_id"]),
        Index("lower_range", text("lower(during)")),
        {"comment": "a booking"},
    )

with create_engine(sys.argv[1].replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
    Base.metadata.create_all(connection)
'''

DJANGO = '''
import sys
import django
from django.conf import settings
from django.core.management import call_command
from urllib.parse import parse_qs, urlsplit

url = urlsplit(sys.argv[1])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
                           "HOST": parse_qs(url.query)["host"][0], "PORT": parse_qs(url.query)["port"][0]}},
    INSTALLED_APPS=["django.contrib." + name for name in ("auth", "contenttypes", "sessions", "sites", "flatpages", "redirects",
                                                          "admin", "messages")],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SITE_ID=1, MIDDLEWARE=[], TEMPLATES=[], USE_TZ=True,
)
django.setup()
call_command("migrate", verbosity=0)

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

class Order(models.Model):
    class Meta:
        app_label = "shop"
        db_table_comment = "an order"
        indexes = [
            models.Index(Lower("email"), name="order_email_lower"),
            models.Index(fields=["-made", "status"], name="order_made", condition=Q(status="new")),
            GinIndex(fields=["tags"], name="order_tags"),
            BrinIndex(fields=["made"], name="order_brin", pages_per_range=16),
            models.Index(fields=["email"], name="order_like", opclasses=["varchar_pattern_ops"], include=["status"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["new", "paid"]), name="order_status"),
            models.UniqueConstraint(Lower("email"), "status", name="order_once"),
            models.UniqueConstraint(fields=["email"], name="order_late", deferrable=models.Deferrable.DEFERRED),
            ExclusionConstraint(name="order_during", expressions=[("during", "&&")]),
        ]
    email = models.EmailField(unique=True, db_comment="it's here")
    status = models.CharField(max_length=9, db_default="new", choices=[("new", "New"), ("paid", "Paid")])
    made = models.DateTimeField(db_default=Now())
    amount = models.PositiveIntegerField(default=3)
    double = models.GeneratedField(expression=F("amount") * 2, output_field=models.IntegerField(), db_persist=True)
    tags = ArrayField(models.CharField(max_length=9), default=list)
    during = DateTimeRangeField(null=True)
    data = models.JSONField(default=dict)
    slug = models.SlugField()
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE)

with connection.schema_editor() as editor:
    editor.create_model(Order)
'''


def python_with_frameworks():
    """The interpreter of a virtual environment with the frameworks; made once."""
    directory = cache_directory() / "frameworks"
    python = directory / "bin/python"
    if not (directory / "complete").exists():
        venv.create(directory, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS]
        subprocess.run(install, check=True, stdout=sys.stderr)
        (directory / "complete").touch()
    return python


def judge_frameworks(databases, differ):
    """What a framework makes is what it makes another time, and what is restored from its dump."""
    tally = Tally()
    for name, program in FRAMEWORKS.items():
        made = [make(databases, program), make(databases, program), databases.create()]
        if error := databases.psql(made[2], restorable(databases.dump(made[0]))):
            raise RuntimeError(f"{name}: the dump can't be restored: {error}")
        for other, word in ((made[1], "again"), (made[2], "restored")):
            pair = Pair(name=f"{name}-{word}", same=True, source="frameworks.py")
            try:
                Judge(databases, differ).judge_databases(pair, made[0], other)
                record(tally, pair, None, databases.major)
            except (Disagreement, SqlError) as error:
                record(tally, pair, error, databases.major)
        databases.drop(*made)
    return tally


def make(databases, program):
    """A database that a framework made; returns its name."""
    name = databases.create()
    done = subprocess.run(
        [python_with_frameworks(), "-c", program, databases.url(name)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the framework failed: {done.stderr.strip()}")
    return name


FRAMEWORKS = {"sqlalchemy": SQLALCHEMY, "django": DJANGO}
