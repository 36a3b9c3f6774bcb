"""Completes command lines in a real shell at a terminal, as a person does by TAB: completion_check.py SHELL SCRIPT FOLDER

SHELL is bash, zsh or fish (which says itself what it would offer), SCRIPT what `glue-conformance completion SHELL` printed, and FOLDER one to work in. The program
must be found in PATH. Prints what is not completed as it should be; exit status 1 if anything is not.
"""

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import termios
import time

LINES = [
    # typed, and the words that come of it
    ("glue-conformance comple", ["glue-conformance", "completion"]),
    ("glue-conformance known-failures up", ["glue-conformance", "known-failures", "update"]),
    ("glue-conformance run --tie", ["glue-conformance", "run", "--tier"]),
    ("glue-conformance run --tier exh", ["glue-conformance", "run", "--tier", "exhaustive"]),
    ("glue-conformance run --tier=exh", ["glue-conformance", "run", "--tier=exhaustive"]),
    ("glue-conformance list --format ma", ["glue-conformance", "list", "--format", "markdown"]),
    ("glue-conformance compare --format ht", ["glue-conformance", "compare", "--format", "html"]),
    ("glue-conformance run --known-failures a\\ f", ["glue-conformance", "run", "--known-failures", "a file.toml"]),
    ("glue-conformance report rec", ["glue-conformance", "report", "record.json"]),
    ("glue-conformance run --report ctrf:rec", ["glue-conformance", "run", "--report", "ctrf:record.json"]),
    ("glue-conformance run --report-dir fo", ["glue-conformance", "run", "--report-dir", "folder"]),
    ("glue-conformance run --deviation id-max-unb", ["glue-conformance", "run", "--deviation", "id-max-unbounded"]),
    ("glue-conformance replay id.length.ascii.6553", ["glue-conformance", "replay", "id.length.ascii.65536"]),
    ("glue-conformance explain delete.linea", ["glue-conformance", "explain", "delete.linearizable"]),
    ("glue-conformance run --endpoint http://localhost:5000 --tier smo",
     ["glue-conformance", "run", "--endpoint", "http://localhost:5000", "--tier", "smoke"]),
]
PATIENCE = 60  # seconds, for a machine that is busy


class Shell:
    def __init__(self, name, script, folder):
        command = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}[name]
        environment = {**os.environ, "TERM": "dumb", "PS1": "$ ", "HISTFILE": "/dev/null", "COLUMNS": "400"}
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 400, 0, 0))
        self.seen = ""
        if name == "zsh":
            # The function is found by its file's name, as when it is installed.
            where = os.path.dirname(script)
            self.type(f"unsetopt beep prompt_cr zle_bracketed_paste; unset zle_bracketed_paste; fpath=({where} $fpath); "
                      "autoload -U compinit; compinit -u -D\n")
        else:
            self.type(f"bind 'set enable-bracketed-paste off'; source {script}\n")
        self.type("printf 'rea''dy\\n'\n")
        self.wait("ready\r?\n")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait(self, pattern):
        until = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.seen)):
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise TimeoutError(f"nothing like {pattern!r} in {self.seen[-500:]!r}")
            self.seen += os.read(self.terminal, 65536).decode(errors="replace")
        self.seen = self.seen[found.end():]
        return found

    def completed(self, line):
        # The line that TAB leaves is made the arguments of a command that shows them, one by one.
        self.type(line + "\t\x01printf '<%s>' \x05; printf 'the''end\\n'\n")
        text = self.wait(r"(?s)\n(.*)theend\r?\n").group(1)
        return re.findall(r"<([^<>]*)>", text.rsplit("\n", 1)[-1])

    def end(self):
        os.close(self.terminal)
        os.waitpid(self.child, 0)


def completed_by_fish(line, script):
    said = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C {shlex.quote(line)}"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    offered = [one.split("\t")[0] for one in said.splitlines()]
    return shlex.split(line)[:-1] + [offered[0]] if len(offered) == 1 else offered


def main():
    name, script, folder = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3]
    os.makedirs(f"{folder}/folder", exist_ok=True)
    for file in ("record.json", "a file.toml"):
        open(f"{folder}/{file}", "w").close()
    if name == "fish":
        os.chdir(folder)
    else:
        shell = Shell(name, script, folder)
    faults = 0
    for line, expected in LINES:
        got = completed_by_fish(line, script) if name == "fish" else shell.completed(line)
        got = [word.rstrip("/") for word in got]  # zsh takes it away when the line is left
        if got != expected:
            faults += 1
            print(f"{name}: {line!r} becomes {got}, not {expected}")
    if name != "fish":
        shell.end()
    print(f"{name}: {len(LINES) - faults} lines completed, {faults} not")
    sys.exit(1 if faults else 0)


main()
