"""`sluice revision` with models, against a real database: what it writes, what it refuses, what rows stand in the way."""

import unittest

from model_project import TENANT, ModelProjectTest


class WritingTest(ModelProjectTest):
    def test_a_new_table_is_written_as_a_person_would(self):
        (script,) = self.revision("create tenant")
        self.assertEqual(
            self.body(script),
            "-- sluice:upgrade\nCREATE TABLE tenant (\n  id integer,\n  name text NOT NULL,\n"
            "  note character varying(20),\n  PRIMARY KEY (id)\n);\n\n"
            "-- sluice:downgrade\n-- Loses data: table tenant.\nDROP TABLE tenant;\n",
        )

    def test_nothing_to_do_says_so_and_writes_nothing(self):
        self.start()
        outcome = self.succeed("revision", "again")
        self.assertEqual(outcome.out, "The models and the scripts agree: nothing to write\n")
        self.assertEqual(len(self.scripts()), 1)

    def test_empty_writes_a_marker_also_with_models(self):
        self.succeed("revision", "marker", "--empty")
        (name,) = self.scripts()
        self.assertIn("-- sluice:upgrade\n\n-- sluice:downgrade\n", self.read(f"versions/{name}"))

    def test_without_models_autogenerate_says_what_is_missing(self):
        self.write("sluice.yaml", "")
        error = self.fail_with(1, "revision", "x", "--autogenerate")
        self.assertEqual(error["code"], "model")
        self.assertEqual(self.scripts(), [])

    def test_a_model_that_does_not_load_is_told_with_its_place(self):
        self.models("CREATE TABLE tenant (\n  id int,\n  name txt\n);\n")
        error = self.fail_with(1, "revision", "x")
        self.assertEqual(error["code"], "model")
        self.assertEqual((error["where"]["file"], error["where"]["line"]), ("models/schema.sql", 3))
        self.assertIn('type "txt" does not exist', str(error))
        self.assertEqual(self.scripts(), [])

    def test_models_in_any_order_and_in_several_files(self):
        self.models("CREATE VIEW names AS SELECT name FROM tenant;\n", "a.sql")
        (script,) = self.revision("create")
        self.assertLess(script.index("CREATE TABLE tenant"), script.index("CREATE VIEW names"))

    def test_no_scratch_database_is_left(self):
        self.start()
        left = self.server.psql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'sluice_scratch_%'")
        self.assertEqual(left, [])


class OnlineFormTest(ModelProjectTest):
    def change(self, models, *options):
        self.start()
        self.models(models)
        (script,) = self.revision("change", *options)
        self.succeed()
        self.succeed("downgrade")
        self.succeed()
        return self.body(script)

    def test_an_index_on_a_table_in_use_is_built_concurrently(self):
        body = self.change(TENANT + "CREATE INDEX tenant_name_idx ON tenant (name);")
        self.assertEqual(
            body,
            "-- sluice:upgrade transaction=off\n-- CONCURRENTLY: writers go on meanwhile.\n"
            "CREATE INDEX CONCURRENTLY tenant_name_idx ON tenant (name);\n\n"
            "-- sluice:downgrade transaction=off\nDROP INDEX CONCURRENTLY tenant_name_idx;\n",
        )

    def test_never_writes_the_plain_form(self):
        self.configure(online="never")
        body = self.change(TENANT + "CREATE INDEX tenant_name_idx ON tenant (name);")
        self.assertNotIn("CONCURRENTLY", body)

    def test_a_foreign_key_is_added_first_and_validated_then(self):
        models = TENANT.replace("note varchar(20)", "note varchar(20), parent int REFERENCES tenant")
        body = self.change(models)
        self.assertIn("FOREIGN KEY (parent) REFERENCES tenant (id) NOT VALID;\n\n-- sluice:upgrade\n", body)
        self.assertIn("VALIDATE CONSTRAINT tenant_parent_fkey;", body)

    def test_not_null_comes_by_way_of_a_validated_check(self):
        body = self.change(TENANT.replace("varchar(20)", "varchar(20) NOT NULL"))
        check = "tenant_note_not_null_check"
        order = [
            "-- sluice:check",
            f"ADD CONSTRAINT {check} CHECK (note IS NOT NULL) NOT VALID;",
            f"VALIDATE CONSTRAINT {check};",
            "ALTER COLUMN note SET NOT NULL;",
            f"DROP CONSTRAINT {check};",
            "ALTER COLUMN note DROP NOT NULL;",
        ]
        places = [body.index(part) for part in order]
        self.assertEqual(places, sorted(places), body)

    def test_not_null_that_goes_comes_back_by_way_of_a_validated_check(self):
        body = self.change(TENANT.replace("name text NOT NULL", "name text"))
        self.assertLess(body.index("ALTER COLUMN name DROP NOT NULL;"), body.index("-- sluice:downgrade"))
        self.assertLess(body.index("VALIDATE CONSTRAINT"), body.index("ALTER COLUMN name SET NOT NULL;"))

    def test_a_unique_constraint_comes_by_way_of_an_index(self):
        body = self.change(TENANT.replace("name text NOT NULL", "name text NOT NULL UNIQUE"))
        self.assertIn("CREATE UNIQUE INDEX CONCURRENTLY tenant_name_key ON tenant (name);", body)
        self.assertIn("ADD CONSTRAINT tenant_name_key UNIQUE USING INDEX tenant_name_key;", body)

    def test_a_unique_constraint_that_goes_comes_back_by_way_of_an_index(self):
        self.models(TENANT.replace("name text NOT NULL", "name text NOT NULL UNIQUE"))
        body = self.change(TENANT)
        self.assertLess(
            body.index("CREATE UNIQUE INDEX CONCURRENTLY"), body.index("ADD CONSTRAINT tenant_name_key UNIQUE USING INDEX")
        )

    def test_a_volatile_default_is_filled_in_by_a_statement_of_its_own(self):
        body = self.change(TENANT.replace("note varchar(20)", "note varchar(20), token uuid DEFAULT gen_random_uuid() NOT NULL"))
        order = ["ADD COLUMN token uuid;", "SET DEFAULT gen_random_uuid();", "UPDATE tenant SET token = DEFAULT", "SET NOT NULL"]
        places = [body.index(part) for part in order]
        self.assertEqual(places, sorted(places), body)

    def test_a_table_that_becomes_a_partition_gets_its_keys_and_indexes_before(self):
        event = (
            "CREATE TABLE event (id int PRIMARY KEY, at date, CONSTRAINT positive CHECK (id > 0)) PARTITION BY RANGE (id);"
            "CREATE INDEX event_at ON event (at);"
        )
        self.models(event + "CREATE TABLE old_events (id int NOT NULL, at date);")
        body = self.change(event + "CREATE TABLE old_events PARTITION OF event FOR VALUES FROM (1) TO (50);")
        order = [
            "CREATE UNIQUE INDEX CONCURRENTLY old_events_pkey", "PRIMARY KEY USING INDEX", "NOT VALID;", "VALIDATE CONSTRAINT positive",
            "CREATE INDEX CONCURRENTLY old_events_at_idx", "ATTACH PARTITION old_events", "-- sluice:downgrade", "DETACH PARTITION",
        ]  # fmt: skip
        places = [body.index(part) for part in order]
        self.assertEqual(places, sorted(places), body)

    def test_two_tables_in_use_are_locked_in_sections_of_their_own(self):
        tables = TENANT + "CREATE TABLE invoice (note text);"
        self.models(tables)
        body = self.change(tables.replace("note ", "kind int, note "))
        self.assertEqual(body.count("-- sluice:upgrade"), 2)

    def test_what_is_rebuilt_is_gone_and_back_within_one_transaction(self):
        view = "CREATE VIEW names AS SELECT name, note FROM tenant;"
        self.models(TENANT + view)
        body = self.change((TENANT + view).replace("varchar(20)", "varchar(30)"))
        self.assertEqual(body.count("-- sluice:upgrade"), 1)
        self.assertIn("DROP VIEW names;", body)
        self.assertIn("CREATE VIEW names", body)


class DataTest(ModelProjectTest):
    def refuse(self, message):
        error = self.fail_with(1, "upgrade")
        self.assertEqual(error["code"], "check_failed")
        self.assertIn(message, str(error))

    def test_null_under_a_new_not_null_is_found_before_anything_runs(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a', NULL), (2, 'b', 'x')")
        self.models(TENANT.replace("varchar(20)", "varchar(20) NOT NULL"))
        self.revision("require note")
        self.refuse("column tenant.note becomes NOT NULL and holds NULLs")
        self.query("UPDATE tenant SET note = ''")
        self.succeed()

    def test_duplicates_under_a_new_unique_constraint_are_found(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a'), (2, 'a')")
        self.models(TENANT.replace("name text NOT NULL", "name text NOT NULL UNIQUE"))
        self.revision("unique name")
        self.refuse("has rows that are equal in (name)")

    def test_rows_that_a_new_check_forbids_are_found(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (-1, 'a')")
        self.models(TENANT.replace("note varchar(20)", "note varchar(20), CHECK (id > 0)"))
        self.revision("positive")
        self.refuse("has rows that tenant_id_check forbids")

    def test_rows_without_the_row_they_refer_to_are_found(self):
        tables = TENANT + "CREATE TABLE invoice (tenant_id int);"
        self.models(tables)
        self.start()
        self.query("INSERT INTO invoice VALUES (7)")
        self.models(tables.replace("tenant_id int", "tenant_id int REFERENCES tenant"))
        self.revision("refer")
        self.refuse("table invoice has rows whose (tenant_id) is not in tenant (id)")

    def test_values_that_do_not_fit_a_narrower_type_are_found(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a', 'eleven chars')")
        self.models(TENANT.replace("varchar(20)", "varchar(5)"))
        self.revision("shorter note", "--allow-destructive")
        self.refuse("holds values that don't fit")

    def test_a_label_that_rows_hold_is_found(self):
        mood = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE person (m mood);"
        self.models(mood)
        self.start()
        self.query("INSERT INTO person VALUES ('ok')")
        self.models(mood.replace("'ok', ", ""))
        self.revision("no ok", "--allow-destructive")
        self.refuse("column person.m holds labels that mood no longer has: 'ok'")
        self.query("UPDATE person SET m = 'sad'")
        self.succeed()
        self.assertEqual(self.query("SELECT m FROM person"), ["sad"])

    def test_a_new_label_is_added_in_place_and_taken_back_with_the_rows_kept(self):
        mood = "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE person (m mood DEFAULT 'sad', all_of mood[]);"
        view = "CREATE VIEW moods AS SELECT m FROM person;"
        self.models(mood + view)
        self.start()
        self.query("INSERT INTO person VALUES ('happy', '{sad,happy}')")
        self.models(mood.replace("'sad', ", "'sad', 'ok', ", 1).replace("DEFAULT 'sad'", "DEFAULT 'ok'") + view)
        (script,) = self.revision("add ok")
        self.assertIn("ALTER TYPE mood ADD VALUE 'ok' AFTER 'sad';\n\n-- sluice:upgrade\n", script)
        self.succeed()
        self.succeed("downgrade")
        self.assertEqual(self.query("SELECT * FROM person"), ["happy|{sad,happy}"])
        self.succeed()

    def test_what_would_be_lost_is_named_with_its_rows_and_refused(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', NULL)")
        self.models(TENANT.replace(", note varchar(20)", ""))
        error = self.fail_with(1, "revision", "drop note")
        self.assertEqual(error["code"], "data_loss")
        self.assertIn("column tenant.note (2 rows)", error["message"])
        self.assertEqual(len(self.scripts()), 1)
        (script,) = self.revision("drop note", "--allow-destructive")
        self.assertIn("-- Loses data: column tenant.note.\nALTER TABLE tenant DROP COLUMN note;", script)

    def test_a_renamed_column_keeps_its_values(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a', 'x')")
        self.models(TENANT.replace("note varchar", "remark varchar"))
        (script,) = self.revision("rename note", "--rename", "tenant.note=remark")
        self.assertIn("ALTER TABLE tenant RENAME COLUMN note TO remark;", script)
        self.succeed()
        self.assertEqual(self.query("SELECT remark FROM tenant"), ["x"])
        self.succeed("downgrade")
        self.assertEqual(self.query("SELECT note FROM tenant"), ["x"])

    def test_a_hint_in_the_models_renames_a_table(self):
        self.start()
        self.query("INSERT INTO tenant VALUES (1, 'a', 'x')")
        self.models("-- sluice:renamed-from tenant\n" + TENANT.replace("TABLE tenant", "TABLE customer"))
        self.revision("rename tenant")
        self.succeed()
        self.assertEqual(self.query("SELECT name FROM customer"), ["a"])

    def test_a_rename_to_what_the_models_do_not_have_is_refused(self):
        self.start()
        error = self.fail_with(2, "revision", "x", "--rename", "tenant.note=memo")
        self.assertIn("there is no column tenant.memo", error["message"])

    def test_keys_and_sequences_are_renamed_with_their_table(self):
        self.models("CREATE TABLE tenant (id serial PRIMARY KEY, name text UNIQUE);\n")
        self.revision("start")
        self.models("-- sluice:renamed-from tenant\nCREATE TABLE customer (id serial PRIMARY KEY, name text UNIQUE);\n")
        (script,) = self.revision("rename tenant")
        for statement in (
            "ALTER TABLE tenant RENAME TO customer;",
            "ALTER SEQUENCE tenant_id_seq RENAME TO customer_id_seq;",
            "ALTER TABLE customer RENAME CONSTRAINT tenant_pkey TO customer_pkey;",
            "ALTER TABLE customer RENAME CONSTRAINT customer_name_key TO tenant_name_key;",
        ):
            self.assertIn(statement, script)
        self.assertNotIn("DROP", script)

    def test_the_sequence_of_an_identity_column_follows_its_table(self):
        identity = "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
        self.models("CREATE TABLE tenant " + identity)
        self.revision("start")
        self.models("-- sluice:renamed-from tenant\nCREATE TABLE customer " + identity)
        scripts = "\n".join(self.revision("rename tenant"))
        self.assertIn("ALTER SEQUENCE tenant_id_seq RENAME TO customer_id_seq;", scripts)

    def test_a_table_comes_back_with_all_that_went_with_it(self):
        self.models(
            TENANT + "CREATE TABLE audit (id int PRIMARY KEY, tenant_id int REFERENCES tenant, what text);\n"
            "CREATE INDEX audit_what_idx ON audit (what);\nALTER TABLE audit ENABLE ROW LEVEL SECURITY;\n"
            "CREATE POLICY everybody ON audit USING (true);\nCOMMENT ON COLUMN audit.what IS 'in words';\n"
            "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
            "CREATE TRIGGER stay BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION stay();\n"
        )
        self.revision("start")
        self.succeed()
        self.models(TENANT)
        (script,) = self.revision("no audit", "--allow-destructive")  # is proven, and that there and back
        self.assertIn("CREATE INDEX audit_what_idx ON audit (what);", script.split("-- sluice:downgrade")[1])

    def test_on_a_terminal_a_drop_and_an_add_that_look_alike_are_asked_about(self):
        self.start()
        self.models(TENANT.replace("note varchar", "remark varchar"))
        question = "Was column tenant.note renamed to remark?"
        code, text = self.talk("y\n", "revision", "rename note", "--no-input")
        self.assertEqual((code, question in text), (1, False), text)
        code, text = self.talk("y\n", "revision", "rename note", CI="true")
        self.assertEqual((code, question in text), (1, False), text)
        code, text = self.talk("n\n", "revision", "rename note")
        self.assertEqual((code, question in text), (1, True), text)
        self.assertIn("--rename TABLE.OLD=NEW", text)
        code, text = self.talk("y\n", "revision", "rename note")
        self.assertEqual((code, question in text), (0, True), text)
        self.assertIn("ALTER TABLE tenant RENAME COLUMN note TO remark", text)


class ContractTest(ModelProjectTest):
    def setUp(self):
        super().setUp()
        self.configure(contract="separate")

    def test_a_dropped_column_waits_and_old_and_new_statements_work_meanwhile(self):
        self.start()
        self.models(TENANT.replace("name text NOT NULL, ", "").replace("varchar(20)", "varchar(20), code int"))
        expand, contract = self.revision("swap name for code", "--allow-destructive")
        self.assertIn("ADD COLUMN code integer;", expand)
        self.assertIn("ALTER COLUMN name DROP NOT NULL;", expand)
        self.assertNotIn("DROP COLUMN", expand[: expand.index("-- sluice:downgrade")])
        self.assertIn("-- Phase: contract", contract)
        self.assertIn("DROP COLUMN name;", contract)

        self.succeed("upgrade", "--phase", "expand")
        self.query("INSERT INTO tenant (id, name, note) VALUES (1, 'old code', 'x')")
        self.query("INSERT INTO tenant (id, note, code) VALUES (2, 'y', 7)")
        self.succeed()
        self.assertEqual(self.query("SELECT id, note, code FROM tenant ORDER BY id"), ["1|x|", "2|y|7"])
        self.succeed("downgrade")

    def test_new_not_null_waits_and_its_check_finds_what_old_code_wrote(self):
        self.start()
        self.models(TENANT.replace("varchar(20)", "varchar(20), code int NOT NULL"))
        expand, contract = self.revision("add code")
        self.assertIn("ADD COLUMN code integer;", expand)
        self.assertIn("SET NOT NULL;", contract)
        self.succeed("upgrade", "--phase", "expand")
        self.query("INSERT INTO tenant (id, name) VALUES (1, 'old code')")
        self.assertEqual(self.fail_with(1, "upgrade")["code"], "check_failed")
        self.query("UPDATE tenant SET code = 1")
        self.succeed()

    def test_what_old_code_does_not_notice_is_one_revision(self):
        self.start()
        self.models(TENANT.replace("varchar(20)", "varchar(20), code int"))
        self.assertEqual(len(self.revision("add code")), 1)

    def test_what_only_waits_is_one_contract_revision(self):
        self.start()
        self.models(TENANT.replace("varchar(20)", "varchar(20) NOT NULL"))
        (script,) = self.revision("require note")
        self.assertIn("-- Phase: contract", script)


class RegenerateTest(ModelProjectTest):
    def test_it_follows_the_other_head_with_the_same_id_and_file(self):
        self.start()
        self.models(TENANT.replace("varchar(20)", "varchar(20), mine int"))
        mine = self.succeed("revision", "mine", "-o", "json").json()["revisions"][0]
        start = mine["down_revisions"][0]
        self.write_revision(
            "theirs", [start], up="ALTER TABLE tenant ADD COLUMN other int;", down="ALTER TABLE tenant DROP COLUMN other;"
        )
        self.models(TENANT.replace("varchar(20)", "varchar(20), mine int, other int"))
        again = self.succeed("revision", "--regenerate", mine["revision"], "-o", "json").json()["revisions"][0]
        self.assertEqual(again["file"], mine["file"])
        self.assertEqual(again["down_revisions"], ["theirs"])
        self.assertNotIn("other", self.body(self.read(again["file"])))
        self.succeed()

    def test_an_applied_revision_stays(self):
        self.start()
        (name,) = self.scripts()
        before = self.read(f"versions/{name}")
        error = self.fail_with(1, "revision", "--regenerate", name[:12])
        self.assertEqual(error["code"], "applied")
        self.assertEqual(self.read(f"versions/{name}"), before)


class CheckTest(ModelProjectTest):
    def check(self, code, *options):
        outcome = self.sluice("check", *options, "-o", "json")
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        return outcome.json()

    def test_all_three_agree(self):
        self.start()
        self.assertTrue(self.check(0)["agree"])
        self.assertEqual(
            self.succeed("check").out, "Models and scripts agree\nThe database is what its revisions build\n"
        )

    def test_a_changed_model_differs_from_the_scripts(self):
        self.start()
        self.models(TENANT.replace("varchar(20)", "varchar(30)"))
        report = self.check(4)
        self.assertEqual(
            report["models"]["differences"],
            ["column tenant.note: type is character varying(20) in the scripts, character varying(30) in the models"],
        )
        self.assertEqual(report["database"]["differences"], [])

    def test_drift_is_named(self):
        self.start()
        self.query("ALTER TABLE tenant ADD COLUMN sneaked int; CREATE INDEX by_hand ON tenant (name)")
        report = self.check(4)
        self.assertEqual(report["models"]["differences"], [])
        self.assertEqual(
            report["database"]["differences"],
            ["column tenant.sneaked: only in the database", "index tenant.by_hand: only in the database"],
        )

    def test_pending_revisions_are_not_drift(self):
        (_,) = self.revision("start")
        report = self.check(4)
        self.assertEqual(report["database"]["differences"], [])
        self.assertEqual(len(report["database"]["pending"]), 1)

    def test_an_image_with_older_heads_works_until_a_contract_revision(self):
        self.configure(contract="separate")
        self.start()
        start = self.succeed("heads", "-o", "json").json()["heads"][0]["revision"]
        self.models(TENANT.replace(", note varchar(20)", ", code int"))
        self.revision("swap", "--allow-destructive")
        self.succeed("upgrade", "--phase", "expand")
        self.assertTrue(self.check(0, "--for", start)["accepts"])
        self.succeed()
        self.assertIn("was applied since", self.check(4, "--for", start)["why_not"])


if __name__ == "__main__":
    unittest.main()
