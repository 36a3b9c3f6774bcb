"""Whatever an endpoint answers comes back out of a JUnit report, byte for byte, through the parsers that consumers use.

    junit_corpus.py make RECORD.jsonl CORPUS.jsonl      a record in which the endpoint answered each text of the corpus
    junit_corpus.py check REPORT.xml [JAVA]             that a report of it holds all; JAVA: what JunitStrings.java read
    junit_corpus.py suites REPORT.xml FOLDER            each suite as a file of its own
    junit_corpus.py curl RECORD.json                    the curl lines that need no session do what their cases did
"""

import base64
import copy
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import xml.parsers.expat
from pathlib import Path


def corpus():
    """Each character that a parser refuses, alone and beside others; what ends or begins markup; what is no UTF-8."""
    texts = [bytes([c]) for c in range(0x20)] + [b"\x7f", b"\xc2\x85"]
    texts += [bytes([c]) for c in range(0x80, 0x100)]
    texts += [chr(c).encode() for c in (0xFFFD, 0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0x1FFFE, 0x1FFFF, 0x10FFFF, 0x2028, 0x2029,
                                        0x202E, 0x200B, 0xFEFF, 0xE0001, 0xD7FF, 0xE000, 0x1F600, 0x301)]
    texts += [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80",
              b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\xf0\x9f\x98", b"\xc3", b"a\xc3("]
    texts += [b"]]>", b"<![CDATA[x]]>", b"]]]]><![CDATA[>", b"<!--", b"-->", b"<?xml?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
              b"&#0;", b"&#xFFFF;", b"&amp;lt;", b"</failure>", b"'\"<>&", b"\\", b"\\u0000", b"\\\\xff", b"\\", b"a\\", b"\r\n", b"\n\r",
              b"::error::x", b"##vso[a]b", b"##[error]", b"[[ATTACHMENT|/etc/passwd]]", b"a  b   c", b"\xe2\x80\xa6(5 more bytes)"]
    texts += [bytes(range(256)), bytes(range(255, -1, -1)), b"".join(chr(c).encode() for c in range(0x20, 0x250))]
    return [b"before " + text + b" after" for text in texts]


def large():
    return [(b"0123456789abcdef" * 65536 + b"]]>\x00\xff") * 3, b"\x00\xff<&" * 500_000, ("中" * 700_000).encode()]


def text_member(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def make(record, made):
    lines = [json.loads(line) for line in Path(record).read_text().splitlines()]
    case = next(line for line in lines if line["event"] == "case")
    out = []
    for line in lines:
        if line is not case:
            out.append(line)
            continue
        for i, data in enumerate(corpus() + large()):
            one = copy.deepcopy(case)
            inner = one["case"]
            inner["case"]["id"] = f"corpus.{i}"
            inner["case"]["area"] = "corpus"
            inner["case"]["title"] = text_member(data[:400])
            inner["judgement"]["actual"] = text_member(data)
            inner["stimulus"]["received"] = base64.b64encode(b"HTTP/1.1 200 OK\n\n" + data).decode()
            out.append(one)
    Path(made).write_text("".join(json.dumps(line) + "\n" for line in out))


def unescaped(shown):
    """The bytes of a text that text::visible() made."""
    def one(match):
        kind = match[1]
        if kind == "x":
            return bytes.fromhex(match[2]).decode("latin-1").encode("latin-1")
        if kind in "uU":
            return chr(int(match[2], 16)).encode("utf-8", "surrogatepass")
        return {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}[kind]
    out, at = b"", 0
    for match in re.finditer(r"\\(?:(x)([0-9a-f]{2})|(u)([0-9a-f]{4})|(U)([0-9a-f]{8})|([nrt\\]))", shown):
        groups = [g for g in match.groups() if g is not None]
        out += shown[at:match.start()].encode() + one([match[0], groups[0], groups[-1]])
        at = match.end()
    return out + shown[at:].encode()


def strings_of(path):
    """Of each test case name, message, body and output, by expat."""
    tests, current, into = [], None, None

    def start(name, attributes):
        nonlocal current, into
        if name == "testcase":
            current = [attributes["name"], "", "", ""]
        elif name in ("failure", "error", "skipped"):
            current[1], into = attributes.get("message", ""), 2
        elif name == "system-out":
            into = 3

    def end(name):
        nonlocal into
        into = None
        if name == "testcase":
            tests.append(current)

    def text(data):
        if into is not None:
            current[into] += data

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.buffer_text = True
    parser.Parse(Path(path).read_bytes(), True)
    return tests


LEFT_OUT = re.compile(r"…\((\d+) more bytes\)…")


def same(shown, data):
    """That `shown` is all of the data, or its head and its tail."""
    parts = LEFT_OUT.split(shown)
    if len(parts) != 3 or len(data) < 3000:
        return unescaped(shown) == data
    head, tail = parts[0], parts[2]
    # An escape may be cut at either seam.
    return len(head) > 100 and len(tail) > 100 and any(data.startswith(unescaped(head[:len(head) - cut])) for cut in range(11)) \
        and any(data.endswith(unescaped(tail[cut:])) for cut in range(11))


def check(report, java=None):
    data_of = {f"corpus.{i}": data for i, data in enumerate(corpus() + large())}
    tests = strings_of(report)
    seen = 0
    for name, message, body, output in tests:
        identifier = name.split(" ")[0]
        if identifier not in data_of:
            continue
        seen += 1
        data = data_of[identifier]
        if len(data) < 400 and unescaped(name) != identifier.encode() + b" " + data:
            sys.exit(f"the name of {identifier} is not what was told: {name!r}")
        actual = re.search(r"^actual: (.*)$", body, re.MULTILINE)[1]
        if not same(actual, data):
            sys.exit(f"the answer of {identifier} does not come back: {actual[:200]!r}")
        if output.startswith("(left out"):
            continue
        received = output.split("--- received\n", 1)[1]
        expected = (b"HTTP/1.1 200 OK\n\n" + data).replace(b"\r\n", b"\n")
        if not same(received, expected):
            sys.exit(f"the message of {identifier} does not come back: {received[:200]!r}")
    if seen != len(data_of):
        sys.exit(f"{seen} of {len(data_of)} cases are in the report")
    if java:
        read = [[base64.b64decode(word[1:]).decode() for word in line.split(" ")] for line in Path(java).read_text().splitlines()]
        if read != tests:
            sys.exit("Java's parser reads another report than expat")


def suites(report, folder):
    for i, suite in enumerate(ElementTree.parse(report).getroot()):
        ElementTree.ElementTree(suite).write(Path(folder) / f"suite{i}.xml", encoding="UTF-8", xml_declaration=True)


def curl(record):
    """Executes each line with the environment's credentials; what came is compared with what the run got."""
    compared = 0
    for result in json.loads(Path(record).read_text())["cases"]:
        line = result.get("reproduction", {}).get("curl", "")
        flags = result["case"].get("flags", [])
        answer = result.get("judgement", {}).get("answer", {})
        if not line or "names_missing_session" not in flags or answer.get("outcome") == "no_response":
            continue
        done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=30)
        heads = re.findall(rb"^HTTP/1\.1 (\d+)", done.stdout, re.MULTILINE)
        status = int(heads[-1]) if heads else None
        kind = re.search(rb'"__type": ?"([^"]*)"', done.stdout)
        got = (status, kind[1].decode() if kind else "")
        expected = (answer["status"], answer.get("type", ""))
        if got != expected:
            sys.exit(f"{result['case']['id']}: curl gets {got}, the run got {expected}\n{line}\n{done.stdout[-300:]}{done.stderr[-300:]}")
        compared += 1
    print(f"{compared} curl lines did what their cases did")
    if compared < 10:
        sys.exit("too few were executed")


if __name__ == "__main__":
    {"make": make, "check": check, "suites": suites, "curl": curl}[sys.argv[1]](*sys.argv[2:])
