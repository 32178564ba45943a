"""Prints every revision of a project of Alembic as one line of JSON, its SQL in both directions with it; or moves a
database with the project's Alembic.

The request is {"directory": …, "config": …}, to move with "move": [`upgrade` or `downgrade`, a target]. The answers are
objects with a `kind`: `revision`, `note`, and at the end `end`; or `moved` or `failed`; `error` when it can't be done.
They go to the descriptor that standard output was; what the project itself prints goes to standard error.
"""

import json
import os
import re

import alembic

from sluice_alembic_project import Project, Refused
from sluice_alembic_recording import one_line
from sluice_alembic_running import move
from sluice_alembic_steps import Source, Steps

CREATE_DATE = re.compile(r"^Create Date:\s*(.+?)\s*$", re.MULTILINE)
FIRST_KEY = re.compile(r"^(Revision ID|Revises|Create Date):", re.MULTILINE)


def as_list(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def message_of(text):
    """The first paragraph of a revision's docstring."""
    key = FIRST_KEY.search(text)
    paragraphs = re.split(r"\n\s*\n", text[: key.start()] if key else text)
    return next((" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip()), "")


def describe(script, recorder, arguments):
    text = script.module.__doc__ or ""
    date = CREATE_DATE.search(text)
    path = script.path
    source = Source(path) if path.endswith(".py") else None
    answer = {
        "kind": "revision",
        "revision": script.revision,
        "down_revisions": as_list(script.down_revision),
        "depends_on": as_list(script.dependencies),
        "branch_labels": as_list(getattr(script.module, "branch_labels", None)),
        "message": message_of(text),
        "create_date": date[1] if date else "",
        "path": os.path.relpath(path),
        "asks_for_offline_mode": bool(source) and source.mentions("as_sql", "is_offline_mode"),
    }
    for name in ("upgrade", "downgrade"):
        recorder.start()
        steps = Steps(recorder, source, name)
        steps.run(script.module, arguments)
        recorder.active = False
        answer[name] = [{key: value for key, value in part.items() if key != "names"} for part in recorder.parts]
        if steps.irreversible is not None:
            answer["irreversible"] = steps.irreversible
    return answer


def main(request, output):
    def tell(**answer):
        output.write(json.dumps(answer) + "\n")

    def render(scripts, arguments):
        walked = list(scripts.walk_revisions())
        if not walked:
            raise Refused(f"{scripts.dir} has no revisions", "does `alembic history` list them?")
        for script in reversed(walked):
            tell(**describe(script, project.recorder, arguments))

    try:
        if "move" in request:
            return move(request, tell)
        project = Project(request["directory"], request.get("config"))
        project.run(render)
    except Refused as error:
        return tell(kind="error", message=error.args[0], hint=error.args[1])
    except Exception as error:
        return tell(
            kind="error", message=f"Alembic can't read the revisions: {type(error).__name__}: {one_line(error, 300)}",
            hint="does `alembic history` work?",
        )  # fmt: skip
    for note in dict.fromkeys(project.notes):
        tell(kind="note", text=note)
    return tell(kind="end", alembic=alembic.__version__, version_table=project.version_table)


def run(request):
    # What env.py or a revision prints must not get among the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)
        main(request, output)
