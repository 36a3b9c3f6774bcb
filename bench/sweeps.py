#!/usr/bin/env python3
"""What a run costs where it asks most: the exhaustive alphabets, the standard tier, many generated examples.

Against the reference endpoint in the same process, so wall time is that of both sides on the cores that there are.
Each is run several times, in turns, and the best is shown: what disturbs a run only makes it longer.

    python3 bench/sweeps.py [--program build/release/glue-conformance] [--rounds 5] [--examples 100000]
"""
import argparse
import os
import re
import subprocess
import sys
import time


def measure(command):
    """Of a run that must pass: seconds, CPU seconds, MiB at its peak, requests."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}:\n{output[-2000:]}")
    requests = int(re.search(r"([\d,]+) requests in ", output).group(1).replace(",", ""))
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, requests


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="build/release/glue-conformance")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=100000)
    arguments = parser.parse_args()

    start = [arguments.program, "run", "--seed", "1", "--progress", "none", "--no-sign"]
    cases = {
        "every code point, Id and RequestOrigin": ["--tier", "exhaustive", "--filter", "*.alphabet.*"],
        "standard tier": [],
        f"{arguments.examples} examples of each property": ["--filter", "generated.*", "--examples",
                                                            str(arguments.examples)],
    }
    best = {}
    for _ in range(arguments.rounds):
        for name, options in cases.items():
            figures = measure(start + options)
            best[name] = min(best.get(name, figures), figures)

    print(f"best of {arguments.rounds}, {os.cpu_count()} cores, client and reference endpoint in one process")
    print(f"{'':40} {'requests':>10} {'seconds':>8} {'CPU s':>7} {'CPU µs/request':>15} {'requests/s':>11} {'peak MiB':>9}")
    for name, (seconds, cpu, memory, requests) in best.items():
        print(f"{name:40} {requests:10,} {seconds:8.2f} {cpu:7.2f} {cpu / requests * 1e6:15.1f} "
              f"{requests / seconds:11,.0f} {memory:9.1f}")


if __name__ == "__main__":
    main()
