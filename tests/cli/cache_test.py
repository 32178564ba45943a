"""What is kept from run to run: states and their inspections, and that a kept one never gives a stale answer."""

import os
import unittest
from pathlib import Path

import sluice_project
from server_project import ServerProjectTest

TENANT = "CREATE TABLE tenant (id int PRIMARY KEY, name text NOT NULL);\n"
# Header of the note: sizes of name and bytes, type (elf(5)).
BUILD_ID = (4).to_bytes(4, "little") + (20).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"GNU\0"


class CacheTest(ServerProjectTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget)
        self.environment["SLUICE_CACHE_DIRECTORY"] = str(self.directory / "cache")
        self.write("sluice.yaml", "models: models\n")
        self.write("models/schema.sql", TENANT)
        self.write_revision("a1", up=TENANT, down="DROP TABLE tenant;")
        self.succeed()

    def states(self):
        return self.server.psql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'sluice_cache_%'")

    def forget(self):
        for name in self.states():
            self.server.drop_database(name)

    def inspections(self):
        return sorted((self.directory / "cache/inspections").glob("*"))

    def differences(self, code=4):
        """What check says of (models, database)."""
        outcome = self.sluice("check", "-o", "json")
        self.assertEqual(outcome.code, code, outcome.err or outcome.out)
        report = outcome.json()
        return report["models"]["differences"], report["database"]["differences"]

    def assert_agrees(self):
        self.assertEqual(self.differences(code=0), ([], []))

    def test_a_state_is_built_and_read_once(self):
        self.assert_agrees()
        self.assertEqual((len(self.states()), len(self.inspections())), (2, 2))
        # Nobody changes a state; whoever reads these again would notice.
        for name in self.states():
            self.server.psql(name, "CREATE TABLE noticed ()")
        self.assert_agrees()
        self.assertEqual((len(self.states()), len(self.inspections())), (2, 2))
        for path in self.inspections():
            path.unlink()
        self.assertNotEqual(self.differences(), ([], []))

    def test_the_database_is_read_every_time(self):
        self.assert_agrees()
        self.server.psql(self.database, "ALTER TABLE tenant ADD COLUMN drift int")
        models, database = self.differences()
        self.assertEqual(models, [])
        self.assertIn("drift", str(database))
        self.server.psql(self.database, "ALTER TABLE tenant DROP COLUMN drift")
        self.assert_agrees()

    def test_a_changed_model_is_another_state(self):
        self.assert_agrees()
        self.write("models/schema.sql", TENANT.replace("NOT NULL", ""))
        models, database = self.differences()
        self.assertIn("tenant.name", str(models))
        self.assertEqual(database, [])
        self.write("models/schema.sql", TENANT)
        self.assert_agrees()

    def test_a_changed_script_is_another_state(self):
        self.assert_agrees()
        self.write_revision("a2", ["a1"], up="ALTER TABLE tenant ADD COLUMN note text;")
        models, database = self.differences()
        self.assertIn("note", str(models))
        self.assertEqual(database, [])
        self.write_revision("a2", ["a1"], up="ALTER TABLE tenant ADD COLUMN remark text;")
        self.assertIn("remark", str(self.differences()[0]))

    def test_a_role_with_another_name_is_told_by_that(self):
        self.server.psql("postgres", "CREATE ROLE reader")
        self.addCleanup(self.server.psql, "postgres", "DROP ROLE IF EXISTS reader, viewer")
        grant = "GRANT SELECT ON tenant TO reader;"
        self.write("models/schema.sql", TENANT + grant)
        self.write_revision("a2", ["a1"], up=grant, down="REVOKE SELECT ON tenant FROM reader;")
        self.succeed()
        self.assert_agrees()
        self.server.psql("postgres", "ALTER ROLE reader RENAME TO viewer")
        # The state was made when the role had its old name; what it says is what the database says.
        self.write("models/schema.sql", TENANT + grant.replace("reader", "viewer"))
        self.assert_agrees()
        self.server.psql(self.database, "DROP OWNED BY viewer")
        self.forget()

    def test_settings_of_the_role_make_another_state(self):
        schemas = "CREATE SCHEMA elsewhere;\n"
        self.write("models/schema.sql", schemas + TENANT)
        self.write_revision("a1", up=schemas + TENANT)
        self.succeed("diff", "models", "scripts", "--exit-code")
        self.addCleanup(self.server.psql, "postgres", "ALTER ROLE postgres RESET search_path")
        self.server.psql("postgres", "ALTER ROLE postgres SET search_path = elsewhere")
        outcome = self.succeed("inspect", "models")
        self.assertIn("CREATE TABLE elsewhere.tenant", outcome.out)

    def test_settings_of_the_project_make_another_state(self):
        schemas = "CREATE SCHEMA elsewhere;\n"
        self.write("models/schema.sql", schemas + TENANT)
        self.assertIn("CREATE TABLE tenant", self.succeed("inspect", "models").out)
        self.write("sluice.yaml", "models: models\nsearch_path: elsewhere\n")
        outcome = self.succeed("inspect", "models")
        self.assertIn("SET search_path = elsewhere", outcome.out)
        self.assertIn("CREATE TABLE tenant", outcome.out)

    def test_another_build_makes_its_own(self):
        self.assert_agrees()
        before = self.states()
        program = Path(sluice_project.SLUICE).read_bytes()
        place = program.index(BUILD_ID) + len(BUILD_ID)
        other = self.directory / "other-sluice"
        other.write_bytes(program[:place] + bytes([program[place] ^ 1]) + program[place + 1 :])
        os.chmod(other, 0o755)
        ours, sluice_project.SLUICE = sluice_project.SLUICE, str(other)
        try:
            self.assert_agrees()
        finally:
            sluice_project.SLUICE = ours
        self.assertEqual(len(self.states()), 2 * len(before))
        self.assertEqual(len(self.inspections()), 2 * len(before))

    def test_broken_files_are_as_good_as_none(self):
        self.assert_agrees()
        for path in self.inspections():
            path.write_bytes(path.read_bytes()[:-1])
        self.assert_agrees()

    def test_without_a_cache_nothing_is_kept(self):
        self.write("sluice.yaml", "models: models\ncache: {size: 0}\n")
        self.assert_agrees()
        self.assertEqual((self.states(), self.inspections()), ([], []))

    def test_diff_and_revision_know_the_same_states(self):
        self.assert_agrees()
        kept = self.states(), self.inspections()
        self.succeed("diff", "models", "scripts", "--exit-code")
        self.succeed("revision", "nothing to do")
        self.assertEqual((self.states(), self.inspections()), kept)


if __name__ == "__main__":
    unittest.main()
