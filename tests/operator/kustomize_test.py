"""The operator without Helm (`kubectl apply -k deploy/operator`), and that each of its permissions is needed and enough."""

import shutil
import tempfile
from pathlib import Path

import images
import yaml
from chart_release import ADD_TITLE, DROP_NAME, TENANTS
from cluster.testing import shared_cluster
from operated import ACCOUNT, OPERATOR_NAMESPACE, ROOT, GatedTest

# What no request of the operator shows on this API server.
UNSEEN = {
    # Asked for when a Job's owner is to wait for it (OwnerReferencesPermissionEnforcement, which is on here).
    ("sluice.dev", "schemamigrations/finalizers", "update"),
    # Where the server offers no watch that begins with all there is (before 1.32).
    ("sluice.dev", "schemamigrations", "list"),
    ("batch", "jobs", "list"),
}


def permissions():
    """(group, resource, verb) of each that the operator's account gets."""
    found = set()
    for document in yaml.safe_load_all((ROOT / "deploy/operator/rbac.yaml").read_text(encoding="utf-8")):
        people = any("/aggregate-to-" in label for label in document["metadata"].get("labels", {}))
        for rule in () if people else document.get("rules", ()):
            found |= {
                (group, resource, verb) for group in rule["apiGroups"] for resource in rule["resources"] for verb in rule["verbs"]
            }  # fmt: skip
    return found


class KustomizeTest(GatedTest):
    @classmethod
    def start_operator(cls):
        cluster = shared_cluster()
        cluster.load_image(images.archive(images.OPERATOR))
        cls.folder = Path(tempfile.mkdtemp(prefix="sluice-kustomize-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        shutil.copytree(ROOT / "deploy/operator", cls.folder, dirs_exist_ok=True)
        for path in (cls.folder / "kustomization.yaml", cls.folder / "uninstall/kustomization.yaml"):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            name, tag = images.OPERATOR.rsplit(":", 1)
            content["images"][0].update(newName=name, newTag=tag)
            path.write_text(yaml.safe_dump(content), encoding="utf-8")
        # What another test has left there, the operator need not make.
        cluster.kubectl("delete", "mutatingwebhookconfigurations", "--all")
        cluster.kubectl("-n", OPERATOR_NAMESPACE, "delete", "leases,secrets", "--all")
        _, cls.audited = cluster.requests_of(f"{OPERATOR_NAMESPACE}:{ACCOUNT}")
        cluster.kubectl("apply", "-k", cls.folder)
        cls.addClassCleanup(cls.take_away)
        cluster.kubectl("-n", OPERATOR_NAMESPACE, "rollout", "status", f"deployment/{ACCOUNT}", "--timeout=120s")

    @classmethod
    def take_away(cls):
        """All but the CRD, whose resources would go with it."""
        (cls.folder / "crd.yaml").write_text("", encoding="utf-8")
        shared_cluster().kubectl("delete", "-k", cls.folder, "--ignore-not-found", check=False)

    def explained(self):
        return self.cluster.kubectl("-n", OPERATOR_NAMESPACE, "logs", "--prefix", "-l", "app.kubernetes.io/name=sluice-operator", "--tail=60")

    def used(self):
        """As `permissions`, and what was refused."""
        asked, _ = self.cluster.requests_of(f"{OPERATOR_NAMESPACE}:{ACCOUNT}", self.audited)
        used, refused = set(), set()
        for each in asked:
            what = each["objectRef"]
            resource = "/".join(filter(None, (what["resource"], what.get("subresource"))))
            (refused if each["responseStatus"]["code"] == 403 else used).add((what.get("apiGroup", ""), resource, each["verb"]))
        # Everybody may ask who he is.
        return used - {("authentication.k8s.io", "selfsubjectreviews", "create")}, refused

    def test_it_works_with_no_more_permissions_than_it_uses(self):
        self.publish("2", TENANTS, ADD_TITLE, DROP_NAME)
        # A Job that can't begin is taken back when something else is wanted.
        self.change(image=self.image_of("missing"))
        self.await_phase("Planning", reason="PodNotStarted")
        self.apply(*self.serving("2", query="SELECT count(title) FROM tenant"))
        self.assertTrue(self.deployment()["spec"]["paused"])
        self.change(image=self.image_of("2"))
        self.await_phase("Ready")
        self.assertEqual(self.rows(), ["a3"])
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        # Nobody makes the schema of this one: it is held, until the operator is taken away.
        self.apply(*self.serving("3"))
        self.assertTrue(self.deployment()["spec"]["paused"])
        here = ("-n", OPERATOR_NAMESPACE)
        self.cluster.kubectl("apply", "-k", self.folder / "uninstall")
        self.cluster.kubectl(*here, "wait", "--for=condition=Complete", f"job/{ACCOUNT}-release", "--timeout=2m")
        self.cluster.kubectl(*here, "delete", f"job/{ACCOUNT}-release", f"deployment/{ACCOUNT}")
        self.assertNotIn("paused", self.deployment()["spec"])
        self.kubectl("rollout", "status", "deployment/shop", "--timeout=60s")
        self.assertEqual((len(self.new_pods("2")), self.new_pods("3")), (2, []))
        used, refused = self.used()
        self.assertEqual(refused, set())
        self.assertEqual(permissions() - used - UNSEEN, set())
        self.assertEqual(used - permissions(), set())
