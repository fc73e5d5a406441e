"""Reads the table of a lake with what others read such tables with, and prints as JSON what each sees.

Usage: readers.py TABLE
"""

import json
import os
import sys

import duckdb
import polars
import pyarrow.parquet
from deltalake import DeltaTable, QueryBuilder

COLUMNS = ["id", "version", "text", "likes", "created", "hashtag", "day"]


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def digest(rows):
    rows = sorted(rows, key=lambda row: row["id"])
    lines = [f"{row['id']} {row['version']} {row['text']} {','.join(row['hashtag'])}" for row in rows]
    days = sorted({str(row["day"]) for row in rows})
    return {
        "rows": len(rows),
        "hash": str(fnv("\n".join(lines).encode())),
        "days": days,
        "likes": sum(row["likes"] for row in rows),
        "in_utc": sum(row["created"].hour == 0 and str(row["created"].tzinfo) != "None" for row in rows),
    }


def by_pyarrow(table, files):
    found = []
    for path in files:
        day = os.path.basename(os.path.dirname(path)).removeprefix("day=")
        read = pyarrow.parquet.ParquetFile(path).read(columns=COLUMNS[:-1])
        found += [dict(row, day=day) for row in read.to_pylist()]
    return found


def by_duckdb(table, files):
    # Its extension for Delta is downloaded when it is first used; this reads the files that the log names.
    if not files:
        return []
    duckdb.sql("SET TimeZone = 'UTC'")
    read = duckdb.read_parquet(files, hive_partitioning=True)
    return read.project(", ".join(COLUMNS)).to_arrow_table().to_pylist()


def by_polars(table, files):
    return polars.read_delta(table).select(COLUMNS).to_dicts()


def by_deltalake(table, files):
    query = QueryBuilder().register("tweets", DeltaTable(table))
    batches = query.execute(f"select {', '.join(COLUMNS)} from tweets").read_all()
    return pyarrow.table(batches).to_pylist()


def main():
    table = sys.argv[1]
    delta = DeltaTable(table)
    files = delta.file_uris()
    readers = {"pyarrow": by_pyarrow, "duckdb": by_duckdb, "polars": by_polars, "deltalake": by_deltalake}
    seen = {name: digest(read(table, files)) for name, read in readers.items()}
    print(json.dumps({"readers": seen, "position": delta.transaction_version("roost")}))


main()
