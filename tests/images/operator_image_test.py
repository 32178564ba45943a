"""The image of the operator: what is in it, what is not, and how large it is."""

import unittest

import images
from image_case import ImageCase


class OperatorImageTest(ImageCase, unittest.TestCase):
    program = "sluice-operator"
    build = staticmethod(images.operator)
    most_compressed = 9_000_000

    def test_the_program_prints_the_resource(self):
        done = self.run_program("crd")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("kind: CustomResourceDefinition", done.stdout)

    def test_it_has_nothing_of_the_migrators(self):
        self.assertEqual([name for name in self.files() if "libpq" in name or "migrations" in name], [])


if __name__ == "__main__":
    unittest.main()
