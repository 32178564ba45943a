"""Who writes, who holds and what changes: scenes that mostly wait, so they are played side by side."""

from changes_scenes import ChangesScenes
from held_scenes import HeldScenes
from helm_scenes import HelmScenes
from objects_chart import objects_chart
from operated import GatedTest, OperatedTest

RESOURCE_FIRST, DEPLOYMENT_FIRST = True, False


class ScenesTest(HelmScenes, HeldScenes, ChangesScenes, GatedTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.objects_chart = cls.enterClassContext(objects_chart())

    def setUp(self):
        OperatedTest.setUp(self)  # not every scene begins with a first release, and some have it from Helm

    def test_scenes(self):
        self.together(
            # With 60 seconds between the two writes: the longest come first.
            lambda scene: scene.in_two_releases("helm", [(DEPLOYMENT_FIRST, 60), (RESOURCE_FIRST, 0)]),
            lambda scene: scene.in_two_releases("helm3", [(RESOURCE_FIRST, 30), (DEPLOYMENT_FIRST, 5)]),
            lambda scene: scene.in_one_release("helm"),
            lambda scene: scene.in_one_release("helm3"),
            ScenesTest.old_pods_come_back,
            ScenesTest.a_release_in_the_middle_of_a_rollout,
            ScenesTest.two_databases,
            ScenesTest.in_the_middle_of_a_run,
            ScenesTest.another_database,
            ScenesTest.another_name,
            ScenesTest.by_different_secrets,
            ScenesTest.many_revisions,
            at_once=4,
        )
