"""The image under the restricted Pod Security level: as the only thing in a pod that may do nothing else."""

import images
from release import TABLES, ReleaseTest


class ImageTest(ReleaseTest):
    def container_state(self, job):
        [pod] = self.pods_of(job)
        return pod["status"]["containerStatuses"][0]["state"]["terminated"]

    def test_it_migrates_as_its_own_user_on_a_root_that_is_read_only(self):
        self.apply(self.job("migrate", self.migration(self.migrator(TABLES))))
        self.wait_for_job("migrate")
        self.assertEqual(self.done_parts(), ["a1 upgrade 1|1"])

    def test_arguments_are_the_command_line(self):
        self.apply(self.job("status", self.migration(self.migrator(TABLES), "plan", "-o", "json")))
        self.wait_for_job("status")
        self.assertIn('"a1"', self.log_of("job/status"))
        self.assertEqual(self.server.psql(self.name, "SELECT to_regclass('alembic_version')"), [""])

    def test_without_scripts_it_says_so_in_one_line(self):
        self.apply(self.job("empty", self.migration(self.image(images.SLUICE)), retries=0))
        self.wait_for_job("empty", "Failed")
        lines = self.log_of("job/empty").strip().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("/migrations/versions", lines[0])
        self.assertEqual(self.container_state("empty")["exitCode"], 1)

    def test_nothing_to_do_leaves_no_record(self):
        self.migrate_from_here(TABLES)
        self.apply(self.job("nothing", self.migration(self.migrator(TABLES))))
        self.wait_for_job("nothing")
        self.assertEqual(self.run_outcomes(), ["done"])
