"""Calls a method of tweepy. The call is `{"method": "…", "arguments": {…}}`; with `"pause"` it goes through all pages, and
waits so many seconds after each. The answer is `{"pages": […]}`, what tweepy made of them, and `"error"` where it raised
one. Rules and streams are those of its streaming client; a stream is read until it has brought `"posts"` of them.
"""

import time
import warnings

import rewritten
import tweepy

# It warns where X's answers are not as it knows them.
warnings.simplefilter("error", RuntimeWarning)
STREAMING = ("add_rules", "get_rules", "delete_rules")
SECRETS = ("simulator-key", "simulator-secret", "simulator-access-token", "simulator-access-secret")


class Reader(tweepy.StreamingClient):
    def __init__(self, wanted):
        super().__init__("simulator")
        self.wanted = wanted
        self.seen = {"connections": 0, "beats": 0, "errors": [], "pages": []}

    def on_connect(self):
        self.seen["connections"] += 1

    def on_keep_alive(self):
        self.seen["beats"] += 1

    def on_response(self, response):
        self.seen["errors"] += response.errors
        if response.data:
            rules = [rule._asdict() for rule in response.matching_rules]
            self.seen["pages"].append({"data": response.data.data, "matching_rules": rules})
        if len(self.seen["pages"]) == self.wanted:
            self.disconnect()

    def on_exception(self, exception):
        self.seen["error"] = repr(exception)


def plain(data):
    """tweepy's objects as the JSON that they were made of."""
    if isinstance(data, tweepy.StreamRule):
        return data._asdict()
    return [plain(item) for item in data] if isinstance(data, list) else getattr(data, "data", data)


def page(response):
    members = {"data": plain(response.data), "errors": response.errors, "meta": response.meta}
    members["includes"] = {name: plain(objects) for name, objects in response.includes.items()}
    return {name: value for name, value in members.items() if value}


def answer(call):
    if call["method"] == "filter":
        reader = Reader(call["posts"])
        reader.filter(**call["arguments"])
        return reader.seen
    if call["method"] in STREAMING:
        client = tweepy.StreamingClient("simulator", wait_on_rate_limit=True)
    else:
        client = tweepy.Client("simulator", *SECRETS, wait_on_rate_limit=True)
    arguments = call["arguments"]
    if "add" in arguments:
        arguments["add"] = [tweepy.StreamRule(**rule) for rule in arguments["add"]]
    method, pause, pages = getattr(client, call["method"]), call.get("pause"), []
    try:
        for response in [method(**arguments)] if pause is None else tweepy.Paginator(method, **arguments):
            pages.append(page(response))
            time.sleep(pause or 0)
    except (tweepy.TweepyException, RuntimeWarning) as error:
        return {"pages": pages, "error": repr(error)}
    return {"pages": pages}


rewritten.main(answer)
