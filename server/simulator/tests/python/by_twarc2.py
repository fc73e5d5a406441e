"""Runs a command of twarc2. The call is `{"command": […], "input": "…"}`: the arguments as they are given to twarc2, with
IN and OUT for its files. The answer is `{"pages": […]}`, the lines that it wrote, and `"error"` where it ended with one.
"""

import contextlib
import json
import os
import sys
import tempfile

import rewritten

folder = tempfile.TemporaryDirectory()
os.environ["HOME"] = folder.name  # where it would look for its configuration

from twarc.command2 import twarc2  # noqa: E402

KEY = ["--bearer-token", "simulator"]


def answer(call):
    files = {name: os.path.join(folder.name, name) for name in ("IN", "OUT", "LOG")}
    with open(files["IN"], "w") as file:
        file.write(call.get("input", ""))
    command = [files.get(word, word) for word in call["command"]]
    result = {"pages": []}
    try:
        with contextlib.redirect_stdout(sys.stderr):
            arguments = ["--log", files["LOG"], *call.get("keys", KEY), *command]
            twarc2.main(arguments, prog_name="twarc2", standalone_mode=False)
    except Exception as error:
        result["error"] = repr(error)
    if os.path.exists(files["OUT"]):
        with open(files["OUT"]) as file:
            result["pages"] = [json.loads(line) for line in file]
    return result


rewritten.main(answer)
