#!/usr/bin/env python3
"""Fails if a run has become dearer than it was: in instructions and in memory, which do not depend on what else a machine does.

    python3 bench/guard.py [--program build/release/glue-conformance]
    python3 bench/guard.py --record            # after a change that is worth its price, or that saved some

Counted by valgrind are the client's own instructions, of the start and of one request more, unsigned and signed, held against
bench/guard.json with a wide margin: compilers and libraries differ. That it costs the same however many examples there are needs no
record, nor that a request of a sweep costs a fraction of an example: a sweep has a million, too many for valgrind, so this one is of CPU
time, of two runs that follow each other. Ends with 1 if something is dearer, with 2 if it could not be measured.
"""
import argparse
import json
import os
import re
import shutil
import sys

import endpoints
from children import Trouble, measure

RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guard.json")
MARGIN = 1.30  # of instructions, above what is recorded
STEEPEST = 1.15  # an example among many, to one among few
FATTEST = 1.25  # the memory of many examples, to that of few
DEAREST_SWEEP = 0.6  # a request of a sweep, to an example; asked one by one it takes more than an example does
SWEEP = "origin.alphabet.forbidden"
FEW, MANY = 1_000, 3_000  # counted ones
FEW_NATIVE, MANY_NATIVE = 1_000, 30_000  # for memory

RECORDED = {"start": "instructions until the first example", "unsigned": "instructions of an example",
            "signed": "instructions of a signed example"}


def command(program, url, examples, signed=False):
    return [*run(program, url), "--filter", "generated.request.valid", "--examples", str(examples)] + ([] if signed else ["--no-sign"])


def run(program, url):
    return [program, "run", "--endpoint", url, "--sessions", "none", "--seed", "1", "--progress", "none", "--no-config"]


def valgrind():
    path = shutil.which("valgrind")
    if not path:
        raise Trouble("valgrind is missing: apt-get install valgrind")
    return path


def instructions(*what, **how):
    """Without its model of caches it takes a third of the time."""
    counted = measure([valgrind(), "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command(*what, **how)])
    found = re.search(r"I +refs: +([\d,]+)", counted.output)
    if not found:
        raise Trouble(f"valgrind counted nothing:\n{counted.output[-2000:]}")
    return int(found.group(1).replace(",", ""))


def figures(program):
    with endpoints.reference(program) as url:
        one, few, many = (instructions(program, url, n) for n in (1, FEW, MANY))
        signed = instructions(program, url, MANY, signed=True)
        thin, fat = (measure(command(program, url, n)) for n in (FEW_NATIVE, MANY_NATIVE))
        sweep = measure([*run(program, url), "--no-sign", "--tier", "exhaustive", "--filter", SWEEP])
    return {"start": one, "unsigned": (many - few) / (MANY - FEW), "signed": (signed - one) / (MANY - 1),
            "steepness": (many - few) / (MANY - FEW) / ((few - one) / (FEW - 1)), "memory": fat.peak_mib / thin.peak_mib,
            "sweep": cost(sweep) / cost(fat)}


def cost(finished):
    """CPU seconds a request, those of the start included."""
    found = re.search(r"([\d,]+) requests in", finished.output)
    if not found:
        raise Trouble(f"a run does not say how many requests it sent:\n{finished.output[-2000:]}")
    return finished.cpu / int(found.group(1).replace(",", ""))


def findings(measured, recorded):
    """What is dearer than it may be, a sentence each, and what is so much cheaper that the record guards nothing any more."""
    dearer, cheaper = [], []
    for name, what in RECORDED.items():
        ratio = measured[name] / recorded[name]
        print(f"{what:40} {measured[name]:15,.0f}  recorded {recorded[name]:15,.0f}  ratio {ratio:.2f}, at most {MARGIN:.2f}")
        if ratio > MARGIN:
            dearer.append(f"{what}: {ratio:.2f} times what is recorded")
        elif ratio < 1 / MARGIN:
            cheaper.append(what)
    for name, what, most in (("steepness", f"an example of {MANY:,} to one of {FEW:,}", STEEPEST),
                             ("memory", f"memory of {MANY_NATIVE:,} examples to {FEW_NATIVE:,}", FATTEST),
                             ("sweep", "CPU of a sweep's request to an example's", DEAREST_SWEEP)):
        print(f"{what:40} {measured[name]:15.2f}  at most {most:.2f}")
        if measured[name] > most:
            dearer.append(f"{what}: {measured[name]:.2f}, at most {most:.2f}")
    return dearer, cheaper


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} cannot be read: {error}") from error


def write(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")


def perform(arguments):
    """The exit status."""
    if not os.access(arguments.program, os.X_OK):
        raise Trouble(f"{arguments.program} is not there. Build it, or name it by --program.")
    measured = read(arguments.figures) if arguments.figures else figures(arguments.program)
    if arguments.save:
        write(arguments.save, measured)
    if arguments.record:
        write(RECORD, {name: round(measured[name]) for name in RECORDED})
        print(f"Recorded in {RECORD}.")
    dearer, cheaper = findings(measured, read(arguments.recorded))
    if cheaper:
        print(f"Cheaper than recorded, so that nothing guards it: {', '.join(cheaper)}. Record it: python3 bench/guard.py --record")
    for finding in dearer:
        print(f"DEARER: {finding}")
    if dearer:
        print("If that is worth its price: python3 bench/guard.py --record")
    return 1 if dearer else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--program", default="build/release/glue-conformance")
    parser.add_argument("--record", action="store_true", help="make what is measured the new record")
    parser.add_argument("--recorded", default=RECORD, metavar="FILE", help="hold it against another record")
    parser.add_argument("--save", metavar="FILE", help="write what was measured there")
    parser.add_argument("--figures", metavar="FILE", help="take what was saved there, and measure nothing")
    try:
        sys.exit(perform(parser.parse_args()))
    except Trouble as trouble:
        print(f"guard: {trouble}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
