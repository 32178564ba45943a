"""Files that are older than the database: what `heads` means then, for an image that a rollback has brought back."""

import unittest

from server_project import ServerProjectTest

class OlderFilesTest(ServerProjectTest):
    """The database is at bbbb1; the files end with aaaa1."""

    def setUp(self):
        super().setUp()
        self.write_revision("aaaa1", up="CREATE TABLE tenant (id int);", down="DROP TABLE tenant;")

    def move_on(self, phase="expand"):
        newer = self.write_revision("bbbb1", ["aaaa1"], up="ALTER TABLE tenant ADD COLUMN a int;",
                                    down="ALTER TABLE tenant DROP COLUMN a;", extra=f"-- Phase: {phase}\n")  # fmt: skip
        self.succeed("upgrade")
        newer.unlink()

    def test_an_older_program_works_beside_expand_revisions(self):
        self.move_on()
        self.assertIn("works on the database", self.succeed("check", "--for", "heads").out)

    def test_an_older_program_does_not_work_behind_a_contract_revision(self):
        self.move_on(phase="contract")
        outcome = self.sluice("check", "--for", "heads")
        self.assertEqual(outcome.code, 4)
        self.assertIn("contract revision bbbb1 was applied since", outcome.out)

    def test_a_downgrade_to_heads_goes_back_to_the_last_of_the_files(self):
        self.move_on()
        self.succeed("downgrade", "heads")
        self.assertEqual(self.succeed("current", "-o", "json").json()["rows"], ["aaaa1"])
        self.assertIn("othing to do", self.succeed("downgrade", "heads").out)

if __name__ == "__main__":
    unittest.main()
