"""What Argo CD makes of a SchemaMigration: the script of deploy/, run by a real Lua."""

import json
import subprocess
from pathlib import Path

HEALTH = Path(__file__).resolve().parents[2] / "deploy/argocd/health"
SCRIPT = (HEALTH / "health.lua").read_text(encoding="utf-8")


def lua(value):
    """A value of JSON as Lua writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{lua(name)}] = {lua(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(lua(item) for item in value) + "}"
    return "nil" if value is None else json.dumps(value)


def health(resource):
    """[status, message]."""
    program = f"obj = {lua(resource)}\nlocal hs = (function()\n{SCRIPT}\nend)()\nprint(hs.status) print(hs.message)"
    done = subprocess.run(["lua5.4", "-"], input=program, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
