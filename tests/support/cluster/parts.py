"""The programs of a cluster: how each is run, and the files that it reads."""

import json
import socket

from cluster import node

CONTROL = ("etcd", "apiserver", "controller-manager")
ALL = (*CONTROL, "scheduler", "containerd", "kubelet", "proxy")
# In the node's mount namespace; kube-proxy because of its lock file.
ON_NODE = ("containerd", "kubelet", "proxy")
PORTS = ("etcd", "peer", "api", "kubelet-health", "proxy-health", "proxy-metrics")
PAUSE_IMAGE = "localhost/sluice-pause:1"
DOMAIN = "cluster.local"
QUIET = ("--profiling=false",)
AUDIT_LOG = "log/audit.log"


def free_ports():
    """A port of this machine for each of PORTS, all of them different."""
    probes = [socket.socket() for _ in PORTS]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in zip(PORTS, probes, strict=True)}
    finally:
        for probe in probes:
            probe.close()


def write_control_files(directory):
    """What the API server writes down: what service accounts ask for, but for those of Kubernetes itself."""
    rules = [
        {"level": "None", "userGroups": ["system:serviceaccounts:kube-system"]},
        {"level": "Metadata", "userGroups": ["system:serviceaccounts"]},
        {"level": "None"},
    ]
    policy = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": rules}
    (directory / "audit-policy.json").write_text(json.dumps(policy), encoding="utf-8")


def write_node_files(directory, ports):
    """The configuration of kubelet, containerd and the pods' network."""
    for name, text in (
        ("kubelet.json", json.dumps(_kubelet(directory, ports), indent=1)),
        ("containerd.toml", _containerd(directory)),
        ("network/sluice.conflist", json.dumps(_network(directory), indent=1)),
        # Every registry is one that refuses at once: an image that isn't here is missing, and nothing leaves the machine.
        ("registries/_default/hosts.toml", 'server = "http://127.0.0.1:1"\n'),
        ("resolv.conf", "search .\n"),
    ):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def command(part, directory, ports, control):
    """The command of a part. `control`: there is only a control plane, for this machine's own programs."""
    match part:
        case "etcd":
            return _etcd(ports)
        case "apiserver":
            return _apiserver(ports, control)
        case "controller-manager":
            # With the default limits its caches, and the first service accounts with them, come seconds later.
            return [
                "kube-controller-manager", "--kubeconfig", directory / "controller-manager.kubeconfig",
                "--leader-elect=false", "--use-service-account-credentials=true",
                "--root-ca-file", "pki/ca.crt", "--service-account-private-key-file", "pki/accounts.key",
                "--kube-api-qps", 200, "--kube-api-burst", 400,
                # A machine that is busy for a minute is no lost node.
                "--node-monitor-grace-period", "5m", "--secure-port", 0, *QUIET,
            ]  # fmt: skip
        case "scheduler":
            return [
                "kube-scheduler", "--kubeconfig", directory / "scheduler.kubeconfig", "--leader-elect=false",
                "--secure-port", 0, *QUIET,
            ]  # fmt: skip
        case "containerd":
            return ["/usr/bin/containerd", "--config", directory / "containerd.toml"]
        case "kubelet":
            return [
                "kubelet", "--config", directory / "kubelet.json", "--kubeconfig", directory / "node.kubeconfig",
                "--root-dir", directory / "kubelet", "--cert-dir", directory / "kubelet/pki",
                "--hostname-override", node.NAME, "--node-ip", node.ADDRESS,
            ]  # fmt: skip
        case "proxy":
            return [
                "kube-proxy", "--kubeconfig", directory / "proxy.kubeconfig", "--hostname-override", node.NAME,
                "--proxy-mode", "iptables", "--iptables-localhost-nodeports=false", "--cluster-cidr", node.PODS,
                "--nodeport-addresses", f"{node.ADDRESS}/32",
                # The connection tracker's limits are the machine's.
                "--conntrack-max-per-core", 0, "--conntrack-tcp-timeout-established", 0,
                "--conntrack-tcp-timeout-close-wait", 0,
                "--healthz-bind-address", f"127.0.0.1:{ports['proxy-health']}",
                "--metrics-bind-address", f"127.0.0.1:{ports['proxy-metrics']}",
            ]  # fmt: skip
    raise ValueError(f"{part} is none of {', '.join(ALL)}")


def certificate_names():
    hosts = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{DOMAIN}"]
    addresses = ["127.0.0.1", node.API_SERVICE, node.ADDRESS]
    return ",".join([*(f"DNS:{name}" for name in (*hosts, node.NAME)), *(f"IP:{address}" for address in addresses)])


def _etcd(ports):
    clients, peers = (f"http://127.0.0.1:{ports[name]}" for name in ("etcd", "peer"))
    return [
        "etcd", "--name", "test", "--data-dir", "etcd", "--log-level", "warn",
        # What is written survives a kill; it needn't survive a power cut.
        "--unsafe-no-fsync",
        "--listen-client-urls", clients, "--advertise-client-urls", clients,
        "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"test={peers}",
    ]  # fmt: skip


def _apiserver(ports, control):
    if control:
        address = ["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--endpoint-reconciler-type", "none"]
    else:
        address = ["--bind-address", "0.0.0.0", "--advertise-address", node.ADDRESS]
    return [
        "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{ports['etcd']}", *address, "--secure-port", ports["api"],
        "--tls-cert-file", "pki/server.crt", "--tls-private-key-file", "pki/server.key", "--client-ca-file", "pki/ca.crt",
        "--token-auth-file", "pki/tokens.csv", "--authorization-mode", "Node,RBAC",
        "--enable-admission-plugins", "NodeRestriction,OwnerReferencesPermissionEnforcement", "--allow-privileged=true",
        "--audit-policy-file", "audit-policy.json", "--audit-log-path", AUDIT_LOG,
        "--service-cluster-ip-range", node.SERVICES, "--service-account-issuer", f"https://kubernetes.default.svc.{DOMAIN}",
        "--service-account-key-file", "pki/accounts.pub", "--service-account-signing-key-file", "pki/accounts.key",
        "--kubelet-client-certificate", "pki/kubelet-client.crt", "--kubelet-client-key", "pki/kubelet-client.key",
        "--kubelet-certificate-authority", "pki/ca.crt", "--kubelet-preferred-address-types", "InternalIP", *QUIET,
    ]  # fmt: skip


def _kubelet(directory, ports):
    nothing = {name: "0%" for name in ("memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available")}
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": node.ADDRESS,
        "healthzBindAddress": "127.0.0.1",
        "healthzPort": ports["kubelet-health"],
        "containerRuntimeEndpoint": f"unix://{directory}/run/containerd.sock",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{directory.name}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "tlsCertFile": f"{directory}/pki/kubelet.crt",
        "tlsPrivateKeyFile": f"{directory}/pki/kubelet.key",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{directory}/pki/ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        # Nobody answers there: names are unknown at once. Without one each pod gets a warning.
        "clusterDNS": [node.ADDRESS],
        "clusterDomain": DOMAIN,
        "resolvConf": f"{directory}/resolv.conf",
        "podLogsDir": f"{directory}/log/pods",
        "volumePluginDir": f"{directory}/kubelet/volume-plugins",
        # The disk is shared with everything else on the machine: how full it is is not the node's business.
        "evictionHard": {**nothing, "imagefs.inodesFree": "0%"},
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
    }


def _containerd(directory):
    cri = 'plugins."io.containerd.grpc.v1.cri"'
    runc = f'{cri}.containerd.runtimes.runc'
    unused = ", ".join(f'"io.containerd.snapshotter.v1.{name}"' for name in ("aufs", "btrfs", "devmapper", "zfs"))
    return f"""version = 2
root = "{directory}/containerd"
state = "{directory}/run/containerd"
disabled_plugins = [{unused}, "io.containerd.internal.v1.opt"]

[grpc]
address = "{directory}/run/containerd.sock"

[{cri}]
sandbox_image = "{PAUSE_IMAGE}"
netns_mounts_under_state_dir = true
# Even root may not always ask for a better place with the killer of last resort.
restrict_oom_score_adj = true
stream_server_address = "127.0.0.1"

[{cri}.registry]
config_path = "{directory}/registries"

[{cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{directory}/network"

[{cri}.containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[{runc}]
runtime_type = "io.containerd.runc.v2"

[{runc}.options]
BinaryName = "runc"
Root = "{directory}/run/runc"
SystemdCgroup = false
"""


def _network(directory):
    # Point to point: each packet is routed by the host, so no bridge has to be taught about iptables.
    addresses = {
        "type": "host-local",
        "dataDir": f"{directory}/network/addresses",
        "ranges": [[{"subnet": node.PODS}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    return {
        "cniVersion": "0.4.0",
        "name": "sluice",
        "plugins": [
            {"type": "ptp", "mtu": 1500, "ipMasq": False, "ipam": addresses},
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }
