"""What others take to make the same pages into rows: `pipeline.py PAGES TWEETS SCRATCH`.

twarc2 makes flat tweets of X's answers; sqlite-utils inserts those into SQLite and makes four indexes and full text.
"""

import itertools
import json
import os
import resource
import subprocess
import sys
import time

pages, tweets, scratch = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tools = os.path.dirname(sys.executable)
some, flat, database = (os.path.join(scratch, name) for name in ("pages.jsonl", "flat.jsonl", "peer.db"))


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(what, *commands):
    """Runs the commands one after the other and prints what they took together."""
    began, before = time.monotonic(), cpu()
    for command in commands:
        subprocess.run([os.path.join(tools, command[0]), *command[1:]], check=True, stdout=subprocess.DEVNULL, cwd=scratch)
    spent, wall = cpu() - before, time.monotonic() - began
    print(f"{what}: {tweets / spent:,.0f} tweets per CPU-second, {tweets / wall:,.0f} per second")


with open(pages, "rb") as source, open(some, "wb") as target:
    target.writelines(itertools.islice(source, tweets // 100))
# It asks for keys of X before it does anything, also if it will ask X nothing.
measured("twarc2 flatten", ["twarc2", "--bearer-token", "none", "flatten", "--hide-progress", some, flat])
with open(flat, "rb") as lines:
    found = sum(1 for line in lines if json.loads(line)["id"])
if found != tweets:
    sys.exit(f"twarc2 gave {found} tweets of {tweets}")
measured(
    "sqlite-utils, four indexes and FTS5",
    ["sqlite-utils", "insert", database, "tweets", flat, "--nl", "--pk", "id", "--alter"],
    *(["sqlite-utils", "create-index", database, "tweets", name] for name in ("created_at", "author_id", "lang", "conversation_id")),
    ["sqlite-utils", "enable-fts", database, "tweets", "text"],
)
print(f"  peer.db                  {os.path.getsize(database) / tweets:6.0f} bytes a tweet")
