"""Child processes: what they cost, and an environment in which nothing of the user's decides what they do."""
import dataclasses
import os
import subprocess
import time


class Trouble(Exception):
    """Something without which there is nothing to measure; its text says what to do."""


@dataclasses.dataclass(frozen=True)
class Finished:
    seconds: float  # from before it is started until it has ended
    cpu: float  # user and system
    peak_mib: float  # at least what this interpreter takes: the kernel counts what a child was before exec
    output: str


def environment():
    """Ours without what configures the program; English, as output is read."""
    foreign = ("AWS_", "GLUE_CONFORMANCE_", "GTEST_")
    return {**{k: v for k, v in os.environ.items() if not k.startswith(foreign)}, "LC_ALL": "C.UTF-8"}


def measure(command):
    """Runs a command that must end well."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if child.returncode != 0:
        raise Trouble(f"{' '.join(command)}\nended with {child.returncode}:\n{output[-3000:]}")
    return Finished(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def stop(child):
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout:
        child.stdout.close()
