"""The proof of `sluice revision`, as far as pg_dump takes part in it."""

import unittest
from pathlib import Path

from model_project import TENANT, ModelProjectTest
from postgres import bin_directory


class DumpTest(ModelProjectTest):
    def dump_program(self, script):
        """A pg_dump that runs the lines of shell; $REAL is PostgreSQL's, $1 the number of the call, from 1."""
        real = Path(bin_directory()) / "pg_dump"
        calls = self.directory / "calls"
        self.write(
            "bin/pg_dump",
            f"#!/bin/sh\nREAL={real}\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.0' && exit\n"
            f'set -- "$( (flock 9; echo >>{calls}; wc -l <{calls}) 9>{calls}.lock)" "$@"\n{script}',
        )
        (self.directory / "bin/pg_dump").chmod(0o755)
        self.write("sluice.yaml", f"models: models\npostgres_bin: {self.directory}/bin\n")

    def test_it_sees_the_same(self):
        self.assertIn("by inspection and by pg_dump: up gives the models", self.succeed("revision", "start").out)
        outcome = self.succeed("revision", "again", "--splice", "--head", "base", "-o", "json").json()
        self.assertTrue(outcome["proven_by_pg_dump"])

    def test_what_only_it_sees_after_the_upgrade_or_the_downgrade_is_refused(self):
        for call, move in ((3, "upgrade"), (4, "downgrade")):
            self.dump_program(
                f'call=$1; shift; $REAL "$@" || exit\n[ $call = {call} ] && echo "CREATE TABLE surprise (id integer);"\nexit 0\n'
            )
            outcome = self.sluice("revision", "start")
            self.assertEqual(outcome.code, 1, outcome.err)
            self.assertIn(f"after the {move} pg_dump sees a difference", outcome.err)
            self.assertIn("+ CREATE TABLE surprise", outcome.err)
            self.assertEqual(self.scripts(), [])
            (self.directory / "calls").unlink()

    def test_it_may_fail(self):
        for call in (1, 2, 3, 4):
            self.dump_program(f'[ $1 = {call} ] && echo out of paper >&2 && exit 1\nshift\nexec $REAL "$@"\n')
            outcome = self.succeed("revision", f"try {call}", "--splice", "--head", "base")
            self.assertIn("pg_dump took no part in the proof", outcome.err)
            self.assertIn("out of paper", outcome.err)
            self.assertIn("Proven on a scratch database: up", outcome.out)
            (self.directory / "calls").unlink()

    def test_what_is_not_managed_keeps_it_out(self):
        self.models(TENANT + "CREATE TYPE not_yet;\n")
        outcome = self.succeed("revision", "start")
        self.assertIn("not managed", outcome.err)
        self.assertIn("Proven on a scratch database: up", outcome.out)

    def test_no_password_is_on_its_command_line(self):
        self.dump_program(f'shift; echo "$@" >>{self.directory}/said; exec $REAL "$@"\n')
        self.succeed("revision", "start")
        said = self.read("said")
        self.assertIn("--schema-only", said)
        self.assertNotIn("password", said)


if __name__ == "__main__":
    unittest.main()
