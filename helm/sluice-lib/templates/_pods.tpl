{{/*
For the pods of your own Deployments, in a parent chart:

  initContainers:
    {{- include "sluice.v1.podInitContainers" (dict "context" . "values" .Values.sluice) | nindent 8 }}
  volumes:
    {{- include "sluice.v1.podVolumes" (dict "context" . "values" .Values.sluice) | nindent 8 }}

In the modes `hooks` and `job` a container that waits for the schema, so that no pod of this release serves before it is
there; in the mode `initContainer` the one that migrates. Both are empty where `enabled` is false.
*/}}
{{- define "sluice.v1.podInitContainers" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- if $values.enabled -}}
{{- $call := dict "context" .context "values" $values -}}
- {{- if eq $values.mode "initContainer" }}
  {{- include "sluice.v1.migrationContainer" $call | nindent 2 }}
  {{- else }}
  {{- include "sluice.v1.waitContainer" $call | nindent 2 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{- define "sluice.v1.podVolumes" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- if $values.enabled -}}
{{- include "sluice.v1.volumes" (dict "context" .context "values" $values) | trim -}}
{{- end -}}
{{- end -}}

{{/* A container that ends when the database has what this image's expand revisions make; later ones don't matter. */}}
{{- define "sluice.v1.waitContainer" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- $call := dict "context" .context "values" $values "database" $values.database "at" "database" -}}
{{- include "sluice.v1.checkDatabase" (dict "database" $values.database "at" "database" "hasExtraVolumes" $values.extraVolumes) -}}
{{- $args := list "wait" "--for=heads" "--phase=expand" (printf "--timeout=%s" $values.wait.timeout) -}}
{{- include "sluice.v1.container" (merge (dict "container" "sluice-wait" "args" $args) $call) -}}
{{- end -}}

{{/* A container that migrates. Of several pods that start at once one does, and the others wait for it. */}}
{{- define "sluice.v1.migrationContainer" -}}
{{- $values := include "sluice.v1.values" . | fromYaml -}}
{{- $call := dict "context" .context "values" $values "database" $values.database "at" "database" -}}
{{- include "sluice.v1.checkMode" $call -}}
{{- /* It is in the pods' template, which must not change when nothing but the record of the image does. */ -}}
{{- $_ := set $values.contract "recordImage" false -}}
{{- $_ := set $values.contract "previousTarget" "" -}}
{{- $containers := include "sluice.v1.migrationSteps" $call | fromYamlArray -}}
{{- toYaml (merge (dict "name" "sluice-migrate") (last $containers)) -}}
{{- end -}}
