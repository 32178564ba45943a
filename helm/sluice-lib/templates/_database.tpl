{{/*
How a container gets to the database: variables from a Secret, files of TLS. `database` is `values.database` or
`values.staging.database`, `at` the name of that value.

References to Secrets are optional: with one that is missing a container never starts, and nothing tells why. Sluice
gets the list of what has to be there (SLUICE_REQUIRED) and names the Secret, the key and the value.
*/}}

{{/* The keys of the Secret by part of the address. */}}
{{- define "sluice.v1.secretKeys" -}}
{{- $presets := dict
  "url" (dict "url" "url")
  "parts" (dict "host" "host" "port" "port" "user" "user" "password" "password" "name" "name")
  "cloudnative-pg" (dict "host" "host" "port" "port" "user" "username" "password" "password" "name" "dbname")
  "crunchy" (dict "host" "host" "port" "port" "user" "user" "password" "password" "name" "dbname")
  "zalando" (dict "user" "username" "password" "password") -}}
{{- $secret := .database.secret -}}
{{- $known := get $presets $secret.preset -}}
{{- if not $known -}}
  {{- fail (printf "%s.secret.preset: %q is none of %s" .at $secret.preset (keys $presets | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $keys := deepCopy $known -}}
{{- if and (eq $secret.preset "url") $secret.keys (not (hasKey $secret.keys "url")) -}}
  {{- $keys = dict -}}
{{- end -}}
{{- range $part, $key := $secret.keys -}}
  {{- $_ := set $keys $part $key -}}
{{- end -}}
{{- /* What is given as a value is not read from the Secret. */ -}}
{{- range $part := list "host" "port" "name" "user" -}}
  {{- if get $.database $part -}}
    {{- if get $keys "url" -}}
      {{- fail (printf "%s.%s has no effect beside the URL of %s.secret: give the parts (%s.secret.preset: parts), or the URL alone" $.at $part $.at $.at) -}}
    {{- end -}}
    {{- $_ := unset $keys $part -}}
  {{- end -}}
{{- end -}}
{{- range $part, $key := deepCopy $keys -}}
  {{- if not $key -}}{{- $_ := unset $keys $part -}}{{- end -}}
{{- end -}}
{{- toYaml $keys -}}
{{- end -}}

{{/* Refuses what contradicts itself. */}}
{{- define "sluice.v1.checkDatabase" -}}
{{- $database := .database -}}
{{- if and $database.secret.name $database.envFile.secret -}}
  {{- fail (printf "%s.secret.name and %s.envFile.secret both say where the database is: give one of them" .at .at) -}}
{{- end -}}
{{- if and (not $database.secret.name) (not $database.envFile.secret) (not $database.host) -}}
  {{- fail (printf "nothing says where the database is: set %s.secret.name (a Secret with its address), %s.envFile.secret or %s.host" .at .at .at) -}}
{{- end -}}
{{- if and $database.tls.rootCert.secret $database.tls.rootCert.configMap -}}
  {{- fail (printf "%s.tls.rootCert.secret and %s.tls.rootCert.configMap are both given: one of them has the authority" .at .at) -}}
{{- end -}}
{{- if and (hasPrefix "verify-" $database.tls.mode) (not $database.tls.rootCert.secret) (not $database.tls.rootCert.configMap) (not .hasExtraVolumes) -}}
  {{- fail (printf "%s.tls.mode is %s, and no authority is given to verify with: set %s.tls.rootCert.secret or .configMap" .at $database.tls.mode .at) -}}
{{- end -}}
{{- if and (eq $database.tls.mode "disable") $database.tls.clientCert.secret -}}
  {{- fail (printf "%s.tls.mode is disable, so %s.tls.clientCert.secret would never be used" .at .at) -}}
{{- end -}}
{{- end -}}

{{/* Where this database's files are mounted, and what the volumes' names begin with. */}}
{{- define "sluice.v1.fileRoot" -}}
{{ if hasPrefix "staging" .at }}/etc/sluice/staging{{ else }}/etc/sluice/database{{ end }}
{{- end -}}
{{- define "sluice.v1.volumePrefix" -}}
{{ if hasPrefix "staging" .at }}sluice-staging{{ else }}sluice{{ end }}
{{- end -}}

{{/* The variables of one database. */}}
{{- define "sluice.v1.databaseEnv" -}}
{{- $database := .database -}}
{{- $variables := dict "url" "DATABASE_URL" "host" "DB_HOST" "port" "DB_PORT" "name" "POSTGRES_DB" "user" "POSTGRES_USER" "password" "POSTGRES_PASSWORD" -}}
{{- $secret := tpl $database.secret.name .context -}}
{{- $keys := include "sluice.v1.secretKeys" . | fromYaml -}}
{{- $files := include "sluice.v1.fileRoot" . -}}
{{- $required := list -}}
{{- range $part := list "url" "host" "port" "name" "user" "password" }}
  {{- $plain := get $database $part | default "" | toString }}
  {{- if $plain }}
- name: {{ get $variables $part }}
  value: {{ tpl $plain $.context | quote }}
  {{- else if and $secret (get $keys $part) }}
    {{- $key := get $keys $part }}
    {{- $value := ternary (printf "%s.secret.keys.%s" $.at $part) (printf "%s.secret.preset: %s" $.at $database.secret.preset) (hasKey $database.secret.keys $part) }}
    {{- $required = append $required (printf "%s: the Secret %q in namespace %q or its key %q is missing, or the key is empty (values %s.secret.name, %s)" (get $variables $part) $secret $.context.Release.Namespace $key $.at $value) }}
- name: {{ get $variables $part }}
  valueFrom:
    secretKeyRef: {name: {{ $secret }}, key: {{ $key }}, optional: true}
  {{- end }}
{{- end }}
{{- with $database.tls.mode }}
- {name: PGSSLMODE, value: {{ . }}}
{{- end }}
{{- with $database.tls.rootCert }}
  {{- $source := tpl (.secret | default .configMap) $.context }}
  {{- if $source }}
    {{- $kind := ternary "Secret" "ConfigMap" (not (empty .secret)) }}
    {{- $path := printf "%s/root-cert/%s" $files .key }}
    {{- $required = append $required (printf "%s: the %s %q in namespace %q or its key %q is missing (value %s.tls.rootCert)" $path $kind $source $.context.Release.Namespace .key $.at) }}
- {name: PGSSLROOTCERT, value: {{ $path }}}
  {{- end }}
{{- end }}
{{- with $database.tls.clientCert }}
  {{- $source := tpl .secret $.context }}
  {{- if $source }}
    {{- range $key := list .certificate .privateKey }}
      {{- $required = append $required (printf "%s/client-cert/%s: the Secret %q in namespace %q or its key %q is missing (value %s.tls.clientCert)" $files $key $source $.context.Release.Namespace $key $.at) }}
    {{- end }}
- {name: PGSSLCERT, value: {{ $files }}/client-cert/{{ .certificate }}}
- {name: PGSSLKEY, value: {{ $files }}/client-cert/{{ .privateKey }}}
  {{- end }}
{{- end }}
{{- with $database.envFile }}
  {{- $source := tpl .secret $.context }}
  {{- if $source }}
    {{- $required = append $required (printf "%s/env-file/%s: the Secret %q in namespace %q or its key %q is missing (value %s.envFile)" $files .key $source $.context.Release.Namespace .key $.at) }}
  {{- end }}
{{- end }}
{{- with .required }}
  {{- $required = concat $required . }}
{{- end }}
{{- if $required }}
- name: SLUICE_REQUIRED
  value: |
    {{- range $required }}
    {{ . }}
    {{- end }}
{{- end }}
{{- end -}}

{{/* The volumes of one database's files. */}}
{{- define "sluice.v1.databaseVolumes" -}}
{{- $prefix := include "sluice.v1.volumePrefix" . -}}
{{- with .database.tls.rootCert }}
  {{- if .secret }}
- name: {{ $prefix }}-root-cert
  secret: {secretName: {{ tpl .secret $.context }}, optional: true, defaultMode: 0444}
  {{- else if .configMap }}
- name: {{ $prefix }}-root-cert
  configMap: {name: {{ tpl .configMap $.context }}, optional: true, defaultMode: 0444}
  {{- end }}
{{- end }}
{{- with .database.tls.clientCert.secret }}
- name: {{ $prefix }}-client-cert
  secret: {secretName: {{ tpl . $.context }}, optional: true, defaultMode: 0440}
{{- end }}
{{- with .database.envFile.secret }}
- name: {{ $prefix }}-env-file
  secret: {secretName: {{ tpl . $.context }}, optional: true, defaultMode: 0440}
{{- end }}
{{- end -}}

{{- define "sluice.v1.databaseMounts" -}}
{{- $prefix := include "sluice.v1.volumePrefix" . -}}
{{- $files := include "sluice.v1.fileRoot" . -}}
{{- if or .database.tls.rootCert.secret .database.tls.rootCert.configMap }}
- {name: {{ $prefix }}-root-cert, mountPath: {{ $files }}/root-cert, readOnly: true}
{{- end }}
{{- if .database.tls.clientCert.secret }}
- {name: {{ $prefix }}-client-cert, mountPath: {{ $files }}/client-cert, readOnly: true}
{{- end }}
{{- if .database.envFile.secret }}
- {name: {{ $prefix }}-env-file, mountPath: {{ $files }}/env-file, readOnly: true}
{{- end }}
{{- end -}}
