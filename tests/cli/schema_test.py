"""`sluice inspect` and `sluice diff` on real databases."""

import json
import subprocess

from postgres import PostgresServer, bin_directory
from sluice_project import ProjectTest

SCHEMA = """
CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE tenant (id int PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'sad');
CREATE TABLE invoice (id bigserial PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenant (id), total numeric(10, 2));
CREATE INDEX invoice_tenant_idx ON invoice (tenant_id) WHERE total > 0;
CREATE VIEW large AS SELECT * FROM invoice WHERE total > 1000;
COMMENT ON TABLE tenant IS 'who pays';
"""


class SchemaTest(ProjectTest):
    @classmethod
    def setUpClass(cls):
        cls.server = PostgresServer()
        cls.addClassCleanup(cls.server.close)

    def database(self, sql=""):
        name = self.server.create_database()
        self.addCleanup(self.server.drop_database, name)
        url = self.server.url(name)
        self.psql(url, sql)
        return url

    def psql(self, url, sql):
        done = subprocess.run(
            [f"{bin_directory()}/psql", "-Xq1", "-v", "ON_ERROR_STOP=1", "-f", "-", url],
            input=sql, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr + sql)

    def test_what_inspect_prints_makes_the_schema_anew(self):
        original = self.database(SCHEMA)
        copy = self.database(self.succeed("inspect", original).out)
        self.assertEqual(self.succeed("diff", original, copy, "--exit-code").out, "")
        self.assertEqual(self.succeed("diff", "empty", original).out, self.succeed("inspect", copy).out)

    def test_diff_brings_one_schema_to_another_and_ends_with_4_while_they_differ(self):
        old = self.database(SCHEMA)
        new = self.database(SCHEMA + "ALTER TABLE tenant ADD webhook text; DROP VIEW large;")
        outcome = self.sluice("diff", old, new, "--exit-code")
        self.assertEqual(outcome.code, 4, outcome.err)
        self.psql(old, outcome.out)
        self.assertEqual(self.succeed("diff", old, new, "--exit-code").out, "")

    def test_what_loses_data_is_marked(self):
        old = self.database(SCHEMA)
        new = self.database(SCHEMA + "ALTER TABLE tenant DROP name;")
        outcome = self.succeed("diff", old, new)
        self.assertIn("-- loses data: column tenant.name\nALTER TABLE tenant DROP COLUMN name;\n", outcome.out)
        self.assertEqual(outcome.err, "loses data: column tenant.name\n")
        self.assertEqual(self.succeed("diff", old, new, "--allow-destructive").err, "")

    def test_json_names_each_difference_and_each_statement(self):
        old = self.database(SCHEMA)
        new = self.database(SCHEMA + "ALTER TABLE tenant DROP name;")
        answer = json.loads(self.succeed("diff", old, new, "-o", "json").out)
        self.assertEqual([(d["change"], d["kind"], d["parent"], d["name"]) for d in answer["differences"]],
                         [("changed", "column", "tenant", "mood"), ("dropped", "column", "tenant", "name")])  # fmt: skip
        self.assertEqual(answer["differences"][0]["attributes"], {"position": {"from": "3", "to": "2"}})
        self.assertEqual([s["data_loss"] for s in answer["steps"]], ["column tenant.name"])
        objects = json.loads(self.succeed("inspect", old, "-o", "json").out)["objects"]
        self.assertIn("view", {o["kind"] for o in objects})

    def test_a_tree_is_for_people(self):
        old = self.database(SCHEMA)
        self.assertIn("table tenant\n  owner postgres\n  comment who pays\n", self.succeed("inspect", old, "-o", "tree").out)
        created = self.succeed("diff", "empty", old, "-o", "tree").out
        self.assertIn("+ table tenant\n", created)
        self.assertNotIn("column", created)
        self.assertIn("- table tenant\n", self.succeed("diff", old, "empty", "-o", "tree").out)
        self.assertIn("+ column id of tenant\n", self.succeed("diff", "empty", old, "-o", "tree", "-v").out)

    def test_what_is_not_managed_is_counted_and_listed_when_asked(self):
        url = self.database("SELECT lo_create(4711);")
        self.assertRegex(self.succeed("inspect", url).err, r"1 object of postgresql://\S+ is not managed: 1 large object \(-v lists them\)")
        self.assertIn("  large object ", self.succeed("inspect", url, "-v").err)

    def test_a_word_that_names_no_schema_is_refused(self):
        error = self.fail_with(2, "diff", "empty", "nowhere")
        self.assertIn('"nowhere"', error["message"])

    def test_a_folder_of_models_is_a_schema(self):
        old = self.database(SCHEMA)
        self.write("models/tenant.sql", SCHEMA)
        self.environment["DATABASE_URL"] = old
        self.assertEqual(self.succeed("diff", old, "models/", "--exit-code").out, "")
        self.write("models/tenant.sql", SCHEMA + "CREATE TABLE more (id int);")
        self.assertIn("CREATE TABLE more", self.succeed("diff", "database", "models/").out)

    def test_a_rename_that_is_told_keeps_the_rows(self):
        old = self.database("CREATE TABLE t (id int PRIMARY KEY, a text); CREATE VIEW v AS SELECT a AS x FROM t;")
        new = self.database("CREATE TABLE u (id int PRIMARY KEY, b text); CREATE VIEW v AS SELECT b AS x FROM u;")
        outcome = self.succeed("diff", old, new, "--rename", "t=u", "--rename", "u.a=b")
        self.assertIn("ALTER TABLE t RENAME TO u;\nALTER TABLE u RENAME COLUMN a TO b;\n", outcome.out)
        self.assertNotIn("DROP", outcome.out)
        self.psql(old, outcome.out)
        self.assertEqual(self.succeed("diff", old, new, "--exit-code").out, "")

    def test_a_rename_of_nothing_is_refused(self):
        url = self.database(SCHEMA)
        self.assertIn("column tenant.gone", self.fail_with(2, "diff", url, url, "--rename", "tenant.gone=b")["message"])
        self.assertIn('"tenant"', self.fail_with(2, "diff", url, url, "--rename", "tenant")["message"])
