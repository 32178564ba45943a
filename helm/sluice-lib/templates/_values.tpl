{{/*
The values in use: what is given, over the defaults. A value that is given wins, also false, 0 and "". Templates of this
library are called with

  context   the chart's `.`
  values    what its users may set: the values of helm/sluice, any part of them
  name      optional: what the names of the resources begin with

A parent chart whose dependency on `sluice` is switched off has no defaults of that chart, so they are here.
*/}}
{{- define "sluice.v1.values" -}}
{{- $defaults := include "sluice.v1.defaults" .context | fromYaml -}}
{{- $values := include "sluice.v1.merge" (dict "defaults" $defaults "given" (default (dict) .values)) | fromYaml -}}
{{- $staging := include "sluice.v1.merge" (dict "defaults" $defaults.database "given" $values.staging.database) | fromYaml -}}
{{- $_ := set $values.staging "database" $staging -}}
{{- toYaml $values -}}
{{- end -}}

{{- define "sluice.v1.merge" -}}
{{- $result := deepCopy .defaults -}}
{{- range $key, $given := .given -}}
  {{- $default := get $result $key -}}
  {{- if and (kindIs "map" $given) (kindIs "map" $default) -}}
    {{- $_ := set $result $key (include "sluice.v1.merge" (dict "defaults" $default "given" $given) | fromYaml) -}}
  {{- else if not (kindIs "invalid" $given) -}}
    {{- $_ := set $result $key $given -}}
  {{- end -}}
{{- end -}}
{{- toYaml $result -}}
{{- end -}}

{{/* What the names of the resources begin with: RELEASE-CHART, where CHART is the alias if there is one. */}}
{{- define "sluice.v1.fullname" -}}
{{- $name := .name | default (printf "%s-%s" .context.Release.Name .context.Chart.Name) -}}
{{- if and (not .name) (hasSuffix (printf "-%s" .context.Chart.Name) .context.Release.Name | or (eq .context.Release.Name .context.Chart.Name)) -}}
  {{- $name = .context.Release.Name -}}
{{- end -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels of a resource; `component` says what it is for. */}}
{{- define "sluice.v1.labels" -}}
app.kubernetes.io/name: {{ .context.Chart.Name }}
app.kubernetes.io/instance: {{ .context.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/managed-by: {{ .context.Release.Service }}
{{- with .values.labels }}
{{ tpl (toYaml .) $.context }}
{{- end }}
{{- end -}}

{{/* The image: repository with digest, or with tag. */}}
{{- define "sluice.v1.image" -}}
{{- $image := .values.image -}}
{{- $repository := tpl $image.repository .context -}}
{{- $tag := tpl (toString $image.tag) .context -}}
{{- $digest := tpl $image.digest .context -}}
{{- if not $repository -}}
  {{- fail "image.repository is empty: it is your migrator's image, FROM sluice with your scripts in it" -}}
{{- end -}}
{{- if $digest -}}
{{ $repository }}@{{ $digest }}
{{- else if $tag -}}
{{ $repository }}:{{ $tag }}
{{- else -}}
  {{- fail "image.tag and image.digest are both empty: one of them says which scripts belong to this release" -}}
{{- end -}}
{{- end -}}
