"""`sluice wait --until-no-other-pods`, against an API server that says what each test wants."""

import json
import signal
import subprocess
import unittest

from kube_server import KubeServer, pod, pod_list
from server_project import ServerProjectTest
from sluice_project import SLUICE, ProjectTest

NEW, OLD = "shop/api:2", "shop/api:1"
WAIT = ("wait", "--until-no-other-pods", "app=api", "--image", NEW)


class OtherPodsTest(ProjectTest):
    def serve(self, *answers):
        """A server that gives these answers in turn, the last one again and again."""
        left = list(answers)

        def answer(_path, _query):
            return left.pop(0) if len(left) > 1 else left[0]

        server = KubeServer(answer)
        self.addCleanup(server.close)
        self.environment["KUBECONFIG"] = server.kubeconfig()
        return server

    def refused(self, code, *arguments):
        """Runs to a failure with this exit code, perhaps after some waiting; the error."""
        outcome = self.sluice(*arguments, "-o", "json")
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        return outcome.json()["error"]

    def test_needs_no_database_and_no_scripts(self):
        server = self.serve((200, pod_list(pod("a", NEW))))
        outcome = self.succeed(*WAIT)
        self.assertRegex(outcome.out, r"^No pod with another image than shop/api:2 is left \(waited \d+ ms; 1 pod of app=api ")
        path, query, headers = server.requests[0]
        self.assertEqual(path, "/api/v1/namespaces/shop/pods")
        self.assertEqual(query, {"labelSelector": "app=api", "limit": "500"})
        self.assertTrue(headers["User-Agent"].startswith("sluice "), headers)

    def test_waits_for_pods_that_are_ending_page_by_page(self):
        server = self.serve(
            (200, pod_list(pod("a", NEW), follows="page-2")),
            (200, pod_list(pod("b", OLD, terminating=True))),
            (200, pod_list(pod("a", NEW))),
        )
        outcome = self.succeed(*WAIT)
        self.assertIn("for b (shop/api:1, terminating since 2026-11-26T11:16:00Z)", outcome.err)
        self.assertEqual(server.requests[1][1]["continue"], "page-2")

    def test_says_what_is_left_when_the_time_is_spent(self):
        self.serve((200, pod_list(pod("b", OLD), pod("done", OLD, phase="Succeeded"))))
        outcome = self.sluice(*WAIT, "--timeout", "1s", "-o", "json")
        self.assertEqual(outcome.code, 4)
        answer = outcome.json()
        self.assertEqual(answer["error"]["code"], "not_up_to_date")
        self.assertEqual(
            answer["pods"],
            {"namespace": "shop", "selector": "app=api", "image": NEW, "container": "", "matching": 1,
             "others": [{"name": "b", "images": [OLD], "phase": "Running", "terminating_since": None}]},
        )  # fmt: skip
        self.assertGreaterEqual(answer["waited_milliseconds"], 1000)

    def test_progress_as_json(self):
        self.serve((200, pod_list(pod("b", OLD))), (200, pod_list()))
        outcome = self.succeed(*WAIT, "--log-format", "json")
        event = json.loads(outcome.err.splitlines()[0])
        self.assertEqual((event["event"], event["text"]), ("waiting_for_pods", "b (shop/api:1)"))
        self.assertIn("no pod at all", outcome.out)

    def test_of_several_containers_one_may_be_named(self):
        self.serve((200, pod_list(pod("a", NEW, sidecar="mesh/proxy:7"))))
        self.assertIn("--container", self.refused(4, *WAIT, "--timeout", "1ms")["hint"])
        self.succeed(*WAIT, "--container", "app")

    def test_another_namespace(self):
        server = self.serve((200, pod_list()))
        self.succeed(*WAIT, "--namespace", "else/where")
        self.assertEqual(server.requests[0][0], "/api/v1/namespaces/else%2Fwhere/pods")

    def test_a_missing_permission_names_the_role(self):
        refusal = {"kind": "Status", "code": 403, "message": 'pods is forbidden: User "x" cannot list resource "pods"'}
        self.serve((403, refusal))
        error = self.refused(1, *WAIT, "--timeout", "1s")
        self.assertEqual(error["code"], "permission")
        self.assertIn("pods is forbidden", error["message"])
        self.assertIn("Role in namespace shop", error["hint"])

    def test_a_refused_token_is_not_shown(self):
        server = self.serve((200, pod_list()))
        self.environment["KUBECONFIG"] = server.kubeconfig(token="hunter2hunter2")
        outcome = self.sluice(*WAIT, "--timeout", "100ms")
        self.assertEqual(outcome.code, 1)
        self.assertIn("Unauthorized", outcome.err)
        self.assertNotIn("hunter2", outcome.err + outcome.out)

    def test_a_server_that_is_away_is_waited_for(self):
        server = self.serve((503, {}), (200, pod_list()))
        self.assertIn("Kubernetes: Kubernetes says no (503)", self.succeed(*WAIT).err)
        config = server.kubeconfig()
        text = open(config, encoding="utf-8").read().replace(str(server.port), "1")
        open(config, "w", encoding="utf-8").write(text)
        error = self.refused(5, *WAIT, "--timeout", "1s")
        self.assertEqual(error["code"], "unreachable")
        self.assertIn("127.0.0.1:1", error["message"])

    def test_a_server_that_is_not_trusted_is_an_error_at_once(self):
        server = self.serve((200, pod_list()))
        self.environment["KUBECONFIG"] = server.kubeconfig(authority=False)
        error = self.refused(2, *WAIT)
        self.assertIn("certificate", error["message"])
        self.assertEqual(server.requests, [])

    def test_a_pod_without_a_token_says_so(self):
        self.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
        error = self.refused(2, *WAIT)
        self.assertIn("no service account token is mounted", error["message"])

    def test_outside_of_kubernetes_it_says_so(self):
        self.assertIn("nothing says where Kubernetes is", self.refused(2, *WAIT)["message"])

    def test_words_that_dont_go_together(self):
        for words in (
            ("--until-no-other-pods", "app=api"),
            ("--image", NEW),
            ("--container", "app"),
            ("--until-no-other-pods", "app=a=b", "--image", NEW),
            ("--until-no-other-pods", " ", "--image", NEW),
            ("--until-no-other-pods", "app=api", "--image", NEW, "--phase", "expand"),
        ):
            self.assertEqual(self.refused(2, "wait", *words)["code"], "usage", words)

    def test_sigterm_ends_it(self):
        self.serve((200, pod_list(pod("b", OLD))))
        process = subprocess.Popen(
            [SLUICE, *WAIT], cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        self.assertIn("waiting since", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 143)


class OtherPodsAndRevisionsTest(ServerProjectTest):
    def test_with_for_it_waits_for_both(self):
        server = KubeServer(lambda _path, _query: (200, pod_list(pod("a", NEW))))
        self.addCleanup(server.close)
        self.environment["KUBECONFIG"] = server.kubeconfig()
        self.succeed("init")
        self.succeed("revision", "one")
        outcome = self.sluice(*WAIT, "--for", "heads", "--timeout", "300ms", "-o", "json")
        self.assertEqual(outcome.code, 4)
        self.assertEqual(len(outcome.json()["missing"]), 1)
        self.assertNotIn("pods", outcome.json())
        self.succeed("upgrade")
        answer = self.succeed(*WAIT, "--for", "heads", "-o", "json").json()
        self.assertEqual(answer["missing"], [])
        self.assertEqual(answer["pods"]["matching"], 1)
        text = self.succeed(*WAIT, "--for", "heads").out
        self.assertIn("The database has what is needed", text)
        self.assertIn("No pod with another image", text)


if __name__ == "__main__":
    unittest.main()
