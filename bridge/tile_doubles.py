"""The features that came with two tiles, because they lie on the seam, are kept once. Plain SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from string import Template

from .source import Kind
from .tile_tables import Table

_HEADER = 40  # bytes of a GeoPackage geometry up to the end of its envelope; a point has none and ends before
_SHARED = Template("""
    CREATE TEMP TABLE shared AS
    WITH placed AS (
        SELECT $fid AS cutout_fid, substr($shape, 1, $header) AS envelope,
               (SELECT max(first) FROM temp.starts WHERE first <= $fid) AS cutout_tile
        FROM $table WHERE $shape IS NOT NULL)
    SELECT cutout_fid, cutout_tile FROM placed WHERE envelope IN (
        SELECT envelope FROM placed GROUP BY envelope HAVING min(cutout_tile) < max(cutout_tile))
""")
_ALL = Template("""
    CREATE TEMP TABLE shared AS
    SELECT $fid AS cutout_fid, (SELECT max(first) FROM temp.starts WHERE first <= $fid) AS cutout_tile FROM $table
""")
_DELETE_DOUBLES = Template("""
    DELETE FROM $table WHERE $fid IN (
        SELECT cutout_fid FROM (
            SELECT cutout_fid, row_number() OVER (PARTITION BY nth, $content ORDER BY cutout_fid) AS copy FROM (
                SELECT cutout_fid, $content,
                       row_number() OVER (PARTITION BY cutout_tile, $content ORDER BY cutout_fid) AS nth
                FROM temp.shared JOIN $table ON $fid = cutout_fid))
        WHERE copy > 1)
""")
_COUNT = Template("SELECT count(*) FROM $table")


def without_doubles(part: Path, tables: Sequence[Table], starts: Sequence[Sequence[int]], of_areas: bool) -> list[int]:
    """Takes the doubles out of a GeoPackage that nobody else has open. Gives the features left in each table.

    starts: for each table the number of the first feature of each tile. Only features whose envelopes are equal are
    looked at. of_areas: equal rows of tables without geometry are doubles too, which for tiles can't be known. Errors:
    sqlite3.Error.
    """
    counts = []
    with closing(sqlite3.connect(part)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = MEMORY")
        for table, firsts in zip(tables, starts):
            if of_areas or table.kind is not Kind.TABLE:
                _delete_doubles(database, table, firsts)
            counts.append(int(database.execute(_COUNT.substitute(table.sql_names())).fetchone()[0]))
    return counts


def _delete_doubles(database: sqlite3.Connection, table: Table, firsts: Sequence[int]) -> None:
    names = {**table.sql_names(), "header": str(_HEADER)}
    with database:
        database.execute("CREATE TEMP TABLE starts (first INTEGER PRIMARY KEY)")
        database.executemany("INSERT OR IGNORE INTO starts VALUES (?)", [(first,) for first in firsts])
        database.execute((_ALL if table.kind is Kind.TABLE else _SHARED).substitute(names))
        if names["content"]:
            database.execute(_DELETE_DOUBLES.substitute(names))
        database.execute("DROP TABLE temp.starts")
        database.execute("DROP TABLE temp.shared")
