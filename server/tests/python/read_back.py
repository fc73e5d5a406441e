"""Reads the files of an export back, as people and programs do, and prints what it found as JSON.

read_back.py FOLDER: with safe.csv, exact.csv, tweets.xlsx, tweets.jsonl, tweets.parquet of the same rows.
"""

import csv
import datetime
import json
import sys

import duckdb
import openpyxl

csv.field_size_limit(1 << 30)
folder = sys.argv[1]
expected = [json.loads(line) for line in open(f"{folder}/tweets.jsonl", encoding="utf-8").read().split("\n") if line]
found = {"rows": len(expected)}


def records(name, encoding):
    with open(f"{folder}/{name}", encoding=encoding, newline="") as file:
        return list(csv.reader(file, strict=True))


def flag(value):
    return {True: "yes", False: "no", None: ""}[value]


def time(text, pattern):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).strftime(pattern)


def as_exact(row):
    return [row["id"], row["created"], row["text"], str(row["likes"]), "; ".join(row["hashtag"]), flag(row["poll"])]


def as_safe(row):
    cells = as_exact(row)
    cells[1] = time(row["created"], "%Y-%m-%d %H:%M:%S")
    dangerous = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
    return ["'" + cell if cell.startswith(dangerous) and place != 3 else cell for place, cell in enumerate(cells)]


exact = records("exact.csv", "utf-8")
assert exact[0] == ["id", "created", "text", "likes", "hashtag", "poll"], exact[0]
found["exact"] = sum(a == as_exact(b) for a, b in zip(exact[1:], expected, strict=True))

safe = records("safe.csv", "utf-8-sig")
found["safe_head"], found["safe_last"] = safe[0], safe[-1]
found["safe_shifted"] = sum(len(record) != 6 for record in safe)
found["safe"] = sum(a == as_safe(b) for a, b in zip(safe[1:-1], expected, strict=True))
found["safe_formulas"] = sum(cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell != "" for row in safe for cell in row)

book = openpyxl.load_workbook(f"{folder}/tweets.xlsx", read_only=True)
rows = book["Tweets"].iter_rows(min_row=2)
same = 0
for cells, row in zip(rows, expected, strict=True):
    assert all(cell.data_type != "f" for cell in cells), "a formula"
    values = [cell.value for cell in cells]
    values += [None] * (6 - len(values))
    wanted = [
        row["id"],
        datetime.datetime.fromisoformat(row["created"].replace("Z", "")).replace(microsecond=0),
        row["text"].replace("\r\n", "\n").replace("\r", "\n"),
        row["likes"],
        "; ".join(row["hashtag"]) or None,
        flag(row["poll"]) or None,
    ]
    if values[2] is not None:
        values[2] = openpyxl.utils.escape.unescape(values[2]).replace("\r\n", "\n").replace("\r", "\n")
    if values == wanted:
        same += 1
    elif "differs" not in found:
        found["differs"] = [repr(values), repr(wanted)]
found["xlsx"] = same
found["about"] = {line[0].value: line[1].value for line in book["About"].iter_rows(max_col=2) if line[0].value}

table = duckdb.sql(f"SELECT id, created, text, likes, hashtag, poll FROM '{folder}/tweets.parquet'")
found["parquet_types"] = [str(kind) for kind in table.types]
same = 0
for values, row in zip(table.fetchall(), expected, strict=True):
    created = values[1].astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    same += [values[0], created, *values[2:]] == [row[name] for name in ("id", "created", "text", "likes", "hashtag", "poll")]
found["parquet"] = same
keys = duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{folder}/tweets.parquet')").fetchall()
found["parquet_rows"] = dict(keys).get("roost.rows")
json.dump(found, sys.stdout)
