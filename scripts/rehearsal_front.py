#!/usr/bin/env python3
"""Stands where AWS would stand, so that a run against the real service can be rehearsed on this machine.

It is what the names glue.REGION.amazonaws.com and sts.REGION.amazonaws.com lead to: one TLS server that is STS itself and
passes what is for Glue on to `glue-conformance serve`, every byte as it came. It writes down whatever it is asked, for that
is what must be right: what a run says of itself proves nothing.

    rehearsal_front.py front FOLDER --certificate F --key F --serve PORT   listens; FOLDER/port says where
    rehearsal_front.py sessions PORT KEYS                                  the sessions that serve has
    rehearsal_front.py give KEYS --account ID --lasts SECONDS              a credential_process
    rehearsal_front.py names LOG FILE                                      the deletions that may name an Id in FILE
    rehearsal_front.py foreign LOG PREFIX                                  the Ids that a run deletes and are not its own

FOLDER/log has a line for each call: time, host, operation, access key, what became of it, the body as a JSON string;
FOLDER/secrets has the signatures that it saw. KEYS has a line of JSON for each pair of keys that is valid.
"""

import argparse
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import secrets
import select
import socket
import ssl
import sys
import threading
import time
import uuid

JSON = "application/x-amz-json-1.1"


# --- keys -------------------------------------------------------------------------------------------------------------


def read_keys(path):
    with open(path, encoding="ascii") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def give_keys(path, account, lasts):
    """New temporary keys; they are valid from here on."""
    keys = {
        "key": "ASIA" + secrets.token_hex(8).upper(),
        "secret": secrets.token_urlsafe(30),
        "token": secrets.token_urlsafe(150),
        "account": account,
        "ends": time.time() + lasts,
    }
    with open(path, "a", encoding="ascii") as file:
        file.write(json.dumps(keys) + "\n")
    return keys


def as_timestamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def fault_of_keys(path, key, token):
    """Why these are refused, or None; and whose they are."""
    for one in read_keys(path):
        if one["key"] != key or one["token"] != token:
            continue
        return ("ended" if one["ends"] and one["ends"] < time.time() else None), one
    return "unknown", None


# --- messages ---------------------------------------------------------------------------------------------------------


class Message:
    """The head of a request, read as leniently as it goes; `length` is None where only HTTP itself knows its end."""

    def __init__(self, head):
        lines = head.split(b"\r\n")
        self.well_formed = re.fullmatch(rb"[A-Z]+ /[^ ]* HTTP/1\.1", lines[0]) is not None
        fields = [line.partition(b":")[::2] for line in lines[1:] if line]
        self.fields = [(name.lower(), value.strip()) for name, value in fields]
        lengths = self.all(b"content-length")
        plain = self.well_formed and not self.all(b"transfer-encoding") and not self.all(b"expect")
        self.length = int(lengths[0]) if plain and len(lengths) == 1 and lengths[0].isdigit() else None

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def first(self, name):
        return (self.all(name) + [b""])[0].decode("latin-1")

    def access_key(self):
        found = re.search(r"Credential=([^/,\s]*)", self.first(b"authorization"))
        return found.group(1) if found else ""


def answer(status, content_type, body):
    return (
        f"HTTP/1.1 {status}\r\nx-amzn-RequestId: {uuid.uuid4()}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode("ascii")


def json_error(kind, message):
    return answer("400 Bad Request", JSON, json.dumps({"__type": kind, "message": message}))


def xml_error(code, message):
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return answer("403 Forbidden", "text/xml", body)


def xml_result(action, inside):
    name = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    body = f"<{action}Response {name}><{action}Result>{inside}</{action}Result></{action}Response>"
    return answer("200 OK", "text/xml", body)


# --- the front --------------------------------------------------------------------------------------------------------


class Front:
    def __init__(self, options):
        self.options = options
        self.keys = os.path.join(options.folder, "keys")
        self.lock = threading.Lock()
        self.asked = 0
        self.log_file = open(os.path.join(options.folder, "log"), "a", encoding="ascii")
        self.secrets_file = open(os.path.join(options.folder, "secrets"), "a", encoding="ascii")

    def log(self, host, operation, key="", became="", body=b""):
        line = [f"{time.time():.3f}", host, operation, key, became, json.dumps(body.decode("latin-1"))]
        with self.lock:
            self.log_file.write("\t".join(re.sub(r"[^ -~]", "?", part) for part in line) + "\n")
            self.log_file.flush()

    def log_message(self, host, message, operation, became, body):
        found = re.findall(r"[0-9a-f]{64}", " ".join(v.decode("latin-1") for v in message.all(b"authorization")))
        with self.lock:
            self.secrets_file.writelines(signature + "\n" for signature in found)
            self.secrets_file.flush()
        self.log(host, operation, message.access_key(), became, body)

    def count(self):
        with self.lock:
            self.asked += 1
            return self.asked

    def serve(self, raw):
        names = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.options.certificate, self.options.key)
        context.sni_callback = lambda _socket, name, _context: names.append(name or "")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.settimeout(60)
        try:
            client = context.wrap_socket(raw, server_side=True)
        except (OSError, ssl.SSLError) as error:
            self.log("".join(names), "no-handshake", became=type(error).__name__)
            raw.close()
            return
        host = "".join(names)
        try:
            if host.startswith("sts."):
                StsConnection(self, client, host).run()
            else:
                GlueConnection(self, client, host).run()
        except (OSError, ssl.SSLError):
            pass
        finally:
            client.close()

    def run(self):
        server = socket.create_server(("127.0.0.1", self.options.port), backlog=128)
        place = os.path.join(self.options.folder, "port")
        with open(place + ".new", "w", encoding="ascii") as file:
            file.write(str(server.getsockname()[1]))
        os.rename(place + ".new", place)
        while True:
            raw, _ = server.accept()
            self.log("", "connection")
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()


class StsConnection:
    def __init__(self, front, client, host):
        self.front, self.client, self.host = front, client, host

    def run(self):
        buffer = b""
        while data := self.client.recv(65536):
            buffer += data
            head, end, body = buffer.partition(b"\r\n\r\n")
            message = Message(head)
            if not end or message.length is None or len(body) < message.length:
                continue
            self.take(message, body)
            buffer = b""

    def take(self, message, body):
        action = (re.findall(r"Action=(\w+)", body.decode("latin-1")) + [""])[0]
        fault, keys = fault_of_keys(self.front.keys, message.access_key(), message.first(b"x-amz-security-token"))
        if message.first(b"host") != self.host:
            fault = "unknown"
        mode = self.front.options.sts
        self.front.log_message(self.host, message, action, fault or mode, body)
        if mode == "silent":
            time.sleep(60)
        elif mode == "closes":
            raise ConnectionAbortedError
        elif mode == "garbage":
            self.client.sendall(answer("200 OK", "text/html", "<html><Account>111122223333</Account"))
        elif mode == "refuses" or fault == "unknown":
            self.client.sendall(xml_error("InvalidClientTokenId", "The security token included in the request is invalid."))
        elif fault == "ended":
            self.client.sendall(xml_error("ExpiredToken", "The security token included in the request is expired"))
        elif action == "AssumeRole":
            new = give_keys(self.front.keys, keys["account"], 3600)
            self.client.sendall(
                xml_result(
                    action,
                    f"<Credentials><AccessKeyId>{new['key']}</AccessKeyId><SecretAccessKey>{new['secret']}"
                    f"</SecretAccessKey><SessionToken>{new['token']}</SessionToken>"
                    f"<Expiration>{as_timestamp(new['ends'])}</Expiration></Credentials>",
                )
            )
        else:
            account = keys["account"]
            arn = f"arn:aws:iam::{account}:user/rehearsal"
            inside = f"<Arn>{arn}</Arn><UserId>AIDAREHEARSAL</UserId><Account>{account}</Account>"
            self.client.sendall(xml_result("GetCallerIdentity", inside))


class GlueConnection:
    """Passes bytes on as they come. Where something may be answered here, a request that is one is kept until it is whole."""

    def __init__(self, front, client, host):
        self.front, self.client, self.host = front, client, host
        self.gated = bool(front.options.throttle_every or front.options.echo_every or front.options.verify)
        self.upstream = socket.create_connection(("127.0.0.1", front.options.serve))
        self.upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.unread = False  # nothing more on this connection is understood
        self.passed_on = False  # and what was kept of it has gone

    def run(self):
        try:
            self.pump()
            self.client.settimeout(0)  # says that it ends, else an answer might look cut off; waits for nothing
            self.client.unwrap()
        finally:
            self.log_rest()
            self.upstream.close()

    def pump(self):
        open_ends = [self.client, self.upstream]
        while self.upstream in open_ends:
            ready = [self.client] if self.client in open_ends and self.client.pending() else []
            ready = ready or select.select(open_ends, [], [], 60)[0]
            if not ready:
                return
            if self.upstream in ready:
                data = self.upstream.recv(65536)
                if not data:
                    return
                self.client.sendall(data)
            if self.client in ready:
                data = self.client.recv(65536)
                if data:
                    self.take(data)
                else:
                    open_ends.remove(self.client)
                    self.upstream.shutdown(socket.SHUT_WR)

    def take(self, data):
        if self.front.options.stop_after and self.front.asked >= self.front.options.stop_after:
            raise ConnectionAbortedError
        time.sleep(self.front.options.delay / 1000)
        self.buffer += data
        if not self.gated:
            self.read_all()
            self.upstream.sendall(data)
            return
        while self.buffer and not self.unread:
            whole = self.whole_request()
            if whole is None:
                break
            message, request, body = whole
            refusal = self.refusal_of(message, request)
            self.write_down(message, body, "refused" if refusal else "passed")
            if refusal:
                self.client.sendall(refusal)
            else:
                self.upstream.sendall(request)
        if self.unread:
            self.upstream.sendall(data if self.passed_on else self.buffer)
            self.passed_on = True

    def whole_request(self):
        """Takes it out of the buffer; None if it is none yet, or none ever."""
        head, end, rest = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return None
        message = Message(head)
        if message.length is None:
            self.unread = True
            return None
        if len(rest) < message.length:
            return None
        request = self.buffer[: len(head) + 4 + message.length]
        self.buffer = self.buffer[len(request) :]
        return message, request, rest[: message.length]

    def read_all(self):
        while self.buffer and not self.unread:
            whole = self.whole_request()
            if whole is None:
                return
            self.front.count()
            self.write_down(whole[0], whole[2], "passed")

    def write_down(self, message, body, became):
        operation = message.first(b"x-amz-target").rpartition(".")[2] or "none"
        self.front.log_message(self.host, message, operation, became, body)

    def log_rest(self):
        if self.buffer:
            found = re.search(rb"(?i)x-amz-target:\s*\S*?\.(\w+)", self.buffer)
            operation = found.group(1).decode("latin-1") if found else "none"
            self.front.log_message(self.host, Message(self.buffer), operation, "odd", self.buffer)

    def refusal_of(self, message, request):
        options, asked = self.front.options, self.front.count()
        if options.throttle_every and asked % options.throttle_every == 0:
            return json_error("ThrottlingException", "Rate exceeded")
        if options.echo_every and asked % options.echo_every == 0:
            # As AWS does where a signature is wrong: the canonical request, with the token in it.
            said = request.decode("latin-1").replace("\r\n", "\n")
            return json_error("InvalidSignatureException", "The canonical string should have been '" + said + "'")
        if not options.verify:
            return None
        fault, _ = fault_of_keys(self.front.keys, message.access_key(), message.first(b"x-amz-security-token"))
        if fault == "ended":
            return json_error("ExpiredTokenException", "The security token included in the request is expired")
        if fault:
            return json_error("UnrecognizedClientException", "The security token included in the request is invalid.")
        return None


# --- what is asked beside a run ---------------------------------------------------------------------------------------


def signed_headers(keys, host, operation, body):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": JSON, "host": host, "x-amz-date": now, "x-amz-target": "AWSGlue." + operation}
    if keys["token"]:
        headers["x-amz-security-token"] = keys["token"]
    names = sorted(headers)
    digest = hashlib.sha256(body).hexdigest()
    canonical = "".join(f"{name}:{headers[name]}\n" for name in names)
    canonical = f"POST\n/\n\n{canonical}\n{';'.join(names)}\n{digest}"
    scope = f"{now[:8]}/us-east-1/glue/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + keys["secret"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys['key']}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return headers


def sessions_of(port, keys):
    token, ids = None, []
    while True:
        body = json.dumps({"NextToken": token} if token else {}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/", body, signed_headers(keys, f"127.0.0.1:{port}", "ListSessions", body))
        response = connection.getresponse()
        said = response.read()
        if response.status != 200:
            raise SystemExit(f"ListSessions: {response.status} {said.decode('latin-1')}")
        page = json.loads(said)
        ids += page["Ids"]
        token = page.get("NextToken")
        if not token:
            return ids


def documents_in(message):
    """Of what is no plain request: what looks like a document, without heads and the sizes of chunks."""
    heads = r"[A-Z]+ [^\r\n]* HTTP/[\d.]+\r?\n(?:[^\r\n]+\r?\n)*\r?\n"
    sizes = r"(?:^|\r?\n)[0-9a-fA-F]+(?:;[^\r\n]*)?\r?\n"
    for part in re.split(heads, message):
        found = re.search(r"\{.*\}|\{.*", re.sub(sizes, "", part), flags=re.S)
        if found:
            yield found.group()


def deletions(path):
    """Their bodies, each once."""
    bodies = set()
    with open(path, encoding="ascii") as lines:
        for line in lines:
            _, _, operation, _, became, body = line.rstrip("\n").split("\t")
            body = json.loads(body)
            if became == "odd" and "deletesession" in body.lower():
                bodies.update(documents_in(body))
            elif "deletesession" in operation.lower():
                bodies.add(body)
    return [body.encode("latin-1") for body in bodies]


def readings(body):
    """What a body may be as text, to a reader of any leniency."""
    texts = {body.decode("latin-1"), body.decode("utf-8", "replace")}
    if b"\0" in body:
        texts.add(body.replace(b"\0", b"").decode("utf-8", "replace"))
        texts |= {body.decode(f"utf-{encoding}", "replace") for encoding in ("16-le", "16-be", "32-le", "32-be")}
    return texts


def without_escapes(text):
    short = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    pattern = r"\\(?:u([0-9A-Fa-f]{4})|(.))"
    return re.sub(pattern, lambda m: chr(int(m[1], 16)) if m[1] else short.get(m[2], m[2]), text, flags=re.S)


def ids_in(body):
    """Everything in it that might be taken for an Id."""
    words = set()
    for text in readings(body):
        words.update(re.findall(r"\"((?:[^\"\\]|\\.)*)\"?", text, flags=re.S), re.findall(r"'([^']*)'?", text))
        words.update(re.split(r"[{}\[\]:,\"']", text))
    words |= {without_escapes(word) for word in words if "\\" in word}
    words |= {word.partition("\0")[0] for word in words if "\0" in word}
    return {word.strip()[:255].lower() for word in words}


def names(path, ids):
    """1 if a deletion may name one of them."""
    wanted = {one.lower() for one in ids}
    hits = [body for body in deletions(path) if ids_in(body) & wanted]
    for body in hits:
        print(json.dumps(body.decode("latin-1"))[:200])
    return 1 if hits else 0


def foreign(path, prefix):
    """What stands where an Id stands, is a name that anybody's session might have, and is no part of the run's own."""
    found = set()
    value = r"(?i)id[\"']?\s*:\s*(?:\"((?:[^\"\\]|\\.)*)|'([^']*)|([^\s\"'{}\[\],]+))"
    for body in deletions(path):
        text = body.replace(b"\0", b"").decode("utf-8", "replace")
        for parts in re.findall(value, text, flags=re.S):
            one = without_escapes("".join(parts)).strip()
            if re.fullmatch(r"[\w.+-]{1,255}", one, re.A) and prefix not in one and one not in prefix:
                found.add(one)
    print("\n".join(sorted(found)))
    return 0


def credentials_for_process(options):
    given = len(read_keys(options.keys)) if os.path.exists(options.keys) else 0
    turned = options.other and given >= options.after
    keys = give_keys(options.keys, options.other if turned else options.account, options.lasts)
    print(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": keys["key"],
                "SecretAccessKey": keys["secret"],
                "SessionToken": keys["token"],
                "Expiration": as_timestamp(keys["ends"]),
            }
        )
    )
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    front = commands.add_parser("front")
    front.add_argument("folder")
    front.add_argument("--certificate", required=True)
    front.add_argument("--key", required=True)
    front.add_argument("--serve", type=int, required=True, help="the port of glue-conformance serve")
    front.add_argument("--port", type=int, default=0)
    front.add_argument("--delay", type=int, default=0, help="milliseconds, of what is for Glue")
    front.add_argument("--stop-after", type=int, default=0, help="so many calls of Glue: it has gone then")
    front.add_argument("--sts", default="answers", choices=["answers", "silent", "closes", "garbage", "refuses"])
    front.add_argument("--throttle-every", type=int, default=0, help="so many calls of Glue")
    front.add_argument("--echo-every", type=int, default=0, help="every so many calls of Glue get themselves back")
    front.add_argument("--verify", action="store_true", help="only keys that are valid, whatever the signature")
    sessions = commands.add_parser("sessions")
    sessions.add_argument("port", type=int)
    sessions.add_argument("keys")
    give = commands.add_parser("give")
    give.add_argument("keys")
    give.add_argument("--account", required=True)
    give.add_argument("--lasts", type=float, required=True)
    give.add_argument("--other", help="the account of those that come after the first ones")
    give.add_argument("--after", type=int, default=1, help="how many come before")
    named = commands.add_parser("names")
    named.add_argument("log")
    named.add_argument("ids")
    others = commands.add_parser("foreign")
    others.add_argument("log")
    others.add_argument("prefix")
    options = parser.parse_args()
    if options.command == "front":
        Front(options).run()
    if options.command == "sessions":
        print("\n".join(sessions_of(options.port, read_keys(options.keys)[0])))
        return 0
    if options.command == "give":
        return credentials_for_process(options)
    if options.command == "names":
        with open(options.ids, encoding="ascii") as lines:
            return names(options.log, lines.read().split())
    return foreign(options.log, options.prefix)


if __name__ == "__main__":
    sys.exit(main())
