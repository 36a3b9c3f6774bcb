#!/usr/bin/env python3
"""The same work as a property of the suite does, as one would write it in Python: Hypothesis, and requests.

    python3 bench/hypothesis_loop.py URL [--examples 1000] [--seed 1]

Any valid DeleteSession request, sent over one connection, and its answer held to what the specification accepts. Prints JSON:
requests, seconds and CPU seconds of the loop alone, without what Python takes to start. A loop is sequential; so are Hypothesis's
examples, as each may depend on what came of the one before.
"""
import argparse
import json
import tempfile
import time

import hypothesis
import hypothesis.configuration
import requests
from hypothesis import strategies

TARGET = "AWSGlue.DeleteSession"
CONTENT_TYPE = "application/x-amz-json-1.1"
PREFIX = "gcbench-"  # an identifier that nobody else has

# The patterns of the API reference: tab, and what is printable in and beyond the basic plane.
TEXT = strategies.characters(blacklist_categories=("Cs",), blacklist_characters="\ufffe\uffff", min_codepoint=32) | strategies.just("\t")
ORIGIN = strategies.characters(whitelist_categories=(), whitelist_characters="".join(
    chr(c) for c in range(128) if chr(c).isalnum() or chr(c) in "._-"))
REQUESTS = strategies.fixed_dictionaries(
    {"Id": strategies.text(TEXT, min_size=1, max_size=255 - len(PREFIX)).map(lambda text: PREFIX + text)},
    optional={"RequestOrigin": strategies.text(ORIGIN, min_size=1, max_size=128)})


def check(asked, answer):
    assert answer.headers["Content-Type"] == CONTENT_TYPE
    assert answer.status_code in (200, 400), answer.status_code
    body = json.loads(answer.content.decode("utf-8", "strict"))
    assert isinstance(body, dict)
    if answer.status_code == 200:
        assert body == {"Id": asked["Id"]}
    else:
        assert body["__type"] == "EntityNotFoundException"


def run(url, examples, seed):
    """What a loop of so many examples takes."""
    done = 0
    session = requests.Session()
    session.trust_env = False  # no proxies, and no look at the environment for each request

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=examples, deadline=None, database=None, phases=[hypothesis.Phase.generate],
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(REQUESTS)
    def any_valid_request(asked):
        nonlocal done
        done += 1
        body = json.dumps(asked, ensure_ascii=False).encode()
        check(asked, session.post(url, data=body, headers={"X-Amz-Target": TARGET, "Content-Type": CONTENT_TYPE}, timeout=10))

    started, cpu = time.monotonic(), time.process_time()
    any_valid_request()
    return {"requests": done, "seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("url")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    # What it keeps between runs is its table of characters. That is not what is measured, so it is made before.
    with tempfile.TemporaryDirectory(prefix="glue-conformance-hypothesis-") as folder:
        hypothesis.configuration.set_hypothesis_home_dir(folder)
        run(arguments.url, 10, arguments.seed)
        print(json.dumps(run(arguments.url, arguments.examples, arguments.seed)))


if __name__ == "__main__":
    main()
