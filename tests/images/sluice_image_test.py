"""The image of Sluice: what is in it, what is not, how large it is, and that it is the same each time."""

import unittest

import images
from image_case import ImageCase


class SluiceImageTest(ImageCase, unittest.TestCase):
    program = "sluice"
    build = staticmethod(images.sluice)
    most_compressed = 11_000_000
    directory = "/migrations"
    packages = (*ImageCase.packages, "libpq5")

    def test_the_program_that_asks_kubernetes_is_in_it(self):
        done = self.run_program("wait", "--until-no-other-pods", "app=shop", "--image", "shop:1")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("Kubernetes", done.stderr)

    def test_it_says_in_one_line_that_there_are_no_scripts(self):
        done = self.run_program()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn("/migrations/versions", done.stderr)

    def test_the_same_tree_gives_the_same_image(self):
        self.assertEqual(images.OciArchive(images.sluice(again=True)).digest, self.image.digest)


if __name__ == "__main__":
    unittest.main()
