"""Keys, certificates, tokens and kubeconfigs of a cluster, made anew for each."""

import base64
import json
import secrets
import subprocess

# Who logs in by a token, and as what.
USERS = {
    "admin": ("admin", "system:masters"),
    "controller-manager": ("system:kube-controller-manager", ""),
    "scheduler": ("system:kube-scheduler", ""),
    "proxy": ("system:kube-proxy", ""),
    "node": ("system:node:{node}", "system:nodes"),
}
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
DAYS = "30"


def make(directory, server, node, names):
    """Fills `pki/` and writes a kubeconfig for each user. `server`: the API server's address; `names`: what its
    certificate is for, as openssl writes it (`DNS:…`, `IP:…`)."""
    pki = directory / "pki"
    pki.mkdir()
    make_authority(pki)
    sign(pki, "server", "/CN=kube-apiserver", "serverAuth", names)
    sign(pki, "kubelet", f"/O=system:nodes/CN=system:node:{node}", "serverAuth", names)
    sign(pki, "kubelet-client", "/O=system:masters/CN=kube-apiserver", "clientAuth")
    openssl(pki, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "accounts.key")
    openssl(pki, "ec", "-in", "accounts.key", "-pubout", "-out", "accounts.pub")
    tokens = {user: secrets.token_hex(16) for user in USERS}
    lines = [
        f'{tokens[user]},{name.format(node=node)},{user},"{groups}"\n' for user, (name, groups) in USERS.items()
    ]  # fmt: skip
    (pki / "tokens.csv").write_text("".join(lines))
    for user, token in tokens.items():
        config = kubeconfig(server, (pki / "ca.crt").read_bytes(), user, token)
        path = directory / f"{user}.kubeconfig"
        path.write_text(config)
        path.chmod(0o600)  # Helm warns of others
    return tokens["admin"]


def make_authority(folder, name="ca", subject="/CN=sluice-test-ca"):
    """A certificate authority: NAME.key and NAME.crt."""
    openssl(
        folder, "req", "-x509", *NEW_KEY, "-days", DAYS, "-subj", subject,
        "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", f"{name}.key", "-out", f"{name}.crt",
    )  # fmt: skip


def sign(folder, name, subject, usage, names=None, authority="ca"):
    """NAME.key and NAME.crt, signed by the authority of the same folder."""
    extensions = [f"extendedKeyUsage={usage}"] + ([f"subjectAltName={names}"] if names else [])
    (folder / f"{name}.ext").write_text("\n".join(extensions) + "\n")
    openssl(folder, "req", "-new", *NEW_KEY, "-subj", subject, "-keyout", f"{name}.key", "-out", f"{name}.csr")
    openssl(
        folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key",
        "-CAcreateserial", "-days", DAYS, "-extfile", f"{name}.ext", "-out", f"{name}.crt",
    )  # fmt: skip


def openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)} failed: {done.stderr.strip()}")


def kubeconfig(server, authority, user, token):
    """The text of a kubeconfig (JSON is YAML)."""
    cluster = {"server": server, "certificate-authority-data": base64.b64encode(authority).decode()}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": user}}],
            "current-context": "test",
        },
        indent=1,
    )
