{{/*
The migration: a Job for the modes `hooks` and `job`, with its service account.

What it runs, one container after the other; where one says no, nothing of what follows runs:

  1. contract revisions of the release before, whose pods alone are left now      (only if there is a release before)
  2. with staging: the plan on production, which only reads; its rehearsal on staging
  3. expand revisions of this release; with staging: exactly the plan that has passed

With staging the first step goes through the same: plan, rehearsal, run. The last container tells what failed in one before
it: Helm shows the log of no other.
*/}}
{{- define "sluice.v1.migrationJob" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- $call := dict "context" .context "values" $values "name" .name -}}
{{- include "sluice.v1.checkMode" $call -}}
{{- if ne $values.mode "initContainer" -}}
{{- $containers := include "sluice.v1.migrationSteps" $call | fromYamlArray -}}
{{- $texts := list -}}
{{- range $containers -}}{{- $texts = append $texts (toYaml .) -}}{{- end -}}
{{- $own := printf "%s-migrate" (include "sluice.v1.fullname" $call) -}}
{{- $job := merge (dict
    "suffix" "migrate"
    "component" "migration"
    "hooks" (ternary "pre-install,pre-upgrade" "" (eq $values.mode "hooks"))
    "weight" $values.hook.weight
    "containers" (initial $texts)
    "main" (last $texts)
    "work" (gt (len $texts) 1)
    "staging" $values.staging.enabled
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

{{/* The containers of a migration, as a YAML list in the order in which they run. */}}
{{- define "sluice.v1.migrationSteps" -}}
{{- $values := .values -}}
{{- include "sluice.v1.checkDatabase" (dict "database" $values.database "at" "database" "hasExtraVolumes" $values.extraVolumes) -}}
{{- include "sluice.v1.checkPhases" . -}}
{{- if $values.staging.enabled -}}
  {{- include "sluice.v1.checkDatabase" (dict "database" $values.staging.database "at" "staging.database" "hasExtraVolumes" $values.extraVolumes) -}}
{{- end -}}
{{- $earlier := list -}}
{{- if $values.contract.previousTarget -}}
  {{- $earlier = list (include "sluice.v1.image" .) $values.contract.previousTarget -}}
{{- else if and (not $values.contract.immediately) $values.contract.recordImage -}}
  {{- with include "sluice.v1.recordedImage" . -}}
    {{- $earlier = list . "heads" -}}
  {{- end -}}
{{- end -}}
{{- $phase := include "sluice.v1.phase" . -}}
{{- $rounds := list (dict "prefix" "" "image" (include "sluice.v1.image" .) "targets" (without (list $phase) "")) -}}
{{- if $earlier -}}
  {{- $rounds = prepend $rounds (dict "prefix" "contract-" "image" (first $earlier) "targets" (list (last $earlier))) -}}
{{- end -}}
{{- $share := mul (len $rounds) (ternary 2 1 $values.staging.enabled) -}}
{{- $seconds := include "sluice.v1.runSeconds" (merge (dict "share" $share) .) -}}
{{- $locks := include "sluice.v1.lockSeconds" (merge (dict "share" $share) .) -}}
{{- range $rounds -}}
  {{- $round := merge (dict "image" .image) $ -}}
  {{- $upgrade := concat (list "upgrade") .targets (list (printf "--timeout=%ss" $seconds) (printf "--lock-budget=%ss" $locks)) -}}
  {{- if $values.staging.enabled -}}
    {{- $plan := printf "/run/sluice/%splan.json" .prefix -}}
    {{- $pass := printf "/run/sluice/%spass.json" .prefix -}}
    {{- $upgrade = append $upgrade (printf "--require-validated=%s" $pass) -}}
    {{- $validate := list "validate" (printf "--plan=%s" $plan) (printf "--report=%s" $pass) (printf "--copy=%s" $values.staging.copy) (printf "--timeout=%ss" $seconds) -}}
    {{- if $values.staging.allowDestructive -}}{{- $validate = append $validate "--allow-destructive" -}}{{- end -}}
    {{- if $values.staging.upgradeOnly -}}{{- $validate = append $validate "--upgrade-only" -}}{{- end }}
- {{- include "sluice.v1.container" (merge (dict "container" (printf "%splan" .prefix) "args" (concat (list "plan") .targets (list (printf "--report=%s" $plan))) "database" $values.database "at" "database" "step" "first") $round) | nindent 2 }}
- {{- include "sluice.v1.container" (merge (dict "container" (printf "%svalidate" .prefix) "args" $validate "database" $values.staging.database "at" "staging.database" "step" "first" "scratch" true) $round) | nindent 2 }}
  {{- end }}
  {{- $step := ternary "last" "first" (empty .prefix) -}}
  {{- if and (eq (len $rounds) 1) (not $values.staging.enabled) -}}{{- $step = "" -}}{{- end }}
- {{- include "sluice.v1.container" (merge (dict "container" (printf "%smigrate" .prefix) "args" (concat $upgrade $values.extraArgs) "database" $values.database "at" "database" "step" $step) $round) | nindent 2 }}
{{- end -}}
{{- end -}}

{{- define "sluice.v1.checkMode" -}}
{{- if and (eq .values.mode "initContainer") .values.staging.enabled -}}
  {{- fail "staging.enabled needs a Job, and mode is initContainer: set mode to hooks or job, or validate in the pipeline" -}}
{{- end -}}
{{- end -}}

{{- define "sluice.v1.checkPhases" -}}
{{- $contract := .values.contract -}}
{{- if and $contract.immediately $contract.afterRelease.enabled -}}
  {{- fail "contract.immediately and contract.afterRelease.enabled contradict each other: contract revisions run before the rollout, or when the last old pod is gone" -}}
{{- end -}}
{{- if and $contract.immediately $contract.previousTarget -}}
  {{- fail "contract.immediately and contract.previousTarget contradict each other: with the first nothing is left for the next release" -}}
{{- end -}}
{{- end -}}

{{/*
The image that the last release recorded once it had succeeded; empty: there is none, it is this one, or nobody can be
asked (`helm template`). A hook writes the record, so a release that failed leaves the one before.
*/}}
{{- define "sluice.v1.recordedImage" -}}
{{- $record := lookup "v1" "ConfigMap" .context.Release.Namespace (printf "%s-image" (include "sluice.v1.fullname" .)) -}}
{{- $image := dig "data" "image" "" ($record | default dict) -}}
{{- if ne $image (include "sluice.v1.image" .) -}}{{ $image }}{{- end -}}
{{- end -}}

{{/* The record of the image: written after a release has succeeded, removed with it. */}}
{{- define "sluice.v1.imageRecord" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- $call := dict "context" .context "values" $values "name" .name "component" "image-record" -}}
{{- if and $values.contract.recordImage (not $values.contract.immediately) (ne $values.mode "initContainer") -}}
{{- range $hook := list
    (dict "events" "post-install,post-upgrade,post-rollback" "policy" "before-hook-creation")
    (dict "events" "pre-delete" "policy" "before-hook-creation,hook-succeeded") }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "sluice.v1.fullname" $call }}-image
  namespace: {{ $.context.Release.Namespace }}
  labels:
    {{- include "sluice.v1.labels" $call | nindent 4 }}
  annotations:
    helm.sh/hook: {{ $hook.events }}
    helm.sh/hook-weight: "100"
    helm.sh/hook-delete-policy: {{ $hook.policy }}
data:
  image: {{ include "sluice.v1.image" $call }}
{{- end }}
{{- end -}}
{{- end -}}
