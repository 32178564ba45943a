"""Init containers alone, without a hook: the pods migrate before they serve."""

import urllib.error
import urllib.request

from cluster import wait_until
from release import ADD_COLUMN, TABLES, ReleaseTest
from sql_session import SqlSession


class InitContainersTest(ReleaseTest):
    def ask(self, path="/"):
        """The status and the text of the Service's answer; None when nobody answers."""
        address = self.get("services", "api")["spec"]["clusterIP"]
        try:
            with urllib.request.urlopen(f"http://{address}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None

    def rolled_out(self):
        self.kubectl("rollout", "status", "deployment/api", "--timeout=180s")

    def containers(self, kind="initContainerStatuses"):
        return [each for pod in self.get("pods") for each in pod["status"].get(kind, [])]

    def test_of_five_one_migrates_and_none_serves_before_the_schema_is_there(self):
        self.migrate_from_here(TABLES)
        image = self.migrator(TABLES, ADD_COLUMN)
        query = "SELECT count(webhook) FROM tenant"
        with SqlSession(self.server, self.name) as holder:
            holder.run("BEGIN; SELECT FROM tenant")
            self.apply(*self.service(5, image, "upgrade", "--lock-budget", "20m", query=query))
            # All five have begun, and wait: one for the table, the others for that one.
            wait_until(lambda: len([each for each in self.containers() if "running" in each["state"]]) == 5, "five begin")
            self.assertIsNone(self.ask("/alive"))
        self.rolled_out()
        self.assertEqual(self.run_outcomes(), ["done", "done"])
        self.assertEqual({line.split("|")[1] for line in self.done_parts()}, {"1"})
        # kube-proxy takes a moment to know the pods.
        wait_until(self.ask, "the Service answers")
        self.assertEqual(self.ask()[0], 200)
        self.assertNotIn("failed", self.kubectl("logs", "-l", "app=api", "-c", "api", "--tail=-1"))
        self.assertEqual([each["restartCount"] for each in self.containers()], [0] * 5)

    def test_an_old_image_starts_again_beside_a_newer_schema(self):
        old = self.migrator(TABLES)
        self.apply(*self.service(2, old, "upgrade", "--ahead", "ok"))
        self.rolled_out()
        self.migrate_from_here(TABLES, ADD_COLUMN)
        self.kubectl("rollout", "restart", "deployment/api")
        self.rolled_out()
        self.assertEqual(self.server.psql(self.name, "SELECT version_num FROM alembic_version"), ["a2"])

    def test_without_a_database_they_wait_and_then_go_on(self):
        image = self.migrator(TABLES)
        self.server.stop("immediate")
        try:
            self.apply(*self.service(3, image, "upgrade", "--wait-for-database", "10m"))
            wait_until(lambda: self.waiting() == 3, "three wait for the database")
        finally:
            self.server.start()
        self.rolled_out()
        self.assertEqual({line.split("|")[1] for line in self.done_parts()}, {"1"})
        self.assertEqual([each["restartCount"] for each in self.containers()], [0] * 3)

    def waiting(self):
        logs = [
            self.kubectl("logs", pod["metadata"]["name"], "-c", "migrate", check=False).stdout for pod in self.get("pods")
        ]  # fmt: skip
        return sum("waiting for the database" in log.lower() for log in logs)
