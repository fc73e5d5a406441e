"""Sends to a simulator what is meant for X. It is imported before the clients, of which nothing is changed.

Usage of the scripts beside it: SCRIPT ADDRESS CALL, where CALL is JSON; so is what they print.
"""

import json
import re
import signal
import sys

import requests
import requests.adapters

PATIENCE_SECONDS = 300
X = re.compile(r"^https://api\.(twitter|x)\.com(?=/)")


class ToSimulator(requests.adapters.HTTPAdapter):
    def send(self, request, **options):
        request.url = X.sub(sys.argv[1], request.url)
        return super().send(request, **options)


class Session(requests.Session):
    """twarc makes a new one whenever it connects, so the adapter is there from the start."""

    def __init__(self):
        super().__init__()
        for scheme in ("https://api.twitter.com", "https://api.x.com"):
            self.mount(scheme, ToSimulator())


requests.Session = requests.sessions.Session = Session


def main(answer):
    """Prints what `answer` makes of the call; a client that waits for ever is ended."""
    signal.alarm(PATIENCE_SECONDS)
    print(json.dumps(answer(json.loads(sys.argv[2])), default=str))
