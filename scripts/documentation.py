#!/usr/bin/env python3
"""Does what the documentation says: executes the commands of Markdown pages, and holds what is shown against what comes.

    documentation.py PROGRAM PROJECT WORK PAGE…      prints a line for each page, and what is wrong; 1 if anything is

A block is a `console` block (commands behind "$ ", each with what it prints), a `sh` block (commands only), or data. What is
left out of what is printed stands as "…", a line of its own or within one; otherwise the block has all of it. A command ends
with 0, unless what is shown says "exit status N", or the next command is `echo $?`. Where ports, times, seeds, dates and
counts that are not 0 stand, others will do. Comments of a page, which readers do not see, say what else is needed:

    <!-- not executed: REASON -->                     of the block below
    <!-- file: NAME -->                               the block below is a file beside which the commands are executed
    <!-- part of: PATH -->                            the block below is a part of that file of the project
    <!-- mock 127.0.0.1:5000: OPTIONS -->             from here on `serve OPTIONS` is the endpoint at that address
    <!-- nginx 127.0.0.1:8080: FILE -->               from here on nginx is a proxy there, as the servers in FILE have it
    <!-- aws ACCOUNT REGION: OPTIONS -->              from here on names of AWS lead to rehearsal_front.py before `serve OPTIONS`

Such an address is another one when it is executed, and is put back in what is printed. Links are followed within the project
too, and options, commands, identifiers and files that stand `in the text` must be there. With SHOW=1 everything that
commands print is shown, for whoever writes a page.
"""

import http.server
import json
import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PATIENCE = 60  # seconds, for one command
EXAMPLES = "20"  # of each generated property: enough for what is shown
RATE = "2000"  # requests a second that AWS is asked here, whose tier is slow by default
# What is here because of this script, and is printed where a command is to be given again.
OURS = re.compile(rf" --examples {EXAMPLES}\b| --rate {RATE}\b| --connect-to \S+| --ca-bundle \S+")
DIRECTIVE = re.compile(r"<!--\s*(not executed|file|part of|(?:mock|nginx|aws)\b[^:]*(?::\d+)?):\s*(.*?)\s*-->", re.S)
ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


class Wrong(Exception):
    def __init__(self, line, what):
        super().__init__(what)
        self.line, self.what = line, what


class Lacking(Exception):
    """What cannot be executed here."""


# --- a page as data ---------------------------------------------------------------------------------------------------


class Block:
    def __init__(self, line, language, directive, lines):
        self.line, self.language, self.directive, self.lines = line, language, directive, lines


class Setting:
    def __init__(self, line, kind, argument):
        self.line, self.kind, self.argument = line, kind, argument


class Page:
    """Its steps in their order (settings and blocks), and its text without them."""

    def __init__(self, text):
        self.steps, self.prose = [], []  # prose: (line, text)
        self.lines = text.splitlines()
        self.number = 0
        self.directive = None  # that waits for its block
        while self.number < len(self.lines):
            self.take()
        self.expect_no_directive()

    def expect_no_directive(self):
        if self.directive:
            raise Wrong(self.directive[2], f"'{self.directive[0]}' stands before no block")

    def take(self):
        line = self.lines[self.number]
        fence = re.match(r"( *)(```+)\s*([\w+-]*)\s*$", line)
        if line.lstrip().startswith("<!--"):
            self.take_comment()
        elif fence:
            self.take_block(*fence.groups())
        elif re.match(r" {4,}\S|\t", line) and not self.lines[self.number - 1].strip():
            raise Wrong(self.number + 1, "a block that is only indented: fence it, and say what it is")
        else:
            if line.strip():
                self.expect_no_directive()
            self.prose.append((self.number + 1, line))
            self.number += 1

    def take_comment(self):
        first = self.number
        while "-->" not in self.lines[self.number]:
            self.number += 1
            if self.number == len(self.lines):
                raise Wrong(first + 1, "a comment has no end")
        comment = "\n".join(self.lines[first : self.number + 1])
        self.number += 1
        found = DIRECTIVE.search(comment)
        if not found:
            raise Wrong(first + 1, "a comment that says nothing known: " + comment.splitlines()[0])
        kind, argument = found.groups()
        self.expect_no_directive()
        if kind.split()[0] in ("mock", "nginx", "aws"):
            self.steps.append(Setting(first + 1, kind, argument))
            return
        if not argument:
            raise Wrong(first + 1, f"'{kind}' without saying which, or why")
        self.directive = (kind, argument, first + 1)

    def take_block(self, indentation, ticks, language):
        first = self.number + 1
        lines = []
        self.number += 1
        while self.number < len(self.lines) and self.lines[self.number].strip() != ticks:
            lines.append(self.lines[self.number].removeprefix(indentation))
            self.number += 1
        if self.number == len(self.lines):
            raise Wrong(first, "a block has no end")
        self.number += 1
        self.steps.append(Block(first, language, self.directive, lines))
        self.directive = None


class Command:
    def __init__(self, line, text, shown):
        self.line, self.text, self.shown = line, text, shown  # shown: lines, or None where nothing is

    def status(self, following):
        """What it has to end with."""
        if following and following.text == "echo $?" and following.shown:
            return int(following.shown[0])
        said = re.findall(r"exit status (\d+)", "\n".join([self.text, *(self.shown or [])]))
        return int(said[-1]) if said else 0


def commands_of(block):
    console = block.language == "console"
    found, open_line = [], False
    for number, line in enumerate(block.lines, block.line + 1):
        if open_line:
            found[-1].text += "\n" + line
        elif console and not line.startswith("$ "):
            if not found:
                raise Wrong(number, 'a console block begins with a command behind "$ "')
            found[-1].shown.append(line)
            continue
        elif console:
            found.append(Command(number, line[2:], []))
        elif line.strip() and not line.lstrip().startswith("#"):
            found.append(Command(number, line, None))
        open_line = line.endswith("\\") and not line.lstrip().startswith("#")
    for command in found:
        while command.shown and not command.shown[-1].strip():
            command.shown.pop()
    return found


# --- what is shown against what is printed ----------------------------------------------------------------------------

NORMALISED = [
    (re.compile(r"\bgc[0-9a-f]{8}(-[0-9a-f]{10})?"), "ID"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"\bcommit [0-9a-f]{40}\b"), "commit HASH"),
    (re.compile(r"\bseed \d+"), "seed N"),
    (re.compile(r"\bin \d+(\.\d+)? (m?s)\b"), r"in T \2"),
    (re.compile(r"\b20\d\d-\d\d-\d\d(T[\d:]+Z)?"), "DATE"),
    (re.compile(r"\b20\d{6}T\d{6}Z"), "DATE"),
    (re.compile(r"\w{3}, \d\d \w{3} 20\d\d [\d:]{8} GMT"), "DATE"),
    (re.compile(r"\b[1-9][\d,]*(?= (of \d|selected|cases?\b|planned|passed|skipped|requests?|answers|bytes|deletions|lines))"), "N"),
    (re.compile(r"\bof [1-9][\d,]*(?= (cases|characteristics|fit))"), "of N"),
    (re.compile(r"\b(about|at least) \d+\b"), r"\1 N"),
    (re.compile(r"\b[1-9]\d* did not"), "N did not"),
    (re.compile(r"(?<=\S) {2,}"), "  "),  # columns are as wide as what stands in them
]
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def normalised(line):
    for pattern, word in NORMALISED:
        line = pattern.sub(word, line)
    return line.rstrip()


def as_pattern(line):
    return re.compile(".*".join(re.escape(part) for part in normalised(line).split("…")))


def chunks_of(lines):
    """What stands between lines of "…"."""
    chunks = [[]]
    for line in lines:
        if line.strip() == "…":
            chunks.append([])
        else:
            chunks[-1].append(line)
    return chunks


def difference(shown, printed):
    """None, or what is shown and was not printed."""
    printed = [normalised(TERMINAL.sub("", line)) for line in printed]
    # Left out or not, an empty line at an end says nothing.
    while printed and not printed[-1]:
        printed.pop()
    while printed and not printed[0]:
        printed.pop(0)
    chunks = chunks_of(shown)
    place = 0
    for index, chunk in enumerate(chunks):
        patterns = [as_pattern(line) for line in chunk]
        first, last = index == 0, index == len(chunks) - 1
        starts = range(place, len(printed) - len(chunk) + 1)
        if first:
            starts = range(0, 1)
        elif last and chunk:
            starts = range(max(place, len(printed) - len(chunk)), len(printed) - len(chunk) + 1)
        best = -1
        for start in starts:
            same = 0
            while same < len(chunk) and start + same < len(printed) and patterns[same].fullmatch(printed[start + same]):
                same += 1
            best = max(best, same)
            if same == len(chunk):
                break
        if best < len(chunk):
            return "is not printed here: " + chunk[max(best, 0)]
        if first or chunk:
            place = start + len(chunk)
        if last and chunk and place != len(printed):
            return "is printed and not shown: " + printed[place]
    if len(chunks) == 1 and place != len(printed):
        return "is printed and not shown: " + printed[place]
    return None


# --- what the commands are executed in --------------------------------------------------------------------------------


def reserved_port():
    """A socket whose port nobody is given until it is closed, and that whoever asks for this port can listen at."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind(("127.0.0.1", 0))
    return one


def await_listener(address, process, line):
    host, port = address.split(":")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Wrong(line, f"nobody listens at {address}: {' '.join(process.args)}")


class Shell:
    """One shell for a page, so that what a command sets is there for the next."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["sh"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.status = 0

    def run(self, command, variables, line):
        end = uuid.uuid4().hex
        exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        script = f"{exports}(exit {self.status})\neval {shlex.quote(command)} </dev/null\nprintf '\\n{end} %s\\n' $?\n"
        self.process.stdin.write(script.encode())
        self.process.stdin.flush()
        said = b""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(rf"\n{end} (\d+)\n".encode(), said)):
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Wrong(line, f"has not ended after {PATIENCE} s: {command}")
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise Wrong(line, "the shell ended: " + said.decode("utf-8", "replace") + command)
            said += data
        self.status = int(found.group(1))
        return said[: found.start()].decode("utf-8", "replace"), self.status

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Identity(http.server.BaseHTTPRequestHandler):
    """GetCallerIdentity, for `credentials --verify`, which is told of no other way to an address of AWS."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        name = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
        account = self.server.account
        inside = f"<Arn>arn:aws:iam::{account}:user/rehearsal</Arn><UserId>AIDAREHEARSAL</UserId><Account>{account}</Account>"
        action = "GetCallerIdentity"
        body = f"<{action}Response {name}><{action}Result>{inside}</{action}Result></{action}Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


NGINX = """worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxied;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {page}/{servers};
}}
"""
# Reloads as nginx does, and ends when the new configuration is in force.
NGINX_IN_PLACE = """#!/bin/sh
[ "$*" = "-s reload" ] || {{ echo "this nginx can only -s reload" >&2; exit 1; }}
kill -QUIT "$(cat {folder}/nginx.pid)"
while [ -e {folder}/nginx.pid ]; do sleep 0.02; done
exec {nginx} -c {folder}/nginx.conf
"""
GIT_IN_PLACE = """#!/bin/sh
[ "$1" = clone ] || {{ echo "this git can only clone" >&2; exit 1; }}
mkdir -p glue-conformance/build/release
ln -sf {bin}/glue-conformance glue-conformance/build/release/glue-conformance
ln -sf {bin}/run glue-conformance/run
"""
RUN_IN_PLACE = """#!/bin/sh
exec {program} run --report-dir build/report "$@"
"""
KEY, SECRET, TOKEN = "ASIAREHEARSAL0000001", "rehearsal/secret+0123456789abcdefghijklm", "rehearsal/token+0123456789"


class Scene:
    """Where a page's commands are executed, and what they meet there."""

    def __init__(self, program, project, work, page):
        self.program, self.project = program, project
        self.reserved = []
        settings = [step for step in page.steps if isinstance(step, Setting)]
        shown = {address for setting in settings for address in ADDRESS.findall(setting.kind)}
        self.addresses = {address: "127.0.0.1:" + self.new_port() for address in shown}
        self.home, self.folder, self.bin, self.own = (work / name for name in ("home", "page", "bin", "own"))
        for folder in (self.home, self.folder, self.bin, self.own):
            folder.mkdir(parents=True)
        work.chmod(0o711)
        self.mocks, self.servers, self.variables, self.service = {}, [], {}, None
        self.place("git", GIT_IN_PLACE)
        self.place("run", RUN_IN_PLACE)
        (self.bin / "glue-conformance").symlink_to(program)
        (self.folder / "run").symlink_to(self.bin / "run")
        (self.folder / "examples").symlink_to(project / "examples")
        environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            "GLUE_CONFORMANCE_EXAMPLES": EXAMPLES,
        }
        self.environment = environment
        self.shell = Shell(self.folder, environment)

    def new_port(self):
        self.reserved.append(reserved_port())
        return str(self.reserved[-1].getsockname()[1])

    def place(self, name, text):
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text(text.format(program=self.program, bin=self.bin, folder=self.own, nginx=shutil.which("nginx")))
        file.chmod(0o755)

    def executed(self, text):
        for shown, real in self.addresses.items():
            text = text.replace(shown, real)
        return text

    def shown(self, text):
        for shown, real in self.addresses.items():
            text = text.replace(real, shown)
        text = text.replace(str(self.program), "glue-conformance").replace(str(self.folder) + "/", "")
        return OURS.sub("", text.replace(str(self.home), "~"))

    def start(self, arguments, line, address=None, environment=None):
        process = subprocess.Popen(
            arguments,
            cwd=self.own,
            env=environment or self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.servers.append(process)
        if address:
            await_listener(address, process, line)
        return process

    def set(self, setting):
        kind = setting.kind.split()[0]
        getattr(self, "set_" + kind)(setting)

    def set_mock(self, setting):
        real = self.addresses[ADDRESS.findall(setting.kind)[0]]
        if before := self.mocks.get(real):
            before.kill()
            before.wait()
        arguments = [self.program, "serve", "--port", real.split(":")[1], *shlex.split(setting.argument)]
        self.mocks[real] = self.start(arguments, setting.line, real)

    def set_nginx(self, setting):
        nginx = shutil.which("nginx")
        if not nginx:
            raise Lacking(f"nginx is not installed: what follows line {setting.line}")
        real = self.addresses[ADDRESS.findall(setting.kind)[0]]
        text = NGINX.format(folder=self.own, page=self.folder, servers=setting.argument)
        (self.own / "nginx.conf").write_text(text)
        self.place("nginx", NGINX_IN_PLACE)
        subprocess.run([nginx, "-c", str(self.own / "nginx.conf")], check=True, stderr=subprocess.DEVNULL)
        socket.create_connection(("127.0.0.1", int(real.split(":")[1])), 1).close()

    def set_aws(self, setting):
        _, account, region = setting.kind.split()
        if self.service:
            self.service.kill()
            self.service.wait()
        else:
            self.set_front(setting.line, account, region)
        theirs = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}
        arguments = ["--port", self.service_port, "--region", region, *shlex.split(setting.argument)]
        address = "127.0.0.1:" + self.service_port
        self.service = self.start([self.program, "serve", *arguments], setting.line, address, self.environment | theirs)

    def set_front(self, line, account, region):
        """What stands before the service, and is STS."""
        hosts = [f"{service}.{region}.amazonaws.com" for service in ("glue", "sts")]
        self.make_certificates(hosts)
        keys = {"key": KEY, "secret": SECRET, "token": TOKEN, "account": account, "ends": 0}
        (self.own / "keys").write_text(json.dumps(keys) + "\n")
        (self.home / ".aws").mkdir()
        (self.home / ".aws/credentials").write_text(
            f"[sandbox]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
        )
        self.service_port, front_port = self.new_port(), self.new_port()
        front = [sys.executable, str(self.project / "scripts/rehearsal_front.py"), "front", str(self.own)]
        front += ["--certificate", str(self.own / "aws.pem"), "--key", str(self.own / "aws.key")]
        front += ["--serve", self.service_port, "--port", front_port]
        self.start(front, line, "127.0.0.1:" + front_port)
        self.variables |= {
            "AWS_CA_BUNDLE": str(self.own / "authority.pem"),
            "GLUE_CONFORMANCE_CONNECT_TO": "\n".join(f"{host}:443:127.0.0.1:{front_port}" for host in hosts),
        }
        identity = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Identity)
        identity.account = account
        threading.Thread(target=identity.serve_forever, daemon=True).start()
        file = self.bin / "glue-conformance"
        file.unlink()  # it is a link to the program
        self.place(
            file.name,
            "#!/bin/sh\n"
            f'[ "$1" != credentials ] || export AWS_ENDPOINT_URL_STS=http://127.0.0.1:{identity.server_port}\n'
            f'case " $* " in *" --dry-run "*) ;; *) export GLUE_CONFORMANCE_RATE={RATE} ;; esac\n'
            'exec {program} "$@"\n',
        )

    def make_certificates(self, hosts):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.own, check=True, stderr=subprocess.DEVNULL)

        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=rehearsal"]
        openssl("req", "-x509", *new_key, "-days", "1", "-keyout", "authority.key", "-out", "authority.pem")
        openssl("req", *new_key, "-keyout", "aws.key", "-out", "aws.csr")
        (self.own / "names").write_text("subjectAltName=" + ",".join("DNS:" + host for host in hosts) + "\n")
        by = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial"]
        openssl("x509", "-req", "-in", "aws.csr", *by, "-days", "1", "-extfile", "names", "-out", "aws.pem")

    def end(self):
        self.shell.end()
        for one in self.reserved:
            one.close()
        for process in self.servers:
            process.kill()
            process.wait()
        place = self.own / "nginx.pid"
        if place.exists():
            os.kill(int(place.read_text()), signal.SIGTERM)
            end = time.monotonic() + PATIENCE
            while place.exists() and time.monotonic() < end:
                time.sleep(0.02)


# --- what a page says beside its blocks -------------------------------------------------------------------------------


class Words:
    """The commands, options and files that there are."""

    def __init__(self, program, project):
        self.program, self.project = program, project
        self.options, self.ids = {}, {}
        for command in self.commands_in([]):
            self.options[command] = self.options_in([command])
            for inner in self.commands_in([command]):
                self.options[command] |= self.options_in([command, inner])
        self.all = set().union(*self.options.values()) | self.options_in([])
        tracked = subprocess.run(
            ["git", "-c", f"safe.directory={project}", "ls-files", "-co", "--exclude-standard"],
            cwd=project,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split("\n")
        self.files = {str(folder) for file in tracked for folder in [Path(file), *Path(file).parents]}
        self.names = {Path(file).name for file in self.files}

    def help(self, words):
        return subprocess.run([self.program, *words, "--help"], check=True, capture_output=True, text=True).stdout

    def commands_in(self, words):
        listed = re.search(r"^Commands:\n((?:  .*\n)+)", self.help(words), re.M)
        return re.findall(r"^  ([a-z][a-z-]*)", listed.group(1), re.M) if listed else []

    def options_in(self, words):
        return {"--help", *re.findall(r"--[a-z][a-z0-9-]*", self.help(words))}

    def fault_of(self, code):
        """What is wrong with code `in the text`; None if nothing is known to be."""
        words = code.split()
        if re.fullmatch(r"[\w-]+/[\w./-]+", code) and code.split("/")[0] in self.files:
            return None if code.rstrip("/") in self.files or code.startswith("build/") else f"there is no {code}"
        if words and (words[0] in ("./run", "./test") or re.fullmatch(r"(\S*/)?glue-conformance", words[0])):
            words[0:1] = ["run"] if words[0] == "./run" else []
            if words and words[0] not in self.options and not words[0].startswith("-"):
                return None if words[0] in ("COMMAND",) or words[0].isupper() else f"there is no command {words[0]}"
        elif not words or not (words[0].startswith("--") or words[0] in self.options):
            return self.fault_of_id(code)
        known = self.options.get(words[0], self.all) if words else set()
        for option in re.findall(r"(?<![\w-])--[a-z][a-z0-9_-]*", code):
            if option not in known and not option.startswith("--gtest_"):
                return f"there is no option {option}" + (f" of {words[0]}" if words[0] in self.options else "")
        return None

    def fault_of_id(self, code):
        if not re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", code) or code in self.names:
            return None
        if Path(code).suffix in (".json", ".jsonl", ".xml", ".toml", ".h", ".cpp", ".html", ".conf", ".md", ".py", ".sh"):
            return None
        if code not in self.ids:
            self.ids[code] = subprocess.run([self.program, "explain", code], capture_output=True).returncode
        return None if self.ids[code] == 0 else f"{code} is no case, requirement or characteristic"


def slug(heading):
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def anchors_of(text):
    text = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.M | re.S)
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def link_faults(place, line, prose):
    text = re.sub(r"`[^`]*`", "`…`", prose)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            yield None
            continue
        path, _, anchor = target.partition("#")
        file = (place.parent / path) if path else place
        if not file.exists():
            yield Wrong(line, f"the link leads nowhere: {target}")
        elif anchor and anchor not in anchors_of(file.read_text()):
            yield Wrong(line, f"there is no heading '#{anchor}' in {path or 'the page'}")
        else:
            yield None


# --- all of it --------------------------------------------------------------------------------------------------------


class Reading:
    """A page and what came of it."""

    def __init__(self, place, program, project, work, words):
        self.place, self.project, self.words = place, project, words
        self.faults, self.marked = [], []
        self.executed = self.lines = self.codes = self.links = 0
        try:
            self.page = Page(place.read_text())
            self.read_prose()
            if any(isinstance(step, Setting) or self.is_executed(step) for step in self.page.steps):
                self.scene = Scene(program, project, work, self.page)
                try:
                    self.take_steps()
                except Lacking as lacking:
                    self.marked.append((0, str(lacking)))
                finally:
                    self.scene.end()
            else:
                self.take_steps()
        except Wrong as wrong:
            self.faults.append(wrong)

    @staticmethod
    def is_executed(step):
        return step.language in ("sh", "console") and not (step.directive and step.directive[0] == "not executed")

    def read_prose(self):
        for line, text in self.page.prose:
            for wrong in link_faults(self.place, line, text):
                self.links += 1
                if wrong:
                    self.faults.append(wrong)
        # Code may go over the end of a line.
        whole, starts = "", []
        for line, text in self.page.prose:
            starts.append((len(whole), line))
            whole += text + "\n"
        for found in re.finditer(r"`([^`]+)`", whole):
            line = max(at for start, at in starts if start <= found.start())
            self.codes += 1
            if fault := self.words.fault_of(" ".join(found.group(1).split())):
                self.faults.append(Wrong(line, fault))

    def take_steps(self):
        for step in self.page.steps:
            if isinstance(step, Setting):
                self.scene.set(step)
                continue
            try:
                self.take_block(step)
            except Wrong as wrong:
                self.faults.append(wrong)
                if self.is_executed(step):
                    return  # what follows may rest on it

    def take_block(self, block):
        kind, argument, _ = block.directive or ("", "", 0)
        if kind == "not executed":
            count = len(commands_of(block)) if block.language in ("sh", "console") else 0
            self.marked.append((count, argument))
            for line in block.lines:
                self.check_marked(block, line)
        elif kind == "part of":
            self.check_part(block, argument)
        elif kind == "file":
            if "/" in argument:
                raise Wrong(block.line, f"a file beside the commands, not {argument}")
            text = "\n".join(block.lines) + "\n"
            (self.scene.folder / argument).write_text(self.scene.executed(text))
            self.check_data(block)
        elif block.language in ("sh", "console"):
            commands = commands_of(block)
            if not commands:
                raise Wrong(block.line, "a block without a command")
            for command, following in zip(commands, [*commands[1:], None]):
                self.execute(command, following)
        elif block.language in ("json", "text"):
            self.check_data(block)
        else:
            raise Wrong(block.line, f"a block of '{block.language}' is neither executed, nor a file, nor marked")

    def check_marked(self, block, line):
        """It is not executed, but its options are there."""
        if re.match(r"(\$ )?(\S*/)?(glue-conformance|run) ", line):
            if fault := self.words.fault_of(line.removeprefix("$ ").partition(" #")[0]):
                self.faults.append(Wrong(block.line, fault))

    def check_part(self, block, path):
        file = self.project / path
        if not file.is_file():
            raise Wrong(block.line, f"there is no {path}")

        def plain(line):  # as it may stand in a comment, and without one behind it
            return re.split(r"\s(?:#|//)", line.lstrip("# "))[0].strip()

        there = [plain(line) for line in file.read_text().splitlines()]
        place = 0
        for line in block.lines:
            wanted = plain(line)
            if wanted in ("", "…"):
                continue
            if wanted not in there[place:]:
                raise Wrong(block.line, f"is not in {path}, or not in this order: {wanted}")
            place = there.index(wanted, place) + 1

    def check_data(self, block):
        text = "\n".join(block.lines)
        if re.search(r"^(\$ |(\S*/)?glue-conformance |\./run|\./test)", text, re.M):
            raise Wrong(block.line, f"a command in a block of {block.language}")
        try:
            if block.language == "json":
                json.loads(text)
            if block.language == "toml":
                tomllib.loads(text)
        except ValueError as error:
            raise Wrong(block.line, f"is no {block.language}: {error}") from None

    def execute(self, command, following):
        began = time.monotonic()
        said, status = self.scene.shell.run(self.scene.executed(command.text), self.scene.variables, command.line)
        said = self.scene.shown(said)
        self.executed += 1
        if os.environ.get("SHOW"):
            print(f"{self.place.name}:{command.line}: $ {command.text}\n{said}\n[{status}, {time.monotonic() - began:.1f} s]")
        wrong = None
        if status != (wanted := command.status(following)):
            wrong = f"ends with {status}, not with {wanted}"
        elif command.shown is not None:
            self.lines += sum(line.strip() not in ("", "…") for line in command.shown)
            wrong = difference(command.shown, said.split("\n"))
        if wrong:
            said = "\n".join(line[:200] for line in said.strip("\n").split("\n")[-25:])
            raise Wrong(command.line, f"{command.text}\n  {wrong}\n" + re.sub("^", "  | ", said, flags=re.M))


def main():
    os.umask(0o022)  # the workers of nginx are another user's, where it is started by root
    program, project, work = (Path(argument).resolve() for argument in sys.argv[1:4])
    words = Words(str(program), project)
    places = [Path(argument) for argument in sys.argv[4:]]

    def read(numbered):
        number, place = numbered
        return Reading(place.resolve(), str(program), project, work / str(number), words)

    failed = executed = marked = 0
    with ThreadPoolExecutor(2) as pool:
        for place, reading in zip(places, pool.map(read, enumerate(places))):
            of_it = sum(count for count, _ in reading.marked)
            print(
                f"{place}: {reading.executed} commands executed, {reading.lines} lines of output held, {of_it} not executed, "
                f"{reading.codes} words of code, {reading.links} links"
            )
            for count, reason in reading.marked:
                print(f"  not executed, {count or 'some'} command{'' if count == 1 else 's'}: {reason}")
            for wrong in reading.faults:
                print(f"FAILED: {place}:{wrong.line}: {wrong.what}")
            failed += len(reading.faults)
            executed += reading.executed
            marked += of_it
    print(f"{len(places)} pages, {executed} commands executed, {marked} not executed, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
