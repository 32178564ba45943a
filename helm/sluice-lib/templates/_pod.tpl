{{/*
The spec of a Job's pod. Besides context, values and name:

  containers   init containers, as YAML texts in the order in which they run
  main         the container, as a YAML text
  work, staging  which volumes there are
  seconds      the pod's deadline; 0: none
  account      the service account
  token        whether it gets an API token
*/}}
{{- define "sluice.v1.jobPodSpec" -}}
restartPolicy: Never
serviceAccountName: {{ .account }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
{{- with .seconds }}
activeDeadlineSeconds: {{ . }}
{{- end }}
{{- with .values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if or .values.sidecars .containers }}
initContainers:
  {{- range .values.sidecars }}
  - {{- toYaml (merge (dict "restartPolicy" "Always") .) | nindent 4 }}
  {{- end }}
  {{- range .containers }}
  - {{- . | nindent 4 }}
  {{- end }}
{{- end }}
containers:
  - {{- .main | nindent 4 }}
{{- with include "sluice.v1.volumes" . | trim }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
A Job. Besides what the pod takes: `suffix` of its name, `component`, `hooks` (Helm's events; empty: a Job of the release
itself), `weight`.

A pod that was killed is replaced; a migration that said no is not tried again, because it would say the same.
*/}}
{{- define "sluice.v1.job" -}}
{{- $pod := include "sluice.v1.jobPodSpec" . -}}
{{- $name := printf "%s-%s" (include "sluice.v1.fullname" .) .suffix -}}
{{- if not .hooks -}}
  {{- /* A Job can't be changed: another image or setting is another Job. */ -}}
  {{- $name = printf "%s-%s" $name ($pod | sha256sum | trunc 8) -}}
{{- end -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $name }}
  namespace: {{ .context.Release.Namespace }}
  labels:
    {{- include "sluice.v1.labels" . | nindent 4 }}
  {{- if or .hooks .values.annotations }}
  annotations:
    {{- if .hooks }}
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: {{ .weight | quote }}
    helm.sh/hook-delete-policy: {{ .values.hook.deletePolicy }}
    helm.sh/hook-output-log-policy: hook-failed
    {{- end }}
    {{- with .values.annotations }}
    {{- tpl (toYaml .) $.context | nindent 4 }}
    {{- end }}
  {{- end }}
spec:
  backoffLimit: {{ .values.backoffLimit }}
  {{- if .hooks }}
  ttlSecondsAfterFinished: {{ .values.hook.ttlSecondsAfterFinished }}
  {{- end }}
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions: [{type: DisruptionTarget}]
      - action: FailJob
        onExitCodes: {operator: In, values: [1, 2, 3, 4, 5, 6, 7]}
  template:
    metadata:
      labels:
        {{- include "sluice.v1.labels" . | nindent 8 }}
        {{- with .values.podLabels }}
        {{- tpl (toYaml .) $.context | nindent 8 }}
        {{- end }}
      {{- with .values.podAnnotations }}
      annotations:
        {{- tpl (toYaml .) $.context | nindent 8 }}
      {{- end }}
    spec:
      {{- $pod | nindent 6 }}
{{- end -}}

{{/*
The service account of a Job, without an API token; `rules`: with one, and a Role. Where the Job is a hook they are too,
just before it, and they go when it has succeeded.
*/}}
{{- define "sluice.v1.account" -}}
{{- $name := printf "%s-%s" (include "sluice.v1.fullname" .) .suffix -}}
{{- $metadata := include "sluice.v1.accountMetadata" (merge (dict "accountName" $name) .) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- $metadata | nindent 2 }}
automountServiceAccountToken: false
{{- if .rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- $metadata | nindent 2 }}
rules:
  {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- $metadata | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $name }}}
subjects:
  - {kind: ServiceAccount, name: {{ $name }}, namespace: {{ .context.Release.Namespace }}}
{{- end }}
{{- end -}}

{{- define "sluice.v1.accountMetadata" -}}
name: {{ .accountName }}
namespace: {{ .context.Release.Namespace }}
labels:
  {{- include "sluice.v1.labels" . | nindent 2 }}
{{- if or .hooks .values.serviceAccount.annotations }}
annotations:
  {{- if .hooks }}
  helm.sh/hook: {{ .hooks }}
  helm.sh/hook-weight: {{ sub (int .weight) 1 | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  {{- end }}
  {{- with .values.serviceAccount.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
