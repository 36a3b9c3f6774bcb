#!/usr/bin/env python3
"""Compares what we say that botocore's users see of an answer with what they do see.

    python3 scripts/sdk_view.py build/release/sdk_view_peer

Each answer of a list, and of 3,000 random ones, goes through botocore's own parser for DeleteSession and its own choice of the
exception's class. Ends with 1 if anything differs. NaN and Infinity are left out: Python takes them for JSON.
"""
import base64
import json
import random
import subprocess
import sys

import botocore.parsers
import botocore.session

STATUSES = [200, 200, 201, 204, 300, 301, 302, 400, 400, 400, 403, 404, 413, 429, 500, 500, 503]
NAMES = ["ValidationException", "EntityNotFoundException", "InvalidInputException", "AccessDeniedException", "Foo", "",
         "ThrottlingException", "InvalidSignatureException"]


def bodies(rng):
    name = rng.choice(NAMES)
    code = rng.choice([name, "ns#" + name, name + ":http://x/", "ns#" + name + ":x", "a:b#" + name, "a#b#" + name])
    kind = rng.choice(["__type", "code", "Type", "__Type"])
    value = rng.choice([code, code, code, code, 5, True, None, 1.5])
    return rng.choice([
        json.dumps({kind: value, "message": "m"}),
        json.dumps({kind: value}),
        json.dumps({"Id": rng.choice(["a", 5, None])}),
        json.dumps({"Id": "a", kind: value}),
        json.dumps({"__type": code, "Error": {"__type": "Other"}}),
        "", " ", "{}", "{", "[]", "null", "5", '"x"', "true", "<html>", " \n<HTML>x", "<p>", "not json", '{"__type":"x"', "\ufeff{}",
    ]).encode()


def seen_by_botocore(parser, shape, exceptions, answer):
    status, headers, body = answer
    try:
        parsed = parser.parse({"status_code": status, "headers": headers, "body": body}, shape)
    except Exception as error:
        return type(error).__name__
    if parsed is None:
        return "None in place of an answer"
    if status <= 300:
        return "a success" if "Id" in parsed or b'"Id": null' in body else "a success without Id"
    code = parsed["Error"]["Code"]
    known = exceptions.from_code(code).__name__
    return f"ClientError '{code}'" if known == "ClientError" else known


def main():
    session = botocore.session.get_session()
    client = session.create_client("glue", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    shape = session.get_service_model("glue").operation_model("DeleteSession").output_shape
    parser = botocore.parsers.create_parser("json")
    rng = random.Random(1)
    answers = [(rng.choice(STATUSES), rng.choice([{}, {"x-amzn-errortype": "ValidationException"}]), bodies(rng))
               for _ in range(3000)]
    answers += [(status, {}, body) for status in (200, 400, 500) for body in (b"\xff", b'{"Id":"\xff"}')]
    lines = "".join(json.dumps({"status": status, "headers": list(headers.items()), "body": base64.b64encode(body).decode()})
                    + "\n" for status, headers, body in answers)
    views = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(views) != len(answers):
        sys.exit(f"{len(views)} views of {len(answers)} answers")
    different = 0
    for answer, line in zip(answers, views):
        real, ours = seen_by_botocore(parser, shape, client.exceptions, answer), json.loads(line)["botocore"]
        # What is said beyond the class of a parser's error is for people.
        if ours == real or (real in ("AttributeError", "TypeError", "UnicodeDecodeError") and ours.startswith(real + ":")):
            continue
        different += 1
        if different <= 10:
            print(f"{answer}: botocore {real!r}, we {ours!r}")
    print(f"{different} of {len(answers)} answers are seen otherwise")
    sys.exit(1 if different else 0)


main()
