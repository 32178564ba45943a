{{/* Made of helm/sluice/values.yaml by helm/generate.py. */}}
{{- define "sluice.v1.defaults" -}}
enabled: true
mode: hooks
image:
  repository: ""
  tag: ""
  digest: ""
  pullPolicy: IfNotPresent
imagePullSecrets: []
database:
  secret:
    name: ""
    preset: url
    keys: {}
  host: ""
  port: ""
  name: ""
  user: ""
  envFile:
    secret: ""
    key: .env
  tls:
    mode: ""
    rootCert:
      secret: ""
      configMap: ""
      key: ca.crt
    clientCert:
      secret: ""
      certificate: tls.crt
      privateKey: tls.key
  waitFor: 30s
scripts:
  configMap: ""
helmTimeout: 5m
lockTimeout: ""
lockBudget: ""
backoffLimit: 2
versionTable: ""
extraArgs: []
extraEnv: []
extraEnvFrom: []
extraVolumes: []
extraVolumeMounts: []
sidecars: []
hook:
  weight: 0
  deletePolicy: before-hook-creation,hook-succeeded
  ttlSecondsAfterFinished: 86400
wait:
  timeout: 10m
staging:
  enabled: false
  database: {}
  copy: schema
  allowDestructive: false
  upgradeOnly: false
scratch:
  secret: ""
  key: url
pods:
  selector: ""
  image: ""
  container: ""
  timeout: ""
contract:
  immediately: false
  previousTarget: ""
  recordImage: true
  afterRelease:
    enabled: false
rollback:
  check: true
  downgrade:
    enabled: false
serviceAccount:
  name: ""
  annotations: {}
labels: {}
annotations: {}
podLabels:
  sidecar.istio.io/inject: "false"
podAnnotations:
  cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
  karpenter.sh/do-not-disrupt: "true"
resources:
  requests: {cpu: 10m, memory: 32Mi}
  limits: {memory: 256Mi}
podSecurityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
nodeSelector: {}
tolerations: []
affinity: {}
priorityClassName: ""
test:
  drift: true
{{- end -}}
