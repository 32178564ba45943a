{{/*
What runs after the pods have changed, or before a rollback. Helm runs the hooks of the release that it rolls back to, so
here `the files` are always those that the pods have afterwards.
*/}}

{{/* The container that waits until no pod of another image is left. */}}
{{- define "sluice.v1.podsGoneContainer" -}}
{{- $values := .values -}}
{{- $pods := $values.pods -}}
{{- if not $pods.selector -}}
  {{- fail (printf "pods.selector is empty, and %s needs it: the labels of the pods that use the database, such as app.kubernetes.io/name=shop,app.kubernetes.io/instance={{ .Release.Name }}; the labels of this Job must not match" .wants) -}}
{{- end -}}
{{- $image := tpl $pods.image .context -}}
{{- if not $image -}}
  {{- fail (printf "pods.image is empty, and %s needs it: the image of this release's pods, by which old ones are told from new ones" .wants) -}}
{{- end -}}
{{- $args := list "wait" "--until-no-other-pods" (tpl $pods.selector .context) "--image" $image "--namespace" .context.Release.Namespace (printf "--timeout=%ds" (include "sluice.v1.podsSeconds" . | int)) -}}
{{- with $pods.container -}}{{- $args = concat $args (list "--container" .) -}}{{- end -}}
{{- include "sluice.v1.container" (merge (dict "container" "wait-for-old-pods" "step" "first" "args" $args "database" $values.database "at" "database") .) -}}
{{- end -}}

{{/* A Job that waits for old pods, then runs `args`. */}}
{{- define "sluice.v1.afterPodsJob" -}}
{{- $own := printf "%s-%s" (include "sluice.v1.fullname" .) .suffix -}}
{{- $seconds := sub (include "sluice.v1.runSeconds" . | int) (include "sluice.v1.podsSeconds" . | int) -}}
{{- $args := concat .args (list (printf "--timeout=%ds" $seconds) (printf "--lock-budget=%ds" (min 300 (div $seconds 2)))) -}}
{{- $main := include "sluice.v1.container" (merge (dict "container" .component "step" "last" "args" $args "database" .values.database "at" "database") .) -}}
{{- $job := merge (dict
    "containers" (list (include "sluice.v1.podsGoneContainer" .))
    "main" $main
    "seconds" (include "sluice.v1.podSeconds" .)
    "account" $own
    "token" true
    "work" true
    "rules" (list (dict "apiGroups" (list "") "resources" (list "pods") "verbs" (list "get" "list" "watch")))
  ) . -}}
{{ include "sluice.v1.account" $job }}
---
{{ include "sluice.v1.job" $job }}
{{- end -}}

{{/* Contract revisions, when the last pod of the release before is gone. */}}
{{- define "sluice.v1.contractJob" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- if $values.contract.afterRelease.enabled -}}
{{- $call := dict "context" .context "values" $values "name" .name -}}
{{- include "sluice.v1.checkPhases" $call -}}
{{- include "sluice.v1.afterPodsJob" (merge (dict
    "suffix" "contract"
    "component" "contract"
    "hooks" "post-install,post-upgrade"
    "weight" (add (int $values.hook.weight) 10)
    "wants" "contract.afterRelease.enabled"
    "args" (list "upgrade")
    "advice" (printf "The release's pods run; only its contract revisions have not been applied. When the cause is mended, the next\nhelm upgrade --namespace %s %s applies them." .context.Release.Namespace .context.Release.Name)
  ) $call) -}}
{{- end -}}
{{- end -}}

{{/* Before a rollback: can the release that comes back live with the database? */}}
{{- define "sluice.v1.rollbackCheckJob" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- if $values.rollback.check -}}
{{- $call := dict "context" .context "values" $values "name" .name "database" $values.database "at" "database" -}}
{{- $own := printf "%s-rollback-check" (include "sluice.v1.fullname" $call) -}}
{{- $history := printf "helm history --namespace %s %s" .context.Release.Namespace .context.Release.Name -}}
{{- $advice := printf "Nothing was changed, and the pods run on. Helm holds this release for pending-rollback now; this puts it in order:\n  helm rollback --namespace %s %s        (back to the revision before this attempt; after several attempts\n  name the one that %s shows as deployed)\nThen go forward with a mended release, or take the database back first: docs/kubernetes.md, Going back." .context.Release.Namespace .context.Release.Name $history -}}
{{- $main := include "sluice.v1.container" (merge (dict "container" "rollback-check" "args" (list "check" "--for" "heads") "advice" $advice) $call) -}}
{{- $job := merge (dict
    "suffix" "rollback-check"
    "component" "rollback-check"
    "hooks" "pre-rollback"
    "weight" $values.hook.weight
    "main" $main
    "seconds" (include "sluice.v1.podSeconds" $call)
    "account" (tpl $values.serviceAccount.name .context | default $own)
  ) $call -}}
{{- if not $values.serviceAccount.name }}
{{ include "sluice.v1.account" $job }}
---
{{- end }}
{{ include "sluice.v1.job" $job }}
{{- end -}}
{{- end -}}

{{/* After a rollback: back to what the older release knows, from the texts that the database remembers. */}}
{{- define "sluice.v1.rollbackDowngradeJob" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- if $values.rollback.downgrade.enabled -}}
{{- $call := dict "context" .context "values" $values "name" .name -}}
{{- include "sluice.v1.afterPodsJob" (merge (dict
    "suffix" "downgrade"
    "component" "downgrade"
    "hooks" "post-rollback"
    "weight" (add (int $values.hook.weight) 10)
    "wants" "rollback.downgrade.enabled"
    "args" (list "downgrade" "heads")
    "advice" "The older release's pods run; the database has not been taken back. Running helm rollback again tries once more."
  ) $call) -}}
{{- end -}}
{{- end -}}

{{/* `helm test`: is the database what the scripts build? */}}
{{- define "sluice.v1.testPod" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- $call := dict "context" .context "values" $values "name" .name "database" $values.database "at" "database" "component" "test" -}}
{{- $args := ternary (list "check") (list "check" "--for" "heads") $values.test.drift -}}
{{- $own := printf "%s-test" (include "sluice.v1.fullname" $call) -}}
{{- $pod := merge (dict
    "suffix" "test"
    "hooks" "test"
    "weight" 0
    "main" (include "sluice.v1.container" (merge (dict "container" "check" "args" $args "scratch" true) $call))
    "seconds" (include "sluice.v1.podSeconds" $call)
    "account" (tpl $values.serviceAccount.name .context | default $own)
  ) $call -}}
{{- if not $values.serviceAccount.name }}
{{ include "sluice.v1.account" $pod }}
---
{{- end }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ $own }}
  namespace: {{ .context.Release.Namespace }}
  labels:
    {{- include "sluice.v1.labels" $pod | nindent 4 }}
    {{- with $values.podLabels }}
    {{- tpl (toYaml .) $.context | nindent 4 }}
    {{- end }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: {{ $values.hook.deletePolicy }}
    helm.sh/hook-output-log-policy: hook-failed
    {{- with $values.podAnnotations }}
    {{- tpl (toYaml .) $.context | nindent 4 }}
    {{- end }}
spec:
  {{- include "sluice.v1.jobPodSpec" $pod | nindent 2 }}
{{- end -}}
