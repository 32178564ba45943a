"""Writing revisions: init, revision, merge, rebase, edit, and looking at them: heads, branches, history, show."""

import re
import unittest

from sluice_project import ProjectTest


class InitTest(ProjectTest):
    def test_it_makes_a_project_that_works(self):
        made = self.succeed("init", "-o", "json").json()
        self.assertEqual(sorted(made["made"]), [".env.example", "sluice.yaml", "versions/"])
        self.succeed("config")
        self.succeed("revision", "create tenant")
        self.assertEqual(len(self.succeed("heads", "-o", "json").json()["heads"]), 1)

    def test_it_never_overwrites(self):
        self.write("sluice.yaml", "versions: scripts\n")
        self.write(".env.example", "mine\n")
        report = self.succeed("init", "-o", "json").json()
        self.assertEqual(report["made"], ["versions/"])
        self.assertEqual(sorted(report["left"]), [".env.example", "sluice.yaml"])
        self.assertEqual(self.read("sluice.yaml"), "versions: scripts\n")
        self.assertEqual(self.read(".env.example"), "mine\n")


    def test_it_prints_what_an_administrator_grants_and_makes_nothing(self):
        text = self.succeed("init", "--print-grants", "--database-url", "postgresql://app@db/app").out
        self.assertIn("GRANT USAGE, CREATE ON SCHEMA sluice TO app;\n", text)
        self.assertEqual(list(self.directory.iterdir()), [])
        self.assertEqual(self.sluice("init", "--print-grants").code, 2)


class RevisionTest(ProjectTest):
    def setUp(self):
        super().setUp()
        (self.directory / "versions").mkdir()

    def revision(self, *arguments):
        return self.succeed("revision", *arguments, "-o", "json").json()

    def test_it_follows_the_head(self):
        first = self.revision("create tenant")
        second = self.revision("-m", "add tenant webhook")
        self.assertEqual(first["down_revisions"], [])
        self.assertEqual(second["down_revisions"], [first["revision"]])
        self.assertRegex(second["revision"], r"^[0-9a-f]{12}$")
        self.assertEqual(second["file"], f"versions/{second['revision']}_add_tenant_webhook.sql")
        text = self.read(second["file"])
        self.assertTrue(text.startswith("-- add tenant webhook\n--\n"))
        self.assertIn(f"-- Revises: {first['revision']}\n", text)
        self.assertRegex(text, r"-- Create-Date: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n")
        self.assertIn("-- sluice:upgrade\n", text)
        self.assertIn("-- sluice:downgrade\n", text)

    def test_it_needs_one_message(self):
        self.assertEqual(self.fail_with(2, "revision")["code"], "usage")
        self.assertEqual(self.fail_with(2, "revision", "a", "-m", "b")["code"], "usage")

    def test_several_heads_are_named_with_the_ways_out(self):
        self.write_revision("aaaa")
        self.write_revision("bbbb", ["aaaa"])
        self.write_revision("cccc", ["aaaa"])
        error = self.fail_with(1, "revision", "next")
        self.assertEqual(error["code"], "multiple_heads")
        self.assertIn("bbbb, cccc", error["message"])
        self.assertIn("--head", error["hint"])
        self.assertIn("merge", error["hint"])
        self.assertEqual(self.revision("next", "--head", "cccc")["down_revisions"], ["cccc"])

    def test_a_branch_in_the_middle_needs_splice(self):
        self.write_revision("aaaa")
        self.write_revision("bbbb", ["aaaa"])
        error = self.fail_with(2, "revision", "next", "--head", "aaaa")
        self.assertIn("--splice", error["hint"])
        self.assertEqual(self.revision("next", "--head", "aaaa", "--splice")["down_revisions"], ["aaaa"])

    def test_a_second_base_with_a_label_and_a_dependency(self):
        self.write_revision("aaaa")
        base = self.revision("billing", "--head", "base", "--branch-label", "billing", "--depends-on", "aaaa", "--rev-id", "b1")
        self.assertEqual(base["revision"], "b1")
        text = self.read(base["file"])
        self.assertIn("-- Branch-Labels: billing\n", text)
        self.assertIn("-- Depends-On: aaaa\n", text)
        self.assertEqual(self.revision("more", "--head", "billing@head")["down_revisions"], ["b1"])
        self.assertIn("-- Depends-On: billing\n", self.read(self.revision("x", "--head", "aaaa", "--depends-on", "billing")["file"]))

    def test_clashes_are_refused_before_anything_is_written(self):
        self.write_revision("aaaa", extra="-- Branch-Labels: billing\n")
        before = sorted(self.directory.rglob("*"))
        self.assertEqual(self.fail_with(1, "revision", "x", "--rev-id", "aaaa")["code"], "duplicate_revision")
        self.assertEqual(self.fail_with(1, "revision", "x", "--branch-label", "billing")["code"], "duplicate_label")
        self.assertEqual(self.fail_with(1, "revision", "x", "--rev-id", "head")["code"], "invalid_identifier")
        self.assertEqual(self.fail_with(1, "revision", "x", "--depends-on", "nowhere")["code"], "unknown_revision")
        self.assertEqual(sorted(self.directory.rglob("*")), before)

    def test_the_versions_location_is_that_of_the_parent_or_must_be_named(self):
        self.write("sluice.yaml", "versions:\n  - one\n  - two\n")
        (self.directory / "one").mkdir()
        (self.directory / "two").mkdir()
        self.assertEqual(self.fail_with(2, "revision", "x")["code"], "usage")
        first = self.revision("first", "--version-path", "two")
        self.assertTrue(first["file"].startswith("two/"))
        self.assertTrue(self.revision("second")["file"].startswith("two/"))
        self.assertEqual(self.fail_with(2, "revision", "x", "--version-path", "three")["code"], "usage")

    def test_the_editor_opens_only_when_asked(self):
        editor = self.write("editor.sh", '#!/bin/sh\necho "$@" > opened\n')
        editor.chmod(0o755)
        env = {"EDITOR": f"{editor} --wait"}
        self.succeed("revision", "quiet", env=env)
        self.assertFalse((self.directory / "opened").exists())
        written = self.succeed("revision", "a loud one", "--edit", "-o", "json", env=env).json()
        self.assertEqual(self.read("opened"), f"--wait {written['file']}\n")

    def test_edit_tells_what_is_broken_when_the_editor_is_closed(self):
        self.write_revision("aaaa")
        editor = self.write("editor.sh", '#!/bin/sh\nprintf -- "-- sluice:upgrad\\n" >> "$1"\n')
        editor.chmod(0o755)
        outcome = self.sluice("edit", "head", env={"VISUAL": str(editor)})
        self.assertEqual(outcome.code, 1)
        self.assertIn("versions/aaaa_step.sql:", outcome.err)
        self.assertIn("upgrade", outcome.err)

    def test_edit_without_an_editor_says_what_to_set(self):
        self.write_revision("aaaa")
        outcome = self.sluice("edit", "aaaa")
        self.assertEqual(outcome.code, 2)
        self.assertIn("EDITOR", outcome.err)


class MergeTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa")
        self.write_revision("bbbb", ["aaaa"])
        self.write_revision("cccc", ["aaaa"])

    def test_it_joins_all_heads(self):
        merged = self.succeed("merge", "-m", "join", "-o", "json").json()
        self.assertEqual(sorted(merged["down_revisions"]), ["bbbb", "cccc"])
        heads = self.succeed("heads", "-o", "json").json()["heads"]
        self.assertEqual([head["revision"] for head in heads], [merged["revision"]])

    def test_it_joins_what_is_named(self):
        self.write_revision("dddd", ["aaaa"])
        merged = self.succeed("merge", "cccc", "dddd", "-o", "json").json()
        self.assertEqual(merged["down_revisions"], ["cccc", "dddd"])
        self.assertIn("merge cccc and dddd", self.read(merged["file"]))

    def test_one_head_is_nothing_to_merge(self):
        self.succeed("merge")
        self.assertEqual(self.fail_with(2, "merge")["code"], "usage")

    def test_a_revision_cannot_be_merged_with_its_ancestor(self):
        error = self.fail_with(1, "merge", "aaaa", "bbbb")
        self.assertEqual(error["code"], "overlapping_targets")
        self.assertIn("aaaa is an ancestor", error["message"])


class RebaseTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa")
        self.write_revision("bbbb", ["aaaa"])
        self.write_revision("cccc", ["aaaa"])

    def test_it_rewrites_the_parent_and_nothing_else(self):
        before = self.read("versions/cccc_step.sql")
        self.succeed("rebase", "cccc", "--onto", "bbbb")
        self.assertEqual(self.read("versions/cccc_step.sql"), before.replace("-- Revises: aaaa", "-- Revises: bbbb"))
        heads = self.succeed("heads", "-o", "json").json()["heads"]
        self.assertEqual([head["revision"] for head in heads], ["cccc"])

    def test_it_says_that_nothing_tells_what_is_applied(self):
        self.assertIn("no database is configured", self.succeed("rebase", "cccc", "--onto", "bbbb").err)

    def test_a_revision_cannot_follow_itself_or_its_descendant(self):
        self.write_revision("dddd", ["cccc"])
        self.assertEqual(self.fail_with(1, "rebase", "cccc", "--onto", "dddd")["code"], "cycle")
        self.assertEqual(self.fail_with(1, "rebase", "bbbb", "--onto", "bbbb")["code"], "cycle")

    def test_the_target_must_be_a_head(self):
        self.write_revision("dddd", ["bbbb"])
        self.assertIn("not a head", self.fail_with(2, "rebase", "cccc", "--onto", "bbbb")["message"])

    def test_a_merge_stays_a_merge(self):
        self.write_revision("dddd", ["bbbb", "cccc"])
        self.write_revision("eeee", ["aaaa"])
        self.assertIn("merge", self.fail_with(2, "rebase", "dddd", "--onto", "eeee")["message"])

    def test_onto_is_needed(self):
        self.assertIn("--onto", self.fail_with(2, "rebase", "cccc")["message"])


class LookTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write_revision("aaaa", message="create tenant")
        self.write_revision("bbbb", ["aaaa"], message="add name")
        self.write_revision("cccc", ["aaaa"], message="add bills", extra="-- Branch-Labels: billing\n-- Phase: contract\n")

    def test_heads_shows_both(self):
        self.assertEqual(
            self.succeed("heads").out,
            "bbbb (head) add name\ncccc (head, contract, label billing) add bills\n",
        )

    def test_history_is_drawn(self):
        self.write_revision("dddd", ["bbbb", "cccc"], message="join")
        self.assertEqual(
            self.succeed("history").out,
            "* dddd (head, merge) join\n"
            "|\\\n"
            "| * cccc (contract, label billing) add bills\n"
            "* | bbbb add name\n"
            "|/\n"
            "* aaaa (base, branch point) create tenant\n",
        )

    def test_history_says_that_no_database_tells_what_is_applied(self):
        self.assertEqual(self.succeed("history").err, "What is applied is not shown: no database is configured\n")
        shown = self.succeed("history", "-o", "json").json()
        self.assertEqual({revision["state"] for revision in shown["revisions"]}, {None})
        self.assertEqual(shown["no_database"], "no database is configured")

    def test_history_of_a_range(self):
        shown = self.succeed("history", "-r", "aaaa:billing", "-o", "json").json()["revisions"]
        self.assertEqual([revision["revision"] for revision in shown], ["cccc", "aaaa"])
        self.assertEqual(self.fail_with(2, "history", "-r", "aaaa")["code"], "usage")

    def test_history_in_detail(self):
        self.assertIn("| Revises: aaaa\n", self.succeed("history", "-v").out)

    def test_branches_names_branch_points_and_labels(self):
        branches = self.succeed("branches", "-o", "json").json()
        self.assertEqual(branches["branch_points"], [{"revision": "aaaa", "children": ["bbbb", "cccc"]}])
        self.assertEqual(branches["labels"], [{"label": "billing", "revision": "cccc"}])

    def test_show_prints_the_script(self):
        text = self.succeed("show", "billing@head").out
        self.assertIn("File: versions/cccc_add_bills.sql\n", text)
        self.assertTrue(text.endswith(self.read("versions/cccc_add_bills.sql")))

    def test_current_needs_a_database(self):
        outcome = self.sluice("show", "current", env={"DB_HOST": str(self.directory)})
        self.assertEqual(outcome.code, 5)

    def test_a_cycle_is_printed(self):
        self.write_revision("xxxx", ["yyyy"])
        self.write_revision("yyyy", ["xxxx"])
        error = self.fail_with(1, "heads")
        self.assertEqual(error["code"], "cycle")
        self.assertTrue(re.search(r"xxxx.*yyyy.*xxxx|yyyy.*xxxx.*yyyy", error["message"]), error["message"])
        self.assertRegex(error["where"]["file"], r"versions/(xxxx|yyyy)_step\.sql")
        self.assertEqual(error["where"]["line"], 4)

    def test_what_is_wrong_with_the_graph_is_shown_where_it_is_written(self):
        self.write_revision("xxxx", ["gone"])
        self.write_revision("yyyy", ["aaaa"], extra="-- Depends-On: lost\n-- Branch-Labels: billing\n")
        outcome = self.sluice("heads")
        self.assertEqual(outcome.code, 1)
        for place in ("xxxx_step.sql:4:1", "yyyy_step.sql:5:1", "yyyy_step.sql:6:1"):
            self.assertIn(f"versions/{place}", outcome.err)
        self.assertIn("-- Depends-On: lost\n", outcome.err)


if __name__ == "__main__":
    unittest.main()
