"""What a person does about the unfinished parts of imported scripts."""

import re

OPTION = re.compile(r' unfinished="(?:[^"\\]|\\.)*"')
REVISION = re.compile(r"^-- Revision: (\S+)$", re.MULTILINE)


def finish(directory, ported=None):
    """Writes SQL in the place of the unfinished parts of all scripts, `ported[revision]` in the order of the script. For
    the others there is nothing to do in a database without rows."""
    for path in directory.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        if " unfinished=" in text:
            parts = (ported or {}).get(REVISION.search(text)[1], ())
            path.write_text(_finished(text, iter(parts)), encoding="utf-8")


def _finished(text, parts):
    lines, in_part = [], False
    for line in OPTION.sub("", text).split("\n"):
        if line.startswith("-- Unfinished: "):
            in_part = True
            lines.append(next(parts, "").strip())
        in_part = in_part and line.startswith("--") and not line.startswith("-- sluice:")
        if not in_part:
            lines.append(line)
    return "\n".join(lines)
