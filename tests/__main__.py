"""Everything that must be green, in one command: `python -m tests [arguments for pytest]`.

The linters come first because they are quick, and pytest last, so that its summary ends the output.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
LINTERS = ("ruff check", "ruff format --check", "mypy", "lint-imports")
# For two processors: a story waits half of its time, for disks, servers that stop and other processes.
PYTEST = "pytest -n 4 --dist worksteal -q"


def main(arguments: list[str]) -> int:
    """Run the linters at the same time, then pytest; stop at the first that fails, with its exit code."""
    started = {check: _start(check, output=subprocess.PIPE) for check in LINTERS}
    results = {check: (linter.communicate()[0], linter.returncode) for check, linter in started.items()}
    for check, (said, _) in results.items():
        print("==>", check, said.rstrip(), sep="\n" if said else " ", flush=True)
    failed = next((code for _, code in results.values() if code), 0)
    if failed:
        return failed
    command = shlex.join([*shlex.split(PYTEST), *arguments])
    print("==>", command, flush=True)
    return _start(command).wait()


def _start(command: str, output: int | None = None) -> subprocess.Popen[str]:
    tool, *words = shlex.split(command)
    return subprocess.Popen(
        [TOOLS / tool, *words],
        cwd=ROOT,
        # Compiled modules are kept, or each worker and each command that a test starts compiles all anew.
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        stdout=output,
        stderr=output and subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
