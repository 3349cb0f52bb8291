"""Everything that must be green, in one command: `python -m tests [arguments for pytest]`.

The linters come first because they are quick, and pytest last, so that its summary ends the output.
"""

import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
CHECKS = ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest -n 2 -q")


def main(arguments: list[str]) -> int:
    """Run the checks one after the other and stop at the first that fails, with its exit code."""
    for check in CHECKS:
        words = shlex.split(check) + (arguments if check.startswith("pytest") else [])
        print("==>", shlex.join(words), flush=True)
        code = subprocess.run([TOOLS / words[0], *words[1:]], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
