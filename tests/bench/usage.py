"""Runs a command and tells what it took, as a line of JSON: python usage.py COMMAND…

A process of its own, and a small one: the most memory that a process ever held counts from its parent's on.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time


def main(command: list[str]) -> int:
    """Run the command, whose words go to stderr; gives its exit code."""
    start = time.perf_counter()
    code = subprocess.call(command, stdout=sys.stderr)
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}
    sys.stdout.write(json.dumps(figures))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
