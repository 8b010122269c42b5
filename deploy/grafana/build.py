"""Make dashboards/routing.json of panels.yaml: run it to write, with `--check` to compare only.

Plain JSON, no Grafana package: layout and looks are here, what is shown is in panels.yaml.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "panels.yaml"
OUTPUT = HERE / "dashboards" / "routing.json"
COLUMNS = 24  # Grafana's grid
PANEL_WIDTH = 8
PANEL_HEIGHT = 8
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}

Json = dict[str, object]


def target(query: Mapping[str, str], ref: str) -> Json:
    """Make one query of a panel."""
    return {
        "refId": ref,
        "datasource": SOURCE,
        "editorMode": "code",
        "expr": query["expr"],
        "legendFormat": query["legend"],
        "range": True,
    }


def looks(stack: bool) -> Json:
    """Give the line style; stacked panels show areas, since their sum means something."""
    return {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 30 if stack else 0,
        "showPoints": "auto",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stack else "none", "group": "A"},
    }


def field_config(spec: Mapping[str, object]) -> Json:
    """Give unit, axis and style of every series of a panel."""
    defaults: Json = {"unit": spec["unit"], "min": 0, "custom": looks(bool(spec.get("stack")))}
    if "max" in spec:
        defaults["max"] = spec["max"]
    return {"defaults": defaults, "overrides": []}


def panel(spec: Mapping[str, object], number: int, x: int, y: int) -> Json:
    """Make one time series panel at grid position (x, y)."""
    queries = spec["queries"]
    assert isinstance(queries, list)  # noqa: S101  # narrows for mypy; the tests check the file's form
    made: Json = {
        "id": number,
        "type": "timeseries",
        "title": spec["title"],
        "description": spec["description"],
        "datasource": SOURCE,
        "gridPos": {"h": PANEL_HEIGHT, "w": PANEL_WIDTH, "x": x, "y": y},
        "fieldConfig": field_config(spec),
        "options": {
            "legend": {
                "displayMode": "list",
                "placement": "bottom",
                "showLegend": True,
                "calcs": [],
            },
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [target(query, chr(ord("A") + place)) for place, query in enumerate(queries)],
    }
    if spec.get("coarse"):
        made["interval"] = "10m"
    return made


def row(title: str, number: int, y: int) -> Json:
    """Make the heading of a row."""
    return {
        "id": number,
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": y},
        "panels": [],
    }


def panels(content: Sequence[Mapping[str, object]]) -> Iterator[Json]:
    """Lay rows and their panels out, three panels beside each other, numbered from 1."""
    numbers = itertools.count(1)
    y = 0
    for section in content:
        yield row(str(section["row"]), next(numbers), y)
        y += 1
        specs = section["panels"]
        assert isinstance(specs, list)  # noqa: S101  # narrows for mypy; the tests check the file's form
        for place, spec in enumerate(specs):
            line, column = divmod(place, COLUMNS // PANEL_WIDTH)
            yield panel(spec, next(numbers), column * PANEL_WIDTH, y + line * PANEL_HEIGHT)
        y += -(-len(specs) // (COLUMNS // PANEL_WIDTH)) * PANEL_HEIGHT


def label_variable(name: str, title: str, query: str) -> Json:
    """Make a variable of a label's values. Of a `multi` one Grafana escapes the values for =~."""
    return {
        "name": name,
        "label": title,
        "type": "query",
        "datasource": SOURCE,
        "query": {"qryType": 1, "query": query, "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
        "options": [],
    }


def variables() -> list[Json]:
    """Give the data source, desk and queue choosers."""
    source: Json = {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "refresh": 1,
        "options": [],
    }
    desk = label_variable("desk", "Desk", "label_values(routing_journal_seq, desk)")
    queue = label_variable(
        "queue", "Queue", 'label_values(routing_items_open{desk=~"$desk"}, queue)'
    )
    return [source, desk, queue]


def dashboard(content: Sequence[Mapping[str, object]]) -> Json:
    """Make the whole dashboard in the form of Grafana 11 and later."""
    return {
        "uid": "routing-service",
        "title": "Routing service",
        "description": "Queues, promises, agents, service health. Runbooks: deploy/README.md.",
        "tags": ["routing-service"],
        "schemaVersion": 41,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "links": [],
        "templating": {"list": variables()},
        "panels": list(panels(content)),
    }


def render() -> str:
    """Give the text of dashboards/routing.json as panels.yaml says it today."""
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    return json.dumps(dashboard(content), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the dashboard, or with --check tell (exit code 1) that it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether it would change")
    if not parser.parse_args().check:
        OUTPUT.write_text(render(), encoding="utf-8")
        return 0
    if OUTPUT.read_text(encoding="utf-8") == render():
        return 0
    sys.stderr.write(f"{OUTPUT.name} is out of date: run python deploy/grafana/build.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
