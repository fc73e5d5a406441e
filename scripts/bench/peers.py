"""What others take for the questions of the explore page, on the tweets of a Parquet file that Roost exported.

`peers.py sqlite PARQUET DB` makes the database that Datasette serves.
`peers.py duckdb PARQUET` answers questions, a line of JSON each, as server/search/benches/peer does.
"""

import json
import os
import sqlite3
import sys
import time

import duckdb

LISTS = ["type", "hashtag", "domain", "media", "mention", "query"]
THREADS = 2


def text(words):
    """Words next to each other, whatever is between them."""
    return r"(?i)\b" + r"[^\pL\pN]+".join(words) + r"\b"


def condition(kind, of, arguments):
    """A condition as SQL; its values go to the arguments."""
    if kind == "words":
        arguments.append(text(of))
        return "regexp_matches(text, ?)"
    column, *of = of
    if kind == "range":
        bounds = [(sign, bound) for sign, bound in zip((">=", "<"), of) if bound is not None]
        arguments.extend(bound for _, bound in bounds)
        bound = "make_timestamptz(?)" if column == "created" else "?"
        return " AND ".join(f"{column} {sign} {bound}" for sign, _ in bounds)
    values = of[0] if kind == "any" else of
    arguments.extend(values)
    marks = ", ".join("?" for _ in values)
    if column in LISTS:
        found = f"list_has_any({column}, [{marks}])"
        return found if kind == "any" else f"NOT coalesce({found}, false)"
    return f"{column} IN ({marks})" if kind == "any" else f"{column} NOT IN ({marks})"


class DuckDB:
    def __init__(self, parquet):
        self.database = duckdb.connect()
        self.database.execute(f"SET threads TO {THREADS}")
        self.database.execute("SET TimeZone TO 'UTC'")
        self.database.execute(f"CREATE VIEW tweets AS FROM read_parquet('{parquet}')")

    def answer(self, asked):
        return getattr(self, asked["part"])(asked)

    def ask(self, select, asked, rest="", without=None):
        """Rows of what is selected (it ends with WHERE), by all conditions but what is chosen of one column."""
        arguments, parts = [], ["true"]
        for one in asked["conditions"]:
            ((kind, of),) = one.items()
            if not (kind == "any" and of[0] == without):
                parts.append(condition(kind, of, arguments))
        return self.database.execute(f"{select} {' AND '.join(parts)} {rest}", arguments).fetchall()

    def data(self, asked):
        return {**self.rows(asked), **self.total(asked), **self.facets(asked), **self.histogram(asked)}

    def rows(self, asked, offset=0):
        order = f" ORDER BY {asked['sort']} DESC NULLS LAST, id DESC LIMIT {asked['rows']} OFFSET {offset}"
        return {"ids": [row[0] for row in self.ask("SELECT id, * EXCLUDE id FROM tweets WHERE", asked, order)]}

    def scroll(self, asked):
        return self.rows(asked, asked["rows"])

    def total(self, asked):
        return {"total": self.ask("SELECT count(*) FROM tweets WHERE", asked)[0][0]}

    def facets(self, asked):
        return {"facets": {column: self.facet(asked, column) for column in asked["facets"]}}

    def facet(self, asked, column):
        value = f"unnest(list_distinct({column}))" if column in LISTS else column
        select = f"SELECT value, count(*) AS n FROM (SELECT {value} AS value FROM tweets WHERE"
        rest = f") WHERE value IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT {asked['facet_size']}"
        return self.ask(select, asked, rest, without=column)

    def histogram(self, asked):
        bar = f"epoch_us(created) // {asked['interval']} * {asked['interval']}"
        return {"buckets": self.ask(f"SELECT {bar} AS bar, count(*) FROM tweets WHERE", asked, " GROUP BY bar ORDER BY bar")}

    def detail(self, asked):
        rows = self.database.execute("FROM tweets WHERE id = ?", [asked["id"]]).fetchall()
        return {"ids": [asked["id"]] if len(rows) == 1 else []}

    def values(self, asked):
        column = asked["column"]
        inner = f"SELECT unnest(list_distinct({column})) AS value FROM tweets WHERE"
        select = f"SELECT value, count(*) AS n FROM ({inner}"
        like = asked["containing"].replace("'", "''")
        rest = f") WHERE value LIKE '{like}%' GROUP BY value ORDER BY n DESC, value LIMIT {asked['facet_size']}"
        return {"facets": {column: self.ask(select, asked, rest)}}


def serve(parquet):
    database = DuckDB(parquet)
    print(json.dumps({"pid": os.getpid(), "duckdb": duckdb.__version__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.perf_counter()
        answer = database.answer(asked)
        milliseconds = (time.perf_counter() - began) * 1000
        print(json.dumps({"ms": milliseconds, "answer": answer}), flush=True)


def make_sqlite(parquet, path):
    """Ids as the key of rows, times in microseconds, lists as JSON; an index for each column that is asked for."""
    numbers = ["id", "created", "likes", "reposts", "replies", "views"]
    columns = [*numbers, "author", "text", "lang", *LISTS]
    selected = {"id": "CAST(id AS BIGINT)", "created": "epoch_us(created)"}
    selected |= {name: f"CAST(to_json(list_distinct({name})) AS VARCHAR)" for name in LISTS}
    select = ", ".join(f"{selected.get(name, name)} AS {name}" for name in columns)
    rows = duckdb.connect().execute(f"SELECT {select} FROM read_parquet('{parquet}')")
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = OFF")
    typed = ", ".join(f"{name} {'INTEGER' if name in numbers else 'TEXT'}" for name in columns)
    database.execute(f"CREATE TABLE tweets ({typed}, PRIMARY KEY (id))")
    marks = ", ".join("?" for _ in columns)
    while block := rows.fetchmany(10_000):
        database.executemany(f"INSERT INTO tweets VALUES ({marks})", block)
    for column in ["created", "likes", "lang", "author"]:
        database.execute(f"CREATE INDEX by_{column} ON tweets ({column}, id)")
    # By double quotes Datasette sees that it belongs to the table.
    options = """text, content="tweets", content_rowid="id", tokenize="unicode61 remove_diacritics 2" """
    database.execute(f"CREATE VIRTUAL TABLE tweets_fts USING fts5({options})")
    database.execute("INSERT INTO tweets_fts(tweets_fts) VALUES ('rebuild')")
    database.execute("ANALYZE")
    database.commit()
    print(json.dumps({"sqlite": sqlite3.sqlite_version}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sqlite", parquet, path]:
            make_sqlite(parquet, path)
        case ["duckdb", parquet]:
            serve(parquet)
        case _:
            sys.exit("usage: peers.py sqlite PARQUET DB | duckdb PARQUET")
