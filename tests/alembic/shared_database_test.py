"""One database, migrated by Alembic and by Sluice in turn: what one writes, the other reads."""

import json
import unittest

from alembic_project import SharedProjectTest

LONG = "a_revision_whose_id_is_longer_than_32_characters"


class ChainTest(SharedProjectTest):
    def setUp(self):
        super().setUp()
        self.revision("aaaa1111")
        self.revision("bbbb2222", "aaaa1111")
        self.revision("cccc3333", "bbbb2222")

    def test_sluice_goes_on_where_alembic_stopped(self):
        self.alembic("upgrade", "bbbb2222")
        self.sluice("upgrade")
        self.assertEqual(self.rows(), ["cccc3333"])
        self.assertEqual(self.tables(), ["t_aaaa1111", "t_bbbb2222", "t_cccc3333"])
        self.assertEqual(self.alembic_current(), ["cccc3333"])

    def test_alembic_goes_on_where_sluice_stopped(self):
        self.sluice("upgrade", "aaaa1111")
        self.alembic("upgrade", "head")
        self.assertEqual(self.rows(), ["cccc3333"])
        self.assertIn("nothing to do", self.sluice("upgrade").lower())

    def test_adopting_a_database_of_alembic_needs_no_stamp(self):
        self.alembic("upgrade", "head")
        status = json.loads(self.sluice("status", "-o", "json"))
        self.assertEqual(status["rows"], ["cccc3333"])
        self.assertEqual(status["pending"], [])
        self.assertEqual(self.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'sluice'"), ["0"])

    def test_what_alembic_applied_sluice_takes_back_with_the_file_and_says_so(self):
        self.alembic("upgrade", "head")
        said = self.sluice("downgrade")
        self.assertIn("cccc3333", said)
        self.assertIn("was not applied by Sluice", said)
        self.assertIn("versions/cccc3333_test.sql", said)
        self.assertEqual(self.rows(), ["bbbb2222"])
        self.assertEqual(self.tables(), ["t_aaaa1111", "t_bbbb2222"])

    def test_what_sluice_applied_alembic_takes_back(self):
        self.sluice("upgrade")
        self.alembic("downgrade", "-1")
        self.assertEqual(self.rows(), ["bbbb2222"])
        # Sluice remembers it as applied by itself; the version rows decide.
        status = json.loads(self.sluice("status", "-o", "json"))
        self.assertEqual([one["revision"] for one in status["pending"]], ["cccc3333"])
        self.sluice("upgrade")
        self.assertEqual(self.tables(), ["t_aaaa1111", "t_bbbb2222", "t_cccc3333"])

    def test_they_take_turns_down_to_base_and_up_again(self):
        self.sluice("upgrade", "+1")
        self.alembic("upgrade", "+1")
        self.sluice("upgrade", "+1")
        self.alembic("downgrade", "-1")
        self.sluice("downgrade", "-1")
        self.alembic("downgrade", "base")
        self.assertEqual(self.rows(), [])
        self.assertEqual(self.tables(), [])
        self.sluice("upgrade")
        self.sluice("downgrade", "base")
        self.assertEqual(self.alembic_current(), [])
        self.alembic("upgrade", "head")
        self.assertEqual(self.tables(), ["t_aaaa1111", "t_bbbb2222", "t_cccc3333"])

    def test_a_stamp_of_one_is_where_the_other_starts(self):
        self.alembic("stamp", "bbbb2222")
        self.sluice("upgrade")
        self.assertEqual(self.tables(), ["t_cccc3333"])
        self.sluice("stamp", "aaaa1111")
        self.assertEqual(self.alembic_current(), ["aaaa1111"])


class BranchesTest(SharedProjectTest):
    def setUp(self):
        super().setUp()
        self.revision("aaaa1111")
        self.revision("bbbb2222", "aaaa1111")
        self.revision("cccc3333", "aaaa1111")

    def test_both_rows_of_two_branches_are_read(self):
        self.alembic("upgrade", "heads")
        status = json.loads(self.sluice("status", "-o", "json"))
        self.assertEqual(status["rows"], ["bbbb2222", "cccc3333"])
        self.sluice("downgrade", "bbbb2222@-1")
        self.assertEqual(self.alembic_current(), ["cccc3333"])

    def test_both_rows_of_two_branches_are_written(self):
        self.sluice("upgrade", "heads")
        self.assertEqual(self.alembic_current(), ["bbbb2222", "cccc3333"])
        self.alembic("downgrade", "base")
        self.assertEqual(self.tables(), [])

    def test_a_merge_joins_the_rows_and_parts_them_again(self):
        self.revision("dddd4444", "bbbb2222", "cccc3333", tables=False)
        self.alembic("upgrade", "bbbb2222")
        self.sluice("upgrade", "cccc3333")
        self.assertEqual(self.rows(), ["bbbb2222", "cccc3333"])
        self.alembic("upgrade", "head")
        self.assertEqual(self.rows(), ["dddd4444"])
        self.sluice("downgrade", "bbbb2222")
        self.assertEqual(self.rows(), ["bbbb2222", "cccc3333"])
        self.sluice("upgrade")
        self.assertEqual(self.alembic_current(), ["dddd4444"])

    def test_a_dependency_is_a_row_while_nothing_depends_on_it(self):
        self.revision("eeee5555", depends_on="bbbb2222")
        self.alembic("upgrade", "bbbb2222")
        self.sluice("upgrade", "eeee5555")
        self.assertEqual(self.rows(), ["eeee5555"])
        self.alembic("downgrade", "eeee5555@base")
        self.assertEqual(self.rows(), ["bbbb2222"])


class LongIdentifierTest(SharedProjectTest):
    def test_the_column_is_widened_and_alembic_works_on(self):
        self.revision("aaaa1111")
        self.revision(LONG, "aaaa1111")
        self.revision("bbbb2222", LONG)
        self.alembic("upgrade", "aaaa1111")
        self.sluice("upgrade", LONG)
        self.assertEqual(self.rows(), [LONG])
        self.assertEqual(self.alembic_current(), [LONG])
        self.alembic("upgrade", "head")
        self.alembic("downgrade", LONG)
        self.assertEqual(self.rows(), [LONG])
        self.sluice("downgrade")
        self.alembic("upgrade", "head")
        self.assertEqual(self.rows(), ["bbbb2222"])

    def test_a_table_that_sluice_made_holds_ids_that_alembics_own_could_not(self):
        self.revision(LONG)
        self.sluice("upgrade")
        self.alembic("downgrade", "base")
        self.alembic("upgrade", "head")
        self.assertEqual(self.rows(), [LONG])


if __name__ == "__main__":
    unittest.main()
