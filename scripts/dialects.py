#!/usr/bin/env python3
"""Compares the dialect.* cases with what the official SDKs put on the wire.

    python3 scripts/dialects.py build/release/glue-conformance

Both are sent to a socket of this script's, which keeps every byte: the cases by the program, and the same members by
botocore, the AWS CLI and @aws-sdk/client-glue. Header names in their order, the signed headers, the media type, the
shape of amz-sdk-request, the program named in User-Agent, and the body must be the same. What is not installed is
skipped, saying so. Ends with 1 if anything differs.
"""
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

PARTS = ("method and target", "header names in their order", "signed headers", "Content-Type", "amz-sdk-request",
         "User-Agent", "body")


class Sink:
    """Answers every request with a success for the Id that it names, and keeps the bytes."""

    def __init__(self):
        self.taken = []
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = "http://127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        unread = b""
        with connection:
            while True:
                while b"\r\n\r\n" not in unread:
                    more = connection.recv(65536)
                    if not more:
                        return
                    unread += more
                head, _, unread = unread.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                length = int(length.group(1)) if length else 0
                while len(unread) < length:
                    more = connection.recv(65536)
                    if not more:
                        return
                    unread += more
                body, unread = unread[:length], unread[length:]
                with self.lock:
                    self.taken.append((head.decode("latin-1"), body))
                try:
                    answer = json.dumps({"Id": json.loads(body)["Id"]}).encode()
                except (ValueError, KeyError):
                    answer = b"{}"
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: %d"
                                   b"\r\n\r\n%s" % (len(answer), answer))

    def take(self):
        with self.lock:
            taken, self.taken = self.taken, []
        return taken


def headers_of(head):
    return [line.split(": ", 1) if ": " in line else [line.rstrip(":"), ""] for line in head.split("\r\n")[1:]]


def value(head, name):
    return next((v for n, v in headers_of(head) if n.lower() == name), "")


def shape(request):
    """What must be the same of two requests, in the order of PARTS."""
    head, body = request
    signed = re.search(r"SignedHeaders=([^,]*)", value(head, "authorization"))
    return (head.split("\r\n")[0], [n for n, _ in headers_of(head)], signed.group(1) if signed else "",
            value(head, "content-type"), re.sub(r"\d+T?\d*Z?", "0", value(head, "amz-sdk-request")),
            value(head, "user-agent").split("/")[0], body)


def program_name(request):
    return value(request[0], "user-agent").split("/")[0]


failures = 0


def compare(name, ours, theirs):
    global failures
    same = True
    for part, our, their in zip(PARTS, shape(ours), shape(theirs)):
        if our != their:
            same = False
            print("DIFFERS %s, %s:\n  the case: %r\n  the SDK:  %r" % (name, part, our, their))
    failures += not same
    return same


def skip(what):
    print("skipped: " + what)


def first_attempts(requests):
    """A retry cannot be asked of an SDK that gets an answer."""
    return [r for r in requests if value(r[0], "amz-sdk-request").split(";")[0] == "attempt=1"]


def with_botocore(sink, cases):
    if importlib.util.find_spec("botocore") is None:
        return skip("botocore is not installed")
    import botocore.config
    import botocore.session

    client = botocore.session.get_session().create_client(
        "glue", region_name="us-east-1", endpoint_url=sink.url, aws_access_key_id="test", aws_secret_access_key="test",
        config=botocore.config.Config(parameter_validation=False))
    for case in cases:
        client.delete_session(**json.loads(case[1]))
        compare("botocore " + botocore.__version__, case, sink.take()[-1])
    return len(cases)


def with_cli(sink, cases):
    if shutil.which("aws") is None:
        return skip("the AWS CLI is not installed")
    for case in cases:
        members = json.loads(case[1])
        command = ["aws", "--endpoint-url", sink.url, "--region", "us-east-1", "glue", "delete-session", "--id",
                   members["Id"]]
        if "RequestOrigin" in members:
            command += ["--request-origin", members["RequestOrigin"]]
        # LC_ALL: arguments beyond ASCII are UTF-8.
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
        compare("the AWS CLI", case, sink.take()[-1])
    return len(cases)


SCRIPT = """
const {GlueClient, DeleteSessionCommand} = require("@aws-sdk/client-glue");
const client = new GlueClient({region: "us-east-1", endpoint: process.argv[2],
                               credentials: {accessKeyId: "test", secretAccessKey: "test"}});
(async () => {
  for (const members of JSON.parse(require("fs").readFileSync(process.argv[3], "utf8")))
    await client.send(new DeleteSessionCommand(members));
})();
"""


def with_javascript(sink, cases):
    node = shutil.which("node")
    found = node and subprocess.run([node, "-e", "require.resolve('@aws-sdk/client-glue')"],
                                    stderr=subprocess.DEVNULL, check=False).returncode == 0
    if not found:
        return skip("node or @aws-sdk/client-glue is not installed (NODE_PATH says where it is)")
    with tempfile.TemporaryDirectory() as folder:
        members = os.path.join(folder, "members.json")
        with open(members, "w", encoding="utf-8") as file:
            json.dump([json.loads(case[1]) for case in cases], file)
        subprocess.run([node, "-", sink.url, members], input=SCRIPT, text=True, check=True, stderr=subprocess.DEVNULL)
    for case, sent in zip(cases, sink.take()):
        compare("@aws-sdk/client-glue", case, sent)
    return len(cases)


def main():
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_EC2_METADATA_DISABLED="true",
                      AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    sink = Sink()
    # Without sessions: what this socket answers is no endpoint's, and the verdicts do not matter.
    subprocess.run([sys.argv[1], "run", "--endpoint", sink.url, "--seed", "1", "--sessions", "none", "--jobs", "1",
                    "--filter", "dialect.*", "--progress", "none"], stdout=subprocess.DEVNULL, check=False)
    ours = first_attempts(sink.take())
    compared = 0
    for program, other in (("Botocore", with_botocore), ("aws-cli", with_cli), ("aws-sdk-js", with_javascript)):
        cases = [request for request in ours if program_name(request) == program]
        if not cases:
            sys.exit("FAILED: no dialect case names %s in its User-Agent" % program)
        compared += other(sink, cases) or 0
    print("%d requests compared with those of the SDKs, %d differ" % (compared, failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
