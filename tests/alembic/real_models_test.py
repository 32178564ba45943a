"""The SQLAlchemy models of prefect and mlflow, declared against what their imported revisions build.

Every difference is explained, and all of them are theirs: the models say something that no revision does, or the other way
round. What the models say that PostgreSQL refuses is taken out by models_ddl.py, with the reason.
"""

import json
import re

import real_packages
from finished_scripts import finish
from import_project import ImportedProjectTest

# What differs, and why. From what the revisions build to what the models declare.
EXPLAINED = {
    "prefect": (
        (r"changed column \S+ \(default\)", "now() in the models, CURRENT_TIMESTAMP in the revisions; and three others"),
        (r"changed index deployment_schedule\.\S+slug \(predicate\)", "only the revisions say WHERE slug IS NOT NULL"),
        (r"(dropped|created) foreign key block_document\.fk_block\S+", "a name from before the table was renamed"),
        (r"dropped \S.* deployment_version(\.\S+)?", "a table that no model has"),
        (r"dropped (column|index) deployment\.\S*version_id", "the column that refers to that table"),
        (r"dropped index flow_run\.ix_flow_run__schedule_id_scheduler", "an index that no model has"),
    ),
    "mlflow": (
        (r"changed column \S+ \(default\)", "the models fill these in Python, the revisions in the database"),
        (r"changed column (assessments\.assessment_type|runs\.status) \(type\)", "the models are wider: 50 for 20, 20 for 9"),
        (r"changed primary key trace_\S+ \(columns\)", "the columns come in another order"),
        (r"(dropped|created) foreign key \S+", "the models leave the names to PostgreSQL, the revisions name them fk_…"),
        (r"(dropped|created) primary key assessments\.\S+", "the same of a key"),
        (r"created index issues\.index_issues_created_by", "an index that no revision makes"),
        (r"dropped index \S+", "indexes that no model has"),
        (r"dropped (function|trigger) \S*prevent_secrets_aad_mutation", "SQL of a revision: models can't say it"),
    ),
}  # fmt: skip
# So that a pattern takes nothing that is new.
HOW_MANY = {"prefect": 108, "mlflow": 79}


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
                found = self.differences(package)
                patterns = [pattern for pattern, _ in EXPLAINED[package.name]]
                unexplained = [one for one in found if not any(re.fullmatch(pattern, one) for pattern in patterns)]
                self.assertEqual(unexplained, [])
                unused = [pattern for pattern in patterns if not any(re.fullmatch(pattern, one) for one in found)]
                self.assertEqual(unused, [])
                self.assertEqual(len(found), HOW_MANY[package.name])

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
