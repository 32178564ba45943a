"""Releases that bring their own database, which no hook could reach before them: the modes `job` and `initContainer`."""

import unittest

import images
from chart_release import ADD_TITLE, NEW_QUERY, OLD_QUERY, PASSWORD, RELEASE, TENANTS, ChartTest, Client
from cluster import wait_until

# Of node.SERVICES: the cluster has no DNS, so a release knows its database by an address of its choice.
ADDRESS_OF = {"job": "10.233.77.1", "initContainer": "10.233.77.2"}
TEMPLATE = """\
apiVersion: v1
kind: Secret
metadata: {name: own-db}
stringData:
  host: %(address)s
  port: "5432"
  user: shop
  password: %(password)s
  name: shop
  url: postgresql://shop:%(password)s@%(address)s/shop
---
apiVersion: v1
kind: Service
metadata: {name: own-db}
spec:
  clusterIP: %(address)s
  selector: {app: own-db}
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: own-db}
spec:
  selector: {matchLabels: &labels {app: own-db}}
  template:
    metadata: {labels: *labels}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, fsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: postgres
          image: %(image)s
          imagePullPolicy: Never
          env:
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: own-db, key: password}}}
            - {name: DATABASE, value: shop}
          readinessProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}
          volumeMounts: [{name: data, mountPath: /data}]
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
      volumes: [{name: data, emptyDir: {}}]
"""


class OwnDatabaseTest(ChartTest):
    def release_with_database(self, mode, tag, query):
        database = {"image": self.image(images.DATABASE), "address": ADDRESS_OF[mode], "password": PASSWORD}
        (self.chart / "templates/own-db.yaml").write_text(TEMPLATE % database, encoding="utf-8")
        values = self.values(tag, query)
        values["extraEnv"][0]["valueFrom"]["secretKeyRef"]["name"] = "own-db"
        more = {"extraEnv": values["extraEnv"], "databaseSecret": "own-db"}
        secret = {"secret": {"name": "own-db", "preset": "parts"}}
        return self.release(tag, query, more=more, mode=mode, database=secret)

    def assert_released(self, mode):
        """`--wait` returns when all of it runs: the database, the schema, the service; the next release the same way."""
        self.publish("1", TENANTS)
        self.release_with_database(mode, "1", OLD_QUERY)
        self.assertEqual(self.answer(), "1 0")
        self.publish("2", TENANTS, ADD_TITLE)
        with Client(self.address()) as client:
            self.release_with_database(mode, "2", NEW_QUERY)
            wait_until(lambda: "2" in client.versions, "the new pods answer")
        self.assertEqual(client.failures, [])
        self.assertNotIn(PASSWORD, self.kubectl("get", "jobs,events", "-o", "json"))
        self.helm("uninstall", RELEASE, "--wait")
        self.assertEqual(self.left_behind(), [])

    def test_a_job_in_the_release(self):
        self.assert_released("job")

    def test_the_first_container_of_each_pod(self):
        self.assert_released("initContainer")


class Helm3OwnDatabaseTest(OwnDatabaseTest):
    program = "helm3"


if __name__ == "__main__":
    unittest.main()
