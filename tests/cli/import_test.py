"""`sluice import`: another tool's folder of plain SQL becomes revisions."""

import unittest

from sluice_project import ProjectTest


class ImportTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write("migrations/000001_create_tenant.up.sql", "CREATE TABLE tenant (id int);\n")
        self.write("migrations/000001_create_tenant.down.sql", "DROP TABLE tenant;\n")
        self.write("migrations/000002_index.up.sql", "CREATE INDEX CONCURRENTLY i ON tenant (id);\n")
        self.write("migrations/000002_index.down.sql", "DROP INDEX CONCURRENTLY i;\n")

    def test_a_chain_of_revisions_with_the_sql_unchanged(self):
        report = self.succeed("import", "golang-migrate", "migrations", "-o", "json").json()
        self.assertEqual(
            [(revision["revision"], revision["outside_transaction"]) for revision in report["revisions"]],
            [("000001_create_tenant", False), ("000002_index", True)],
        )
        plan = self.succeed("plan", "--current", "", "-o", "json").json()
        self.assertEqual(
            [statement["text"] for step in plan["steps"] for section in step["sections"] for statement in section["statements"]],
            ["CREATE TABLE tenant (id int)", "CREATE INDEX CONCURRENTLY i ON tenant (id)"],
        )

    def test_it_follows_the_head_and_writes_where_it_is_told(self):
        self.write_revision("aaaa")
        self.succeed("import", "golang-migrate", "migrations")
        history = self.succeed("history", "-o", "json").json()["revisions"]
        self.assertEqual([revision["revision"] for revision in history], ["000002_index", "000001_create_tenant", "aaaa"])
        self.succeed("import", "golang-migrate", "migrations", "--versions", "elsewhere")
        self.assertEqual(len(list((self.directory / "elsewhere").iterdir())), 2)

    def test_a_mistyped_format_gets_the_nearest_match(self):
        self.assertIn("prisma", self.fail_with(2, "import", "prism", "migrations")["hint"])
        self.assertIn("golang-migrate", self.fail_with(2, "import", "flyway", "migrations")["hint"])


if __name__ == "__main__":
    unittest.main()
