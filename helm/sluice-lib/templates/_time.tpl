{{/*
Deadlines. Each ends a while before the next, so that the one that knows most speaks first:

  helm --timeout > the pod's activeDeadlineSeconds > sluice --timeout > --lock-budget

A deadline of the Job would remove the pod and its log with it, so the pod has one.
*/}}

{{/* The seconds of a duration: 5m, 1h30m, 90s. `name` is the value's. */}}
{{- define "sluice.v1.seconds" -}}
{{- if not (regexMatch "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$" .duration) -}}
  {{- fail (printf "%s: %q is not a duration such as 90s, 5m or 1h30m" .name .duration) -}}
{{- end -}}
{{- $seconds := 0 -}}
{{- range regexFindAll "[0-9]+[hms]" .duration -1 -}}
  {{- $number := trunc (sub (len .) 1 | int) . | int -}}
  {{- $unit := get (dict "h" 3600 "m" 60 "s" 1) (trunc -1 .) -}}
  {{- $seconds = add $seconds (mul $number $unit) -}}
{{- end -}}
{{- $seconds -}}
{{- end -}}

{{/* The pod's deadline: 30 s before Helm's. */}}
{{- define "sluice.v1.podSeconds" -}}
{{- $helm := include "sluice.v1.seconds" (dict "duration" .values.helmTimeout "name" "helmTimeout") | int -}}
{{- if lt $helm 60 -}}
  {{- fail (printf "helmTimeout: %s is too short: 45 s of it are kept for ending in good order, so it is 1m at least" .values.helmTimeout) -}}
{{- end -}}
{{- sub $helm 30 -}}
{{- end -}}

{{/* Sluice's time, 15 s less still; where a pod does several things one after the other, each has its share. */}}
{{- define "sluice.v1.runSeconds" -}}
{{- div (sub (include "sluice.v1.podSeconds" . | int) 15) (default 1 .share) -}}
{{- end -}}

{{/* Half of Sluice's time, or what is given if that is less; 5m at most, as Sluice itself has it. */}}
{{- define "sluice.v1.lockSeconds" -}}
{{- $most := div (include "sluice.v1.runSeconds" . | int) 2 | int -}}
{{- $wanted := 300 -}}
{{- with .values.lockBudget -}}
  {{- $wanted = include "sluice.v1.seconds" (dict "duration" . "name" "lockBudget") | int -}}
  {{- if gt $wanted $most -}}
    {{- fail (printf "lockBudget: %s is more than half of the migration's time, %ds: raise helmTimeout (now %s) and what you give helm --timeout" . $most $.values.helmTimeout) -}}
  {{- end -}}
{{- end -}}
{{- min $most $wanted -}}
{{- end -}}

{{/* How long old pods are waited for: half of Sluice's time, or what is given; what then runs has the rest, 30 s at least. */}}
{{- define "sluice.v1.podsSeconds" -}}
{{- $run := include "sluice.v1.runSeconds" . | int -}}
{{- $seconds := div $run 2 -}}
{{- with .values.pods.timeout -}}
  {{- $seconds = include "sluice.v1.seconds" (dict "duration" . "name" "pods.timeout") | int -}}
  {{- if gt $seconds (sub $run 30 | int) -}}
    {{- fail (printf "pods.timeout: %s leaves no time to run what comes after it: raise helmTimeout (now %s) and what you give helm --timeout" . $.values.helmTimeout) -}}
  {{- end -}}
{{- end -}}
{{- $seconds -}}
{{- end -}}
