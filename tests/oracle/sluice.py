"""The two ways to ask Sluice for a plan: the planner behind a pipe, and the command line."""

import json
import pathlib
import subprocess
import tempfile


class PlanServer:
    """sluice_plan_server: many questions about one graph in one exchange."""

    def __init__(self, program):
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, revisions, questions):
        self._process.stdin.write(json.dumps({"revisions": revisions, "questions": questions}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"sluice_plan_server ended with {self._process.wait()}")
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class CommandLine:
    """`sluice plan` in a folder of scripts."""

    def __init__(self, program):
        self._program = str(pathlib.Path(program).resolve())

    def ask(self, revisions, questions):
        with tempfile.TemporaryDirectory(prefix="sluice-oracle-") as folder:
            versions = pathlib.Path(folder) / "versions"
            versions.mkdir()
            for number, revision in enumerate(revisions):
                # Scripts are loaded in the order of their names; the message makes that the order of `revisions`.
                (versions / f"{number:04}_{revision['id']}.sql").write_text(script_text(revision), encoding="utf-8")
            return {"answers": [self._plan(folder, question) for question in questions]}

    def _plan(self, folder, question):
        command = [self._program, "plan", *question["targets"], "--current", ",".join(question["rows"]), "-o", "json"]
        if question["command"] != "upgrade":
            command.append(f"--{question['command']}")
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
        answer = json.loads(done.stdout or done.stderr)
        if "error" not in answer:
            raise RuntimeError(f"{command} ended with {done.returncode} and no error: {done.stdout}{done.stderr}")
        return answer


def script_text(revision):
    """The script of a revision that does nothing."""
    lines = [
        f"-- {revision['id']}",
        "--",
        f"-- Revision: {revision['id']}",
        f"-- Revises: {', '.join(revision['revises'])}",
    ]
    if revision["labels"]:
        lines.append(f"-- Branch-Labels: {', '.join(revision['labels'])}")
    if revision["depends_on"]:
        lines.append(f"-- Depends-On: {', '.join(revision['depends_on'])}")
    lines += [
        f"-- Phase: {revision['phase']}",
        "",
        "-- sluice:upgrade",
        "SELECT 1;",
        "",
        "-- sluice:downgrade",
        "SELECT 2;",
        "",
    ]
    return "\n".join(lines)
