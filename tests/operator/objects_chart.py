"""A chart that is whatever its values hold: `objects`, a list of manifests."""

import contextlib
import tempfile
from pathlib import Path

TEMPLATE = "{{- range .Values.objects }}\n---\n{{ toYaml . }}\n{{- end }}\n"


@contextlib.contextmanager
def objects_chart():
    """Its directory."""
    with tempfile.TemporaryDirectory(prefix="sluice-chart-") as directory:
        chart = Path(directory)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: objects\nversion: 0.1.0\n")
        (chart / "templates").mkdir()
        (chart / "templates/objects.yaml").write_text(TEMPLATE)
        yield chart
