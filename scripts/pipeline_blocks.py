"""The shell parts of a pipeline's file, each into a file of its own: pipeline_blocks.py FILE FOLDER

In YAML a part is a block behind `run: |`, `command: |` or `- |`; in a Jenkinsfile what is between ''' and '''.
Prints the names of the files in their order.
"""

import re
import sys
import textwrap
from pathlib import Path


def of_yaml(text):
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not re.fullmatch(r"\s*(- )?((run|command): )?\|", line):
            continue
        depth = len(line) - len(line.lstrip())
        block = []
        for inner in lines[number + 1 :]:
            if inner.strip() and len(inner) - len(inner.lstrip()) <= depth:
                break
            block.append(inner)
        yield textwrap.dedent("\n".join(block)).strip() + "\n"


def of_jenkins(text):
    for block in re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL):
        yield textwrap.dedent(block)


def main():
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    text = source.read_text()
    blocks = of_jenkins(text) if source.name == "Jenkinsfile" else of_yaml(text)
    for number, block in enumerate(blocks, 1):
        if source.name == "buildkite.yml":
            block = block.replace("$$", "$")  # its way to keep a dollar
        file = folder / f"{source.stem}.{number}.sh"
        file.write_text(block)
        print(file)


main()
