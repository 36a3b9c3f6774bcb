#!/usr/bin/env python3
"""What a run costs, beside what public tools take for the same requests, in one go.

    python3 bench/rates.py [--quick] [--program build/release/glue-conformance] [--only PART]…

wrk sends one constant request; we generate, send, read strictly, judge and report; Hypothesis and requests do the same in Python.
They take turns on this machine, so that what else runs on it disturbs all alike: what counts is the median of the ratios within
the turns. Prints a table in Markdown with the goals. A goal that is missed is no failure; ends with 1 if nothing could be
measured, because a tool is missing or a run is not what it should be.
"""
import argparse
import contextlib
import dataclasses
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import endpoints
from children import Trouble, environment, measure

HERE = os.path.dirname(os.path.abspath(__file__))
PROPERTY = "generated.request.valid"
LATENCY = 0.05
LATENCY_CONNECTIONS = 64


@dataclasses.dataclass(frozen=True)
class Figures:
    """Of one client in one turn."""
    requests: int
    seconds: float  # of sending, as the client says itself
    cpu: float  # of its whole process
    whole: float  # seconds of its whole process
    peak_mib: float = 0.0

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def cost(self):
        return self.cpu / self.requests * 1e6


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    goal: str
    measured: str
    met: str
    besides: str = ""


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How much of each is done."""
    rounds: int
    examples: int
    wrk_seconds: int
    loop_examples: int
    tier_rounds: int
    latency_examples: int
    starts: int
    flat: tuple  # (examples, in how many turns)


FULL = Sizes(rounds=7, examples=40_000, wrk_seconds=2, loop_examples=1000, tier_rounds=5, latency_examples=8000, starts=21,
             flat=((1_000, 9), (10_000, 5), (100_000, 3), (1_000_000, 1)))
QUICK = Sizes(rounds=2, examples=10_000, wrk_seconds=1, loop_examples=300, tier_rounds=1, latency_examples=2000, starts=5,
              flat=((1_000, 3), (10_000, 3), (100_000, 1)))


# ---- the clients

def report(folder, command):
    """Runs the suite, which must be green, and reads its own report of it."""
    path = os.path.join(folder, "run.json")
    command = command + ["--progress", "none", "--color", "never", "--no-config", "--seed", "1", "--report", f"json:{path}",
                         "--report", f"junit:{os.path.join(folder, 'run.xml')}"]
    finished = measure(command)
    end = end_of_record(path)
    totals = end["totals"]
    if end["exit_status"] != 0 or totals["pass"] + totals["skipped"] != totals["planned"] or totals["pass"] == 0:
        raise Trouble(f"{' '.join(command)}\nis not green: {totals}")
    return Figures(end["requests"], end["elapsed_us"] / 1e6, finished.cpu, finished.seconds, finished.peak_mib)


def end_of_record(path):
    """Its last member, which has a line to itself. The rest may be large, and our memory would count as the next child's."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 1_000_000))
        line = re.search(rb'^"end": (\{.*\})$', file.read(), re.M)
    if not line:
        raise Trouble(f"{path} has no end.")
    return json.loads(line.group(1))


def generated(bench, url, examples, signed=False, connections=16):
    """A property with so many examples, each a request of its own: as many as that, and the probe."""
    command = [bench.program, "run", "--endpoint", url, "--sessions", "none", "--filter", PROPERTY, "--examples", str(examples),
               "--jobs", str(connections)]
    figures = report(bench.folder, command + ([] if signed else ["--no-sign"]))
    if not examples <= figures.requests <= examples + 10:
        raise Trouble(f"{examples} examples made {figures.requests} requests.")
    return figures


# Prints what its `summary` says as JSON.
WRK_SCRIPT = """\
wrk.method = "POST"
wrk.path = "/"
wrk.body = [==[{body}]==]
wrk.headers["X-Amz-Target"] = "AWSGlue.DeleteSession"
wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
wrk.headers["Accept-Encoding"] = "identity"
wrk.headers["User-Agent"] = "glue-conformance"
done = function(summary)
  local e = summary.errors
  io.write(string.format('FIGURES {{"requests": %d, "microseconds": %d, "errors": %d, "refused": %d}}\\n',
                         summary.requests, summary.duration, e.connect + e.read + e.write + e.timeout, e.status))
end
"""


def wrk(bench, url, seconds, connections=16):
    command = [bench.wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", bench.wrk_script, url]
    finished = measure(command)
    said = json.loads(re.search(r"^FIGURES (.*)$", finished.output, re.M).group(1))
    if said["requests"] == 0 or said["errors"] > said["requests"] / 1000:
        raise Trouble(f"{' '.join(command)}\nhas errors: {finished.output}")
    # The constant is a 400 each time, the reference endpoint's answer never.
    if said["refused"] != (0 if url == bench.reference else said["requests"]):
        raise Trouble(f"{' '.join(command)}\nis not answered as it should be: {finished.output}")
    return Figures(said["requests"], said["microseconds"] / 1e6, finished.cpu, finished.seconds)


def loop(bench, url, examples):
    finished = measure([bench.python, os.path.join(HERE, "hypothesis_loop.py"), url, "--examples", str(examples)])
    said = json.loads(finished.output.splitlines()[-1])
    return Figures(said["requests"], said["seconds"], said["cpu"], finished.seconds)


# ---- what is measured

@dataclasses.dataclass(frozen=True)
class Bench:
    program: str
    wrk: str
    python: str  # an interpreter that has Hypothesis and requests
    folder: str
    wrk_script: str
    nginx: endpoints.Nginx
    reference: str
    sizes: Sizes


def turns(clients, rounds):
    """Each client once a round, every other round in reverse. What came of them, a list each."""
    results = {name: [] for name in clients}
    for number in range(rounds):
        for name in list(clients)[::1 if number % 2 == 0 else -1]:
            results[name].append(clients[name]())
    return results


def median(values):
    return statistics.median(list(values))


def ratios(ours, theirs, value=lambda figures: figures.rate):
    return [value(a) / value(b) for a, b in zip(ours, theirs)]


def spread(values):
    return f"{min(values):.2f}–{max(values):.2f}"


def judged(value, goal, at_least=True):
    return "" if goal is None else "yes" if (value >= goal if at_least else value < goal) else "no"


def described(name, results):
    return f"{name} {median(f.rate for f in results):,.0f}/s, {median(f.cost for f in results):.1f} µs"


def rates(bench, name, url, goals, count=None):
    """wrk, ours unsigned and signed, and the loop, against one endpoint."""
    sizes = bench.sizes
    results = turns({
        "wrk": lambda: wrk(bench, url, sizes.wrk_seconds),
        "unsigned": lambda: counted(count, lambda: generated(bench, url, sizes.examples)),
        "signed": lambda: counted(count, lambda: generated(bench, url, sizes.examples, signed=True)),
        "loop": lambda: loop(bench, url, sizes.loop_examples),
    }, sizes.rounds)
    for kind, goal in goals.items():
        to_wrk = ratios(results[kind], results["wrk"])
        whole = median(f.requests / f.whole / w.rate for f, w in zip(results[kind], results["wrk"]))
        yield Row(f"{name}, {kind}: rate to wrk's", "" if goal is None else f"≥ {goal:.2f}",
                  f"{median(to_wrk):.2f} ({spread(to_wrk)})", judged(median(to_wrk), goal),
                  f"{described('ours', results[kind])}; {described('wrk', results['wrk'])}; with start and end {whole:.2f}")
    to_loop = ratios(results["unsigned"], results["loop"])
    cost = median(ratios(results["loop"], results["unsigned"], lambda f: f.cost))
    yield Row(f"{name}, unsigned: rate to Hypothesis's", "", f"{median(to_loop):.0f} times", "",
              f"{described('Hypothesis', results['loop'])}, {cost:.0f} times our CPU")


def counted(count, run):
    """Runs it. What the endpoint counted must be what we say that we sent; `count` includes the question itself."""
    if count is None:
        return run()
    before = count()
    figures = run()
    seen = count() - before - 1
    if seen != figures.requests:
        raise Trouble(f"The run says {figures.requests} requests, the endpoint {seen}.")
    return figures


def part_rates(bench):
    yield from rates(bench, "nginx", bench.nginx.constant, {"unsigned": 0.80, "signed": 0.70}, bench.nginx.requests)
    yield from rates(bench, "reference endpoint", bench.reference, {"unsigned": 0.95, "signed": 0.95})
    yield from rates(bench, "nginx that closes", bench.nginx.closing, {"unsigned": None, "signed": None}, bench.nginx.requests)


def part_latency(bench):
    ceiling = LATENCY_CONNECTIONS / LATENCY
    with endpoints.delayed(LATENCY) as url:
        results = turns({
            "wrk": lambda: wrk(bench, url, max(2, bench.sizes.wrk_seconds), LATENCY_CONNECTIONS),
            "ours": lambda: generated(bench, url, bench.sizes.latency_examples, connections=LATENCY_CONNECTIONS),
        }, min(3, bench.sizes.rounds))
    share = median(f.rate / ceiling for f in results["ours"])
    theirs = median(f.rate / ceiling for f in results["wrk"])
    yield Row(f"{LATENCY * 1000:.0f} ms away, {LATENCY_CONNECTIONS} connections: rate to connections / latency", "≥ 0.95",
              f"{share:.3f}", judged(share, 0.95), f"{share * ceiling:,.0f}/s; wrk {theirs:.3f}")


def part_tiers(bench):
    start = [bench.program, "run", "--no-sign"]
    clients = {"wrk": lambda: wrk(bench, bench.reference, bench.sizes.wrk_seconds)}
    for tier in ("standard", "exhaustive"):
        # Bound here: a closure would see the last tier.
        clients[f"{tier} embedded"] = lambda t=tier: report(bench.folder, start + ["--tier", t])
        clients[f"{tier} served"] = lambda t=tier: report(bench.folder, start + ["--tier", t, "--endpoint", bench.reference])
    clients["all properties"] = lambda: report(
        bench.folder, start + ["--filter", "generated.*", "--examples", str(bench.sizes.examples // 10)])
    results = turns(clients, bench.sizes.tier_rounds)
    for tier, goal in (("standard", 2.0), ("exhaustive", 3.0)):
        for place in ("embedded", "served"):
            yield tier_row(f"{tier} tier, reference endpoint {place}", results[f"{tier} {place}"], results["wrk"], goal)
    yield tier_row(f"generated.*, {bench.sizes.examples // 10:,} examples each, embedded", results["all properties"], results["wrk"])


def tier_row(what, results, wrk_results, goal=None):
    """What disturbs a run only makes it longer, so the best says what it can do; what it does is the median."""
    best, usual = min(f.whole for f in results), median(f.whole for f in results)
    met = "" if goal is None else "yes" if usual < goal else "at best" if best < goal else "no"
    to_wrk = median(f.requests / f.whole / w.rate for f, w in zip(results, wrk_results))
    return Row(f"{what}: seconds", "" if goal is None else f"< {goal:.0f}",
               f"{usual:.2f} (best {best:.2f})", met,
               f"{results[0].requests:,} requests, CPU {median(f.cost for f in results):.1f} µs each; {to_wrk:.2f} of wrk's rate "
               f"against the served one; {max(f.peak_mib for f in results):.0f} MiB")


def first_request(bench, listener):
    """Milliseconds from the start of a run of the standard tier until its first bytes are there."""
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    started = time.monotonic()
    child = subprocess.Popen([bench.program, "run", "--endpoint", url, "--no-config", "--progress", "none"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    try:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            connection.recv(1)
            return (time.monotonic() - started) * 1000
    except TimeoutError as error:
        raise Trouble("A run does not send anything within 10 seconds.") from error
    finally:
        child.kill()
        child.wait()


def part_start(bench):
    all_ms = []
    for _ in range(bench.sizes.starts):
        # A new one each time: connections of the run before may wait in the other.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(10)
            all_ms.append(first_request(bench, listener))
    yield Row("start to the first request: ms", "< 50", f"{median(all_ms):.0f} ({min(all_ms):.0f}–{max(all_ms):.0f})",
              judged(median(all_ms), 50, at_least=False), f"standard tier, {len(all_ms)} starts")


def part_flat(bench):
    """The cost of an example, without that of the start, by how many there are; the memory of the longest run. They take turns, and
    the least of each counts: what disturbs a run only makes it dearer, and few examples cost less than a disturbed start does."""
    starts, runs = [], {examples: [] for examples, _ in bench.sizes.flat}
    for turn in range(max(times for _, times in bench.sizes.flat)):
        starts.append(generated(bench, bench.nginx.constant, 1))
        for examples, times in bench.sizes.flat:
            if turn < times:
                runs[examples].append(generated(bench, bench.nginx.constant, examples))
    start = min(f.cpu for f in starts)
    costs = {examples: min((f.cpu - start) / f.requests * 1e6 for f in some) for examples, some in runs.items()}
    if min(costs.values()) <= 0:
        raise Trouble(f"A run of many examples took less CPU than the start, {start * 1000:.0f} ms: too much else runs here. Try again.")
    # What is set up once is spread over more of them: the question is whether one becomes dearer.
    values = list(costs.values())
    steepness = max(later / min(values[:i]) for i, later in enumerate(values) if i > 0)
    yield Row("cost of an example among more of them, to that among fewer", "≤ 1.25", f"{steepness:.2f}",
              judged(steepness, 1.26, at_least=False), "; ".join(f"{n:,}: {cost:.1f} µs" for n, cost in costs.items()))
    most = max(runs)
    peak = max(f.peak_mib for f in runs[most])
    yield Row(f"{most:,} examples: MiB at most", "< 64", f"{peak:.1f}", judged(peak, 64, at_least=False),
              f"{min(f.whole for f in runs[most]):.1f} s; a single example {max(f.peak_mib for f in starts):.1f} MiB, "
              f"{start * 1000:.0f} ms of CPU")


PARTS = {"rates": part_rates, "latency": part_latency, "tiers": part_tiers, "start": part_start, "flat": part_flat}


# ---- before and after

def python_with_hypothesis():
    """Debian's packages are those of Debian's interpreter, which need not be the one that runs this."""
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if subprocess.run([python, "-c", "import hypothesis, requests"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return python
    raise Trouble("Hypothesis or requests is missing: apt-get install python3-hypothesis python3-requests")


def constant_request(program, server):
    """The body of wrk's request, as long as ours are in the mean, and that length with the head."""
    url, log = server.sizes, server.sizes_log
    measure([program, "run", "--endpoint", url, "--no-sign", "--sessions", "none", "--filter", PROPERTY, "--examples", "5000",
             "--no-config", "--seed", "1", "--progress", "none"])
    with open(log, encoding="ascii") as file:
        mean = round(statistics.mean(int(line) for line in file))
    head = len(f"POST / HTTP/1.1\r\nHost: {url[len('http://'):]}\r\nX-Amz-Target: AWSGlue.DeleteSession\r\n"
               "Content-Type: application/x-amz-json-1.1\r\nAccept-Encoding: identity\r\nUser-Agent: glue-conformance\r\n"
               "Content-Length: 100\r\n\r\n")
    form = '{{"Id":"{}","RequestOrigin":"{}"}}'
    text = max(2, mean - head - len(form.format("", "")))
    longest_id, longest_origin = 255, 128
    if text > longest_id + longest_origin:
        raise Trouble(f"Our requests have {mean} bytes in the mean; wrk's cannot be so long.")
    origin = min(longest_origin, text // 2)
    return form.format("b" * (text - origin), "o" * origin), mean


def find_wrk():
    path = shutil.which("wrk")
    if not path:
        raise Trouble("wrk is missing: apt-get install wrk")
    return path


def find_program(path):
    if not os.access(path, os.X_OK):
        raise Trouble(f"{path} is not there. Build it, ./run does, or name it by --program.")
    return os.path.abspath(path)


def perform(arguments, stack):
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="glue-conformance-bench-"))
    program, wrk_path, python = find_program(arguments.program), find_wrk(), python_with_hypothesis()
    server = stack.enter_context(endpoints.nginx(folder))
    reference = stack.enter_context(endpoints.reference(program))
    body, mean = constant_request(program, server)
    script = os.path.join(folder, "constant.lua")
    with open(script, "w", encoding="utf-8") as file:
        file.write(WRK_SCRIPT.format(body=body))
    bench = Bench(program, wrk_path, python, folder, script, server, reference, QUICK if arguments.quick else FULL)
    version = measure([program, "--version"]).output.strip()
    print(f"{version}, {os.cpu_count()} cores shared by client and server, load average {os.getloadavg()[0]:.1f} at the start, "
          f"{bench.sizes.rounds} rounds of {bench.sizes.examples:,} examples, 16 connections, requests of {mean} bytes in the mean.\n")
    print("| what | goal | measured | met | besides |\n|---|---|---|---|---|")
    for name in arguments.only or PARTS:
        for row in PARTS[name](bench):
            print(f"| {' | '.join(dataclasses.astuple(row))} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--program", default="build/release/glue-conformance")
    parser.add_argument("--quick", action="store_true", help="a shorter version, for a look")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; repeatable")
    arguments = parser.parse_args()
    try:
        with contextlib.ExitStack() as stack:
            perform(arguments, stack)
    except Trouble as trouble:
        sys.exit(f"bench: {trouble}")


if __name__ == "__main__":
    main()
