"""Where the Slack app manifests are: inside an installed package, or in the repository's ``deploy/``."""

import json
from pathlib import Path
from typing import Any

_PACKAGED = Path(__file__).parent / "manifests"
_BESIDE = Path(__file__).parents[1] / "deploy"


def manifest(transport: str) -> str:
    """The manifest for ``socket`` or ``http``, as text to paste into Slack."""
    folder = _PACKAGED if _PACKAGED.is_dir() else _BESIDE
    return (folder / f"slack-manifest.{transport}.json").read_text(encoding="utf-8")


def manifest_data(transport: str) -> dict[str, Any]:
    """The manifest, read."""
    found: dict[str, Any] = json.loads(manifest(transport))
    return found
