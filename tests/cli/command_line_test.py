"""The command line as people meet it: help, mistakes, output for programs."""

import json
import subprocess
import unittest

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


class CompletionTest(ProjectTest):
    def test_bash_completes_commands_options_and_choices(self):
        script = self.succeed("completion", "bash").out
        self.write("completion.bash", script)

        def complete(*words):
            line = " ".join(f'"{word}"' for word in words)
            shell = (
                f"source completion.bash; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _sluice; "
                'printf "%s\\n" "${COMPREPLY[@]}"'
            )
            done = subprocess.run(["bash", "-c", shell], cwd=self.directory, capture_output=True, encoding="utf-8", check=True)
            return done.stdout.split()

        self.assertEqual(complete("sluice", "upg"), ["upgrade"])
        self.assertEqual(complete("sluice", "plan", "--curr"), ["--current"])
        self.assertEqual(complete("sluice", "plan", "-o", ""), ["text", "json", "markdown"])
        self.assertEqual(complete("sluice", "heads", "--output", "j"), ["json"])
        self.assertEqual(complete("sluice", "completion", "z"), ["zsh"])

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
