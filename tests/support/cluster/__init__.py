"""A real Kubernetes for tests.

    with KeptCluster(control=True) as cluster:           # removed with the test's process, however that ends
        cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", …})
        cluster.kubectl("get", "configmaps")

The whole cluster (a node with kubelet, containerd and kube-proxy) needs root and belongs into a network namespace of its
own (`unshare -n`). `control=True` is the control plane alone (etcd, API server, controller manager): it needs no rights,
and as many of them as one likes run beside each other; a pod stays Pending until the test writes its status. As programs:
tests/cluster/up, down, kubectl, helm, restart.
"""

from cluster.explain import explain as explain
from cluster.instance import Cluster as Cluster
from cluster.keeper import KeptCluster as KeptCluster
from cluster.waiting import wait_until as wait_until
