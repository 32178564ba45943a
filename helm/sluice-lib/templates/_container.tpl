{{/*
One container that runs `sluice`. Besides context and values:

  container   its name
  args        the command line
  database    values.database or values.staging.database, with its name in `at`
  image       optional: another image than the release's
  advice      optional: what stands below whatever goes wrong
  step        optional, where a pod runs several, one after the other: `first` for those that leave their failure to the
              last one to tell, `last` for that one. They share /run/sluice
  scratch     optional: makes scratch databases
*/}}
{{- define "sluice.v1.container" -}}
{{- $values := .values -}}
{{- $image := .image | default (include "sluice.v1.image" .) -}}
{{- $args := .args -}}
{{- if .database.envFile.secret -}}
  {{- $args = concat $args (list (printf "--env-file=%s/env-file/%s" (include "sluice.v1.fileRoot" .) .database.envFile.key)) -}}
{{- end -}}
{{- $mounts := include "sluice.v1.databaseMounts" . -}}
{{- $scratch := "" -}}
{{- $required := list -}}
{{- if and .scratch $values.scratch.secret -}}
  {{- $scratch = tpl $values.scratch.secret .context -}}
  {{- $required = append $required (printf "SLUICE_SCRATCH_URL: the Secret %q in namespace %q or its key %q is missing, or the key is empty (value scratch.secret)" $scratch .context.Release.Namespace $values.scratch.key) -}}
{{- end -}}
{{- with $values.scripts.configMap -}}
  {{- $required = append $required (printf "/migrations/versions/: the ConfigMap %q in namespace %q is missing or empty (value scripts.configMap)" (tpl . $.context) $.context.Release.Namespace) -}}
{{- end -}}
name: {{ .container }}
image: {{ $image | quote }}
imagePullPolicy: {{ $values.image.pullPolicy }}
args:
  {{- range $args }}
  - {{ . | quote }}
  {{- end }}
env:
  {{- include "sluice.v1.databaseEnv" (dict "context" .context "database" .database "at" .at "required" $required) | trim | nindent 2 }}
  - {name: SLUICE_IMAGE, value: {{ $image | quote }}}
  - {name: SLUICE_AHEAD, value: ok}
  - {name: SLUICE_CACHE_SIZE, value: "0"}
  {{- with .step }}
  - {name: {{ ternary "SLUICE_LEAVE_FAILURE" "SLUICE_TAKE_FAILURE" (eq . "first") }}, value: /run/sluice/failure}
  {{- end }}
  {{- with .database.waitFor }}
  - {name: SLUICE_WAIT_FOR_DATABASE, value: {{ . }}}
  {{- end }}
  {{- with $values.lockTimeout }}
  - {name: SLUICE_LOCK_TIMEOUT, value: {{ . }}}
  {{- end }}
  {{- with $values.versionTable }}
  - {name: SLUICE_VERSION_TABLE, value: {{ . | quote }}}
  {{- end }}
  {{- if $scratch }}
  - name: SLUICE_SCRATCH_URL
    valueFrom:
      secretKeyRef: {name: {{ $scratch }}, key: {{ $values.scratch.key }}, optional: true}
  {{- end }}
  {{- with .advice }}
  - name: SLUICE_ADVICE
    value: |
      {{- . | nindent 6 }}
  {{- end }}
  {{- with $values.extraEnv }}
  {{- tpl (toYaml .) $.context | nindent 2 }}
  {{- end }}
{{- with $values.extraEnvFrom }}
envFrom:
  {{- tpl (toYaml .) $.context | nindent 2 }}
{{- end }}
{{- with $values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
terminationMessagePolicy: FallbackToLogsOnError
{{- if or $mounts .step $values.scripts.configMap $values.extraVolumeMounts }}
volumeMounts:
  {{- with $mounts }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  {{- if .step }}
  - {name: sluice-work, mountPath: /run/sluice}
  {{- end }}
  {{- if $values.scripts.configMap }}
  - {name: sluice-scripts, mountPath: /migrations/versions, readOnly: true}
  {{- end }}
  {{- with $values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The volumes that the containers of a pod need: database, scripts, more; with `work` and `staging` those too. */}}
{{- define "sluice.v1.volumes" -}}
{{- include "sluice.v1.databaseVolumes" (dict "context" .context "database" .values.database "at" "database") }}
{{- if .staging }}
{{- include "sluice.v1.databaseVolumes" (dict "context" .context "database" .values.staging.database "at" "staging.database") }}
{{- end }}
{{- if .work }}
- name: sluice-work
  emptyDir: {sizeLimit: 64Mi}
{{- end }}
{{- with .values.scripts.configMap }}
- name: sluice-scripts
  configMap: {name: {{ tpl . $.context }}, optional: true, defaultMode: 0444}
{{- end }}
{{- with .values.extraVolumes }}
{{ tpl (toYaml .) $.context }}
{{- end }}
{{- end -}}

{{/* `--phase expand`, unless contract revisions run with the rest. */}}
{{- define "sluice.v1.phase" -}}
{{- if not .values.contract.immediately }}--phase=expand{{ end -}}
{{- end -}}
