"""Enqueue products and read results with SQLAlchemy: python3 sqlalchemy_automap.py DATABASE"""

import pathlib
import sqlite3
import sys
import warnings

from sqlalchemy import Column, Table, Text, create_engine, select
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session



def connect():
    uri = pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=rw"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


engine = create_engine("sqlite://", creator=connect)

# The unique index of open jobs contains an expression, which SQLAlchemy need not reflect.
warnings.filterwarnings("ignore", "Skipped unsupported reflection")
Base = automap_base()


# A view has no key, but SQLAlchemy requires one.
class Inbox(Base):
    __table__ = Table(
        "inbox",
        Base.metadata,
        Column("endpoint", Text, primary_key=True),
        Column("product", Text, primary_key=True),
        autoload_with=engine,
    )


Base.prepare(autoload_with=engine)
Job, Result, Rejected = Base.classes.queue, Base.classes.result, Base.classes.rejected

with Session(engine) as session:
    # A bad row of `queue` is an IntegrityError; a bad row of `inbox` goes to `rejected`.
    session.add(Job(endpoint="images", product="B0086FFHLS", label="spring"))
    session.add(Inbox(endpoint="images", product=" b00nnumi86", label="spring"))
    session.add(Inbox(endpoint="images", product="b00-oops", label="spring"))
    session.commit()

    for job in session.scalars(select(Job).order_by(Job.id)):
        print(job.endpoint, job.product, job.state, job.priority, job.label)
    for row in session.scalars(select(Rejected).order_by(Rejected.id)):
        print(row.product, row.reason)
    for result in session.scalars(select(Result).order_by(Result.revision)):
        print(result.revision, result.product, result.found, result.body)
