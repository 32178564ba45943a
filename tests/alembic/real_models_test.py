"""The SQLAlchemy models of prefect and mlflow, declared against what their imported revisions build.

Each difference is explained: it is theirs (the models say something that no revision does, or the other way round). What
the models say that PostgreSQL refuses is taken out by models_ddl.py, with the reason.
"""

import json

import real_packages
from finished_scripts import finish
from import_project import ImportedProjectTest

EXPLAINED = {
    "prefect": {},
    "mlflow": {},
}


def described(one):
    """`changed column flow.name (default)`."""
    name = f"{one['parent']}.{one['name']}" if one["parent"] else one["name"]
    changed = ", ".join(sorted(one["attributes"].keys() - {"position"}))
    changes = f" ({changed})" if one["change"] == "changed" else ""
    return f"{one['change']} {one['kind']} {name}{changes}"


class RealModelsTest(ImportedProjectTest):
    def test_models_and_revisions_differ_as_explained(self):
        for make in (real_packages.prefect, real_packages.mlflow):
            package = make()
            with self.subTest(package.name):
                self.assertEqual(self.differences(package), sorted(EXPLAINED[package.name]))

    def differences(self, package):
        self.python = package.python
        versions = f"{package.name}/versions"
        self.import_alembic(package.folder, "--versions", versions, **real_packages.NOWHERE)
        finish(self.directory / versions, package.ported)
        database = self.server.create_database()
        self.server.psql(database, package.first_ddl())
        self.sluice_at(database, "upgrade", "heads", "--versions", versions)
        (self.directory / "models.sql").write_text(package.ddl())
        words = ("diff", self.server.url(database), "models.sql", "-o", "json", "--allow-destructive")
        found = json.loads(self.sluice(*words))["differences"]
        return sorted(described(one) for one in found if one["attributes"].keys() != {"position"})
