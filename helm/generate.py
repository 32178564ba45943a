"""Writes what is made of the charts' values.yaml: the table in each README.md, and the defaults in helm/sluice-lib.

    python3 helm/generate.py            writes both
    python3 helm/generate.py --check    says whether they are current; exit code 1 when they are not

A comment `# -- TEXT` above a key is the key's line in the table. Keys without one are sections; what stands below a key
with one belongs to its default.
"""

import json
import re
import sys
from pathlib import Path

import yaml

HELM = Path(__file__).resolve().parent
CHARTS = (HELM / "sluice", HELM / "sluice-operator")
DEFAULTS = HELM / "sluice-lib/templates/_defaults.tpl"
BEGIN, END = "<!-- values: begin (helm/generate.py) -->\n", "<!-- values: end -->\n"


def documented(text):
    """Pairs (path of a key, its text) in the order of the file."""
    rows, path, comment = [], [], None
    for line in text.splitlines():
        if match := re.match(r"\s*# --(.*)", line):
            comment = match[1].strip()
        elif match := re.match(r"( *)([A-Za-z]\w*):", line):
            depth = len(match[1]) // 2
            path = [*path[:depth], match[2]]
            if comment is not None:
                rows.append((tuple(path), comment))
            comment = None
    return rows


def value_at(values, path):
    for key in path:
        values = values[key]
    return values


def table(text):
    values = yaml.safe_load(text)
    lines = ["| value | default | |", "|---|---|---|"]
    for path, comment in documented(text):
        default = json.dumps(value_at(values, path), ensure_ascii=False)
        lines.append(f"| `{'.'.join(path)}` | `{default}` | {comment.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def defaults(text):
    bare = "\n".join(line for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    return (
        "{{/* Made of helm/sluice/values.yaml by helm/generate.py. */}}\n"
        f'{{{{- define "sluice.v1.defaults" -}}}}\n{bare}\n{{{{- end -}}}}\n'
    )


def wanted():
    """Files and what they should hold."""
    files = {}
    for chart in CHARTS:
        readme = chart / "README.md"
        before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
        _, after = rest.split(END)
        text = (chart / "values.yaml").read_text(encoding="utf-8")
        files[readme] = before + BEGIN + table(text) + END + after
    files[DEFAULTS] = defaults((HELM / "sluice/values.yaml").read_text(encoding="utf-8"))
    return files


def main(arguments):
    stale = [path for path, text in wanted().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if arguments == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(HELM.parent)} is not what helm/generate.py makes of values.yaml")
        return 1 if stale else 0
    for path, text in wanted().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
