{{- define "parley.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "parley.selector" -}}
app.kubernetes.io/name: parley
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "parley.labels" -}}
{{ include "parley.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "parley.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* What its nodes do; by default everything. */ -}}
{{- define "parley.roles" -}}
{{- .Values.config.roles | default (list "signalling" "relay" "turn") | join "," -}}
{{- end -}}

{{- /* The media ports: one for each loop, as many as there are processors unless set. */ -}}
{{- define "parley.lastMediaPort" -}}
{{- $media := .Values.config.media | default dict -}}
{{- $first := int ($media.port | default 20000) -}}
{{- $loops := int ($media.loops | default 0) -}}
{{- add $first (sub (ternary 64 $loops (eq $loops 0)) 1) -}}
{{- end -}}
