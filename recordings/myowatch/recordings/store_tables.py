"""Tables of the session store. An index: all of it can be made again from the recordings."""

from sqlalchemy import Column, Float, ForeignKeyConstraint, Integer, MetaData, String, Table

tables = MetaData()

sessions = Table(
    "sessions",
    tables,
    Column("id", String, primary_key=True),
    Column("note", String, nullable=False),
    Column("ended", String),
)

files = Table(
    "files",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("started", String, nullable=False),
    Column("settings", String, nullable=False),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

_OF_A_FILE = (["session", "file"], ["files.session", "files.file"])

streams = Table(
    "streams",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("modality", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("sampling_rate", Float(53), nullable=False),
    Column("channels", String, nullable=False),
    Column("resolution", Float(53), nullable=False),
    Column("site", String, nullable=False),
    Column("n_samples", Integer, nullable=False),
    Column("scorable_s", Float(53), nullable=False),
    Column("twitches", Integer, nullable=False),
    Column("cramps", Integer, nullable=False),
    Column("movements", Integer, nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

# What an event is doubles as its key: a recorder may add again what a rebuild has just found.
events = Table(
    "events",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("onset", Integer, primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("peak", Float(53), nullable=False),
    Column("snr_db", Float(53), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("count", Integer, nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

minutes = Table(
    "minutes",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("minute", Integer, primary_key=True),
    Column("twitches", Integer, nullable=False),
    Column("cramps", Integer, nullable=False),
    Column("movements", Integer, nullable=False),
    Column("scorable_s", Float(53), nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

markers = Table(
    "markers",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("time_s", Float(53), primary_key=True),
    Column("text", String, primary_key=True),
    ForeignKeyConstraint(*_OF_A_FILE),
)
