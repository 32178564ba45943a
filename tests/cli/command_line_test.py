"""The command line as people meet it: help, mistakes, output for programs."""

import json
import os
import pty
import re
import select
import subprocess
import time
import unittest
from pathlib import Path

from sluice_project import ROOT, SLUICE, ProjectTest


def commands():
    """The names of all commands, from the program's own list."""
    listed = subprocess.run([SLUICE, "--help"], capture_output=True, encoding="utf-8", check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "]


class HelpTest(ProjectTest):
    def test_every_command_explains_itself_with_an_example(self):
        names = commands()
        self.assertIn("upgrade", names)
        for name in names:
            with self.subTest(command=name):
                text = self.succeed(name, "--help").out
                self.assertIn(f"Usage: sluice {name}", text)
                self.assertIn("Example:\n  ", text)
                self.assertEqual(text, self.succeed("help", name).out)

    def test_help_needs_no_project_and_no_arguments(self):
        self.assertIn("Usage:", self.succeed("edit", "-h").out)

    def test_options_are_told_with_their_defaults(self):
        text = self.succeed("upgrade", "--help").out
        self.assertIn("--lock-timeout DURATION", text)
        self.assertIn("Default: 1s.", text)

    def test_the_reference_in_docs_is_what_the_program_says(self):
        self.assertEqual(
            (ROOT / "docs/commands.md").read_text(encoding="utf-8"),
            self.succeed("help", "--markdown").out,
            "run: sluice help --markdown > docs/commands.md",
        )

    def test_the_table_of_kinds_in_docs_is_what_the_program_says(self):
        self.assertEqual(
            (ROOT / "docs/schema.md").read_text(encoding="utf-8"),
            self.succeed("help", "--kinds").out,
            "run: sluice help --kinds > docs/schema.md",
        )

    def test_the_manual_page_names_every_command(self):
        page = self.succeed("help", "--man").out
        self.assertTrue(page.startswith(".TH SLUICE 1"))
        for name in commands():
            self.assertIn(f'.SS "sluice {name} ', page)

    def test_no_line_of_help_is_wider_than_a_terminal_should_be(self):
        for name in commands():
            for line in self.succeed(name, "--help").out.splitlines():
                self.assertLessEqual(len(line), 100, line)


class MistakesTest(ProjectTest):
    def test_a_mistyped_command_gets_the_nearest_match(self):
        error = self.fail_with(2, "histroy")
        self.assertEqual(error["code"], "usage")
        self.assertIn('"histroy"', error["message"])
        self.assertIn("history", error["hint"])

    def test_a_mistyped_option_gets_the_nearest_match(self):
        self.assertIn("--current", self.fail_with(2, "plan", "--curent", "")["hint"])

    def test_a_mistyped_revision_gets_the_nearest_match(self):
        self.write_revision("tenant_webhook")
        error = self.fail_with(1, "show", "tenant_webhok")
        self.assertEqual(error["code"], "unknown_revision")
        self.assertIn("tenant_webhook", error["hint"])

    def test_a_mistyped_shell_gets_the_nearest_match(self):
        outcome = self.sluice("completion", "bsh")
        self.assertEqual(outcome.code, 2)
        self.assertIn("bash", outcome.err)

    def test_an_error_for_people_goes_to_standard_error_and_says_what_to_do(self):
        outcome = self.sluice("histroy")
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err, 'error: there is no command "histroy"\n  help: did you mean "history"?\n')

    def test_every_broken_script_is_reported_in_one_run(self):
        self.write("versions/a.sql", "SELECT 1;\n")
        self.write("versions/b.sql", "-- b\n--\n-- Revision: bbbb\n-- Revises:\n-- Phasee: contract\n\n-- sluice:upgrade\n")
        outcome = self.sluice("heads")
        self.assertEqual(outcome.code, 1)
        self.assertIn("versions/a.sql", outcome.err)
        self.assertIn("versions/b.sql:5", outcome.err)

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([SLUICE, "version"], stdout=full, stderr=subprocess.PIPE, encoding="utf-8")
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)


class OutputTest(ProjectTest):
    def test_colours_are_not_for_pipes(self):
        self.write_revision("aaaa")
        for arguments in (["heads"], ["history"], ["plan", "--current", ""], ["plan", "--current", "zzzz"]):
            outcome = self.sluice(*arguments)
            self.assertNotIn("\033", outcome.out + outcome.err)

    def test_colours_are_for_terminals_unless_no_color_is_set(self):
        self.write_revision("aaaa")
        run = f"cd {self.directory} && {SLUICE} heads"
        on_terminal = ["script", "-qec", run, "/dev/null"]
        environment = {**self.environment, "TERM": "xterm"}
        coloured = subprocess.run(on_terminal, env=environment, capture_output=True, encoding="utf-8", check=True)
        self.assertIn("\033[33maaaa\033[0m", coloured.stdout)
        plain = subprocess.run(
            on_terminal, env={**environment, "NO_COLOR": "1"}, capture_output=True, encoding="utf-8", check=True
        )
        self.assertNotIn("\033", plain.stdout)

    def test_every_json_answer_has_the_version_of_its_schema(self):
        self.write_revision("aaaa")
        self.write_revision("bbbb", ["aaaa"])
        for arguments in (
            ["heads"], ["branches"], ["history"], ["show", "aaaa"], ["plan", "--current", "aaaa"], ["version"], ["config"],
            ["init"], ["revision", "-m", "c"], ["rebase", "bbbb", "--onto", "aaaa"],
        ):  # fmt: skip
            with self.subTest(command=arguments[0]):
                self.assertEqual(self.succeed(*arguments, "-o", "json").json()["schema_version"], 1)
        self.assertEqual(json.loads(self.sluice("histroy", "-o", "json").out)["schema_version"], 1)


class Terminal:
    """A program at a terminal of its own."""

    def __init__(self, command, directory, environment):
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command, cwd=directory, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self._seen = ""

    def write(self, text):
        self._seen = ""
        os.write(self._master, text.encode())

    def expect(self, pattern, seconds=30):
        """Reads until what came since the last `write` holds the pattern."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self._seen, re.DOTALL):
            if not select.select([self._master], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"{pattern} did not come: {self._seen!r}")
            self._seen += os.read(self._master, 4096).decode(errors="replace")

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._master)


class CompletionTest(ProjectTest):
    def test_bash_completes_commands_options_and_choices(self):
        script = self.succeed("completion", "bash").out
        self.write("completion.bash", script)

        self.write_revision("aaaa", message="it's the first: a:b")
        self.write_revision("abcd", ["aaaa"], extra="-- Branch-Labels: billing\n")

        def complete(*words):
            line = " ".join(f'"{word}"' for word in words)
            shell = (
                f"source completion.bash; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _sluice; "
                'printf "%s\\n" "${COMPREPLY[@]}"'
            )
            return self.ask_shell("bash", "-c", shell).split()

        self.assertEqual(complete("sluice", "upg"), ["upgrade"])
        self.assertEqual(complete("sluice", "plan", "--curr"), ["--current"])
        self.assertEqual(complete("sluice", "plan", "-o", ""), ["text", "json", "markdown"])
        self.assertEqual(complete("sluice", "heads", "--output", "j"), ["json"])
        self.assertEqual(complete("sluice", "completion", "z"), ["zsh"])
        self.assertEqual(complete("sluice", "upgrade", "a"), ["aaaa", "abcd"])
        self.assertEqual(complete("sluice", "show", "b"), ["base", "billing"])
        self.assertEqual(complete("sluice", "rebase", "abcd", "--onto", "aa"), ["aaaa"])
        self.assertEqual(complete("sluice", "upgrade", "--pha"), ["--phase"])
        self.assertEqual(complete("sluice", "heads", "a"), [])

    def test_zsh_completes_commands_options_and_revisions(self):
        self.write_two_revisions()
        self.write("_sluice", self.succeed("completion", "zsh").out)
        zsh = Terminal(["zsh", "-f", "-i"], self.directory, self.shell_environment())
        self.addCleanup(zsh.close)
        zsh.write("fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' list-choices; echo rea''dy\n")
        zsh.expect("ready")
        for line, answer in (
            ("sluice upg", r"upgrade"),
            ("sluice upgrade a", r"aaaa .*its first.*abcd .*step abcd"),
            ("sluice rebase abcd --onto b", r"base .*billing .*branch of abcd"),
            ("sluice upgrade --pha", r"--phase .*expand"),
        ):
            zsh.write(line + "\t")
            zsh.expect(re.escape(line) + r".*" + answer)
            zsh.write("\x15")  # Ctrl-U: the line goes

    def test_fish_completes_commands_options_and_revisions(self):
        self.write_two_revisions()
        self.write("sluice.fish", self.succeed("completion", "fish").out)

        def complete(line):
            answer = self.ask_shell("fish", "--no-config", "-c", f"source sluice.fish; complete -C '{line}'")
            return dict((row + "\t").split("\t")[:2] for row in answer.splitlines())

        self.assertIn("upgrade", complete("sluice upg"))
        self.assertEqual(complete("sluice upgrade a"), {"aaaa": "its first", "abcd": "step abcd"})
        self.assertEqual(complete("sluice rebase abcd --onto b").keys(), {"base", "billing"})
        self.assertIn("--phase", complete("sluice upgrade --pha"))
        self.assertEqual(complete("sluice heads a"), {})

    def write_two_revisions(self):
        self.write_revision("aaaa", message="its first")
        self.write_revision("abcd", ["aaaa"], extra="-- Branch-Labels: billing\n")

    def shell_environment(self):
        path = f"{Path(SLUICE).parent}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "HOME": str(self.directory), "TERM": "vt100"}

    def ask_shell(self, *command):
        done = subprocess.run(
            command, cwd=self.directory, env=self.shell_environment(), stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_zsh_and_fish_know_every_command_and_option(self):
        zsh = self.succeed("completion", "zsh").out
        fish = self.succeed("completion", "fish").out
        for name in commands():
            self.assertIn(f"'{name}:", zsh)
            self.assertIn(f"-a {name} ", fish)
        self.assertIn("--depends-on[", zsh)
        self.assertIn("-l depends-on ", fish)


if __name__ == "__main__":
    unittest.main()
