#!/usr/bin/env python3
"""Compares our signer and our verifier with botocore's.

    python3 scripts/signing_peer.py build/release/signing_peer [COUNT]

COUNT (2000) random requests are signed by the signer of harness/wire and recomputed with botocore's SigV4Auth, and as
many are signed by botocore and verified by the verifier of fixtures/reference; both ways what is changed afterwards
must not verify. Ends with 1 if anything differs.

What is left out, as botocore has it its own way:
- methods in lower case: it signs them in upper case;
- white space in header values other than the space: it takes each run of any white space, U+0085 and U+00A0 among it,
  for one space; nobody knows whether AWS does;
- queries that are not encoded as the canonical form has them ("?a=%7e", "?a=b+c", "?a&&b"): it signs them as they are;
- a '#' in a target, which it takes for the beginning of a fragment.
"""
import base64
import datetime
import json
import random
import string
import subprocess
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
from botocore.compat import HTTPHeaders

SERVICES = ("glue", "service", "dynamodb")
REGIONS = ("us-east-1", "eu-west-1", "cn-north-1", "local")
TEXT = string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@/?%\"<>[]{}|\\^` "
LETTERS = "é€ሴ😀ßЖ"


def some(rng, alphabet, least, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def path_of(rng):
    segment = lambda: rng.choice(["", ".", "..", "a", "B-c_d.e~", "%20", "%2F", "%e9", "a+b", "a:b@c", "é", "x;y=z",
                                  some(rng, string.ascii_letters + "%/.~" + LETTERS, 0, 8)])
    return "/" + "/".join(segment() for _ in range(rng.choice([0, 0, 1, 2, 3, 6])))


def query_of(rng):
    if rng.random() < 0.5:
        return ""
    part = lambda least: urllib.parse.quote(some(rng, TEXT.replace("#", "") + LETTERS, least, 5), safe="-_.~")
    pairs = [part(1) + rng.choice(["=", "=" + part(0)]) for _ in range(rng.randint(1, 5))]
    return "?" + "&".join(pairs + rng.choices(pairs, k=rng.randint(0, 1)))


def value_of(rng):
    return " " * rng.randint(0, 2) + some(rng, TEXT + "   " + LETTERS, 0, 20) + " " * rng.randint(0, 2)


def body_of(rng):
    return rng.choice([b"", b"{}", b'{"Id":"a"}', "{\"Id\":\"é😀\"}".encode(), rng.randbytes(rng.randint(1, 300))])


def request_of(rng):
    target = path_of(rng) + query_of(rng)
    if rng.random() < 0.1:
        target = rng.choice(["http", "https"]) + "://h.example:1" + target
    headers = [["Host", rng.choice(["h.example", "127.0.0.1:5000", "[::1]:80"])]]
    names = ["Content-Type", "X-Amz-Target", "x-amz-meta", "X-AMZ-Meta-B", "My-Header", "amz-sdk-request", "Accept"]
    for name in rng.choices(names, k=rng.randint(0, 6)):
        headers.append([rng.choice([name, name.lower(), name.upper()]), value_of(rng)])
    rng.shuffle(headers)
    when = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=rng.randrange(2 * 10**9))
    return {"method": rng.choice(["POST", "GET", "PUT", "DELETE", "OPTIONS", "M-SEARCH"]), "target": target,
            "headers": headers, "body": body_of(rng), "access_key": some(rng, string.ascii_uppercase, 1, 20),
            "secret_key": some(rng, string.ascii_letters + "+/", 1, 80),
            "token": rng.choice(["", some(rng, string.ascii_letters + "+/=", 1, 200)]), "region": rng.choice(REGIONS),
            "service": rng.choice(SERVICES), "date": when.strftime("%Y%m%dT%H%M%SZ"), "sign_also": []}


class Recomputing(botocore.auth.SigV4Auth):
    """With the signed headers that somebody else chose."""

    def __init__(self, names, *arguments):
        super().__init__(*arguments)
        self.names = names

    def headers_to_sign(self, request):
        chosen = HTTPHeaders()
        for name, value in request.headers.items():
            if name.lower() in self.names:
                chosen[name.lower()] = value
        return chosen


def botocore_request(request):
    target = request["target"]
    headers = HTTPHeaders()
    for name, value in request["headers"]:
        headers[name] = value
    return botocore.awsrequest.AWSRequest(method=request["method"], data=request["body"], headers=headers,
                                          url="http://h.example" + target if target.startswith("/") else target)


def credentials_of(request):
    return botocore.credentials.Credentials(request["access_key"], request["secret_key"], request["token"] or None)


def signature_by_botocore(request, authorization):
    names = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    signer = Recomputing(names, credentials_of(request), request["service"], request["region"])
    asked = botocore_request(request)
    asked.context["timestamp"] = request["date"]
    return signer.signature(signer.string_to_sign(asked, signer.canonical_request(asked)), asked)


def signed_by_botocore(rng, request):
    if rng.random() < 0.2:
        request["headers"].append(["Date", "to be set"])
    if rng.random() < 0.3:
        request["headers"].append(["X-Amz-Content-SHA256", botocore.auth.sha256(request["body"]).hexdigest()])
    now = datetime.datetime.strptime(request["date"], "%Y%m%dT%H%M%SZ")
    botocore.auth.get_current_datetime = lambda *_: now
    asked = botocore_request(request)
    botocore.auth.SigV4Auth(credentials_of(request), request["service"], request["region"]).add_auth(asked)
    return {**request, "headers": [[name, value] for name, value in asked.headers.items()]}


def changed(rng, request, signed):
    """The request with one change that is no other spelling of it; `signed` are the names of its signed headers."""
    other = {**request, "headers": [list(header) for header in request["headers"]]}
    what = rng.choice(["method", "path", "query", "header", "more", "body", "secret_key"])
    if what == "method":
        other["method"] += "X"
    elif what == "path":
        path, mark, query = other["target"].partition("?")
        other["target"] = path + "x" + mark + query
    elif what == "query":
        other["target"] += ("&" if "?" in other["target"] else "?") + "zz=1"
    elif what == "header":
        rng.choice([h for h in other["headers"] if h[0].lower() in signed and "date" not in h[0].lower() and
                    "token" not in h[0].lower()])[1] += "x"
    elif what == "more":
        other["headers"].append([rng.choice(sorted(signed - {"date", "x-amz-date", "x-amz-security-token"})), ""])
    elif what == "body":
        at = rng.randrange(len(other["body"]) + 1)
        other["body"] = other["body"][:at] + b"x" + other["body"][at:]
    else:
        other["secret_key"] += "x"
    return other


def names_signed(request):
    authorization = next(value for name, value in request["headers"] if name.lower() == "authorization")
    return set(authorization.split("SignedHeaders=")[1].split(",")[0].split(";"))


def ask(peer, operation, requests):
    lines = [json.dumps({**r, "op": operation, "body": base64.b64encode(r["body"]).decode()}) for r in requests]
    done = subprocess.run([peer], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(answers) != len(requests):
        sys.exit("FAILED: the peer ended with %d: %s" % (done.returncode, done.stderr))
    return answers


failures = 0


def expect(true, what, request):
    global failures
    if true:
        return
    failures += 1
    if failures <= 5:
        print("FAILED: %s: %r" % (what, request))


def ours_by_theirs(peer, rng, count):
    requests = [request_of(rng) for _ in range(count)]
    for request in requests:
        request["sign_also"] = [name for name in ("my-header", "amz-sdk-request", "accept") if rng.random() < 0.5]
    for request, answer in zip(requests, ask(peer, "sign", requests)):
        request["headers"] = answer["headers"]
        authorization = next(v for n, v in answer["headers"] if n.lower() == "authorization")
        signature = authorization.split("Signature=")[1]
        expect(signature_by_botocore(request, authorization) == signature, "botocore signs otherwise", request)
        other = changed(rng, request, names_signed(request))
        expect(signature_by_botocore(other, authorization) != signature, "a change is not seen", other)


def theirs_by_ours(peer, rng, count):
    requests = [signed_by_botocore(rng, request_of(rng)) for _ in range(count)]
    for request, answer in zip(requests, ask(peer, "verify", requests)):
        expect(answer["verdict"] == "accepted", "refused as %s" % answer, request)
    others = [changed(rng, request, names_signed(request)) for request in requests]
    for other, answer in zip(others, ask(peer, "verify", others)):
        expect(answer["verdict"] == "InvalidSignatureException", "a change is answered with %s" % answer, other)


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    ours_by_theirs(sys.argv[1], rng, count)
    theirs_by_ours(sys.argv[1], rng, count)
    print("%d requests signed by each and verified by the other, as many changed; seed %d, %d differ"
          % (2 * count, seed, failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
