"""The webhook before a real API server: what brings a template that isn't approved is held in the same request."""

import concurrent.futures
import copy
import hashlib
import json
import time
import unittest

from cluster import KeptCluster
from cluster.waiting import wait_until
from webhook_server import WebhookServer

OLD, NEW = "registry.example/shop/api:1", "registry.example/shop/api:2"


def template_hash(image):
    """Of a template with one container (operator/migration/gated_deployment.h)."""
    text = json.dumps([[], [["api", image]], ""], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def deployment(name, image=OLD, gated=False):
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": {"sluice.dev/gated": "true"} if gated else {}},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "api", "image": image}]}},
        },
    }


class WebhookTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = KeptCluster(control=True)
        cls.addClassCleanup(cls.cluster.close)
        cls.webhook = WebhookServer(cls.cluster)
        cls.addClassCleanup(cls.webhook.close)
        cls.cluster.make_namespace("shop")
        _, namespace, account = cls.webhook.user.rsplit(":", 2)
        cls.cluster.kubectl(
            "create", "clusterrolebinding", "operator", "--clusterrole=cluster-admin", f"--serviceaccount={namespace}:{account}"
        )  # fmt: skip

    def kubectl(self, *words, **more):
        return self.cluster.kubectl("-n", "shop", *words, **more)

    def get(self, name):
        return json.loads(self.kubectl("get", "deployment", name, "-o", "json"))

    def as_operator(self, name, patch):
        self.kubectl("patch", "deployment", name, "--as", self.webhook.user, "--type=merge", "-p", json.dumps(patch))

    def adopted(self, name):
        self.kubectl("create", "-f", "-", text=json.dumps(deployment(name)))
        marks = {"sluice.dev/gated-by": "api", "sluice.dev/approved": template_hash(OLD)}
        self.as_operator(name, {"metadata": {"labels": {"sluice.dev/gated": "true"}, "annotations": marks}})
        self.images(name)
        return name

    def images(self, name):
        """Of the ReplicaSets, once the controller has seen the Deployment as it is."""

        def seen():
            found = self.get(name)
            return found.get("status", {}).get("observedGeneration") == found["metadata"]["generation"]

        wait_until(seen, f"the controller to see {name}")
        sets = json.loads(self.kubectl("get", "replicasets", "-l", f"app={name}", "-o", "json"))["items"]
        return sorted(one["spec"]["template"]["spec"]["containers"][0]["image"] for one in sets)

    def assert_held(self, name, images=(OLD,)):
        found = self.get(name)
        self.assertTrue(found["spec"].get("paused"), found)
        mark = found["metadata"]["annotations"]["sluice.dev/paused"]
        self.assertEqual(mark.split("@")[0], template_hash(NEW))
        self.assertEqual(self.images(name), list(images))
        self.webhook.reviews_until(f"paused shop/{name}")
        return found

    def test_set_image_is_held_until_the_operator_lets_it_go(self):
        name = self.adopted("set-image")
        done = self.cluster.kubectl("-n", "shop", "set", "image", f"deployment/{name}", f"api={NEW}", check=False)
        self.assertIn("sluice: the new template is held", done.stderr)
        self.assert_held(name)
        self.kubectl("rollout", "resume", f"deployment/{name}")
        self.webhook.reviews_until(f"paused shop/{name}")
        self.assertEqual(self.images(name), [OLD])
        marks = {"sluice.dev/paused": None, "sluice.dev/approved": f"{template_hash(OLD)},{template_hash(NEW)}"}
        self.as_operator(name, {"spec": {"paused": None}, "metadata": {"annotations": marks}})
        self.assertEqual(self.images(name), [OLD, NEW])

    def test_client_side_apply(self):
        applied = deployment("apply")
        self.kubectl("apply", "-f", "-", text=json.dumps(applied))
        marks = {"sluice.dev/gated-by": "api", "sluice.dev/approved": template_hash(OLD)}
        self.as_operator("apply", {"metadata": {"labels": {"sluice.dev/gated": "true"}, "annotations": marks}})
        self.kubectl("apply", "-f", "-", text=json.dumps(deployment("apply", NEW)))
        self.assert_held("apply")

    def test_server_side_apply(self):
        def apply(image):
            applied = deployment("ssa", image)
            self.kubectl("apply", "--server-side", "--field-manager=helm", "-f", "-", text=json.dumps(applied))

        apply(OLD)
        marks = {"sluice.dev/gated-by": "api", "sluice.dev/approved": template_hash(OLD)}
        self.as_operator("ssa", {"metadata": {"labels": {"sluice.dev/gated": "true"}, "annotations": marks}})
        apply(NEW)
        self.assert_held("ssa")
        apply(NEW)  # what the webhook wrote isn't the manager's, so it stays
        self.assertTrue(self.get("ssa")["spec"]["paused"])
        self.assertEqual(self.images("ssa"), [OLD])

    def test_replace_drops_no_mark(self):
        name = self.adopted("replace")
        self.kubectl("replace", "-f", "-", text=json.dumps(deployment(name, NEW)))
        found = self.assert_held(name)
        self.assertEqual(found["metadata"]["labels"]["sluice.dev/gated"], "true")
        self.assertEqual(found["metadata"]["annotations"]["sluice.dev/approved"], template_hash(OLD))
        self.assertEqual(found["metadata"]["annotations"]["sluice.dev/gated-by"], "api")

    def test_create_with_the_label(self):
        self.kubectl("create", "-f", "-", text=json.dumps(deployment("create", NEW, gated=True)))
        self.assert_held("create", images=())

    def test_going_back_while_held_lets_it_go_in_the_same_request(self):
        name = self.adopted("back")
        self.kubectl("set", "image", f"deployment/{name}", f"api={NEW}")
        held = self.assert_held(name)
        back = copy.deepcopy(held)
        back["spec"]["template"]["spec"]["containers"][0]["image"] = OLD
        del back["metadata"]["resourceVersion"]
        self.kubectl("replace", "-f", "-", text=json.dumps(back))
        found = self.get(name)
        self.assertFalse(found["spec"].get("paused"), found)
        self.assertNotIn("sluice.dev/paused", found["metadata"]["annotations"])
        self.assertEqual(self.images(name), [OLD])
        self.webhook.reviews_until(f"unpaused shop/{name}")

    def test_what_changes_no_image_is_not_held(self):
        """Scaling and labels never come to the webhook; a restart does, and passes."""
        name = self.adopted("restart")
        self.kubectl("scale", f"deployment/{name}", "--replicas=3")
        self.kubectl("label", f"deployment/{name}", "team=shop")
        self.kubectl("create", "-f", "-", text=json.dumps(deployment("after", NEW, gated=True)))
        self.assertNotIn(f"left shop/{name}", self.webhook.reviews_until("paused shop/after"))
        self.kubectl("rollout", "restart", f"deployment/{name}")
        self.webhook.reviews_until(f"left shop/{name}")
        self.assertEqual(self.images(name), [OLD, OLD])
        found = self.get(name)
        self.assertEqual(found["spec"]["replicas"], 3)
        self.assertFalse(found["spec"].get("paused"), found)

    def test_breaking_the_glass(self):
        name = self.adopted("glass")
        self.kubectl("set", "image", f"deployment/{name}", f"api={NEW}")
        self.assert_held(name)
        self.kubectl("annotate", f"deployment/{name}", "sluice.dev/gate=open")
        self.webhook.reviews_until(f"unpaused shop/{name}")
        self.assertEqual(self.images(name), [OLD, NEW])

    def lost_calls(self, at_once):
        """How many of so many writes passed without the webhook's word."""

        def is_lost(number):
            path = "/apis/apps/v1/namespaces/shop/deployments?dryRun=All"
            written = self.cluster.api.request("POST", path, deployment(f"call-{number}", NEW, gated=True))
            return not written["spec"].get("paused")

        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            return sum(pool.map(is_lost, range(at_once)))

    def test_no_call_is_lost_on_a_connection_that_is_kept(self):
        self.assertEqual(self.lost_calls(at_once=20), 0)
        time.sleep(3.1)  # HttpsServer's own idle time: here only the API server closes what nobody asks on
        for _ in range(10):
            self.assertEqual(self.lost_calls(at_once=20), 0)
        # More than half of the webhook's connections: it says that those beyond it end, and the next ones are new.
        for _ in range(3):
            self.assertEqual(self.lost_calls(at_once=160), 0)


if __name__ == "__main__":
    unittest.main()
