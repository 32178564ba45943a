"""The rows of the benchmark as a Markdown table and as pictures."""

import re
from datetime import date
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

LONGEST_BAR = 5
BARS_ABREAST = 5
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table(rows):
    lines = [
        "| work | tool | wall time | ratio | processor time: tool | server | ratio | resident |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        goal = f" (goal: {row.goal})" if row.goal else ""
        for position, contestant in enumerate(row.contestants):
            ratio = "" if row.grows else f"{contestant.ratio_to(row.reference):.2f}"
            work_ratio = "" if row.grows else f"{contestant.work_ratio_to(row.reference):.2f}"
            name = f"**{contestant.name}**" if _is_ours(contestant.name) else contestant.name
            cells = [
                row.name + goal if position == 0 else "", name, _time(contestant.seconds), ratio,
                _time(contestant.worked), _time(contestant.served), work_ratio, f"{contestant.megabytes:.0f} MB",
            ]  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write(rows, server, load, output, docs):
    """`load`: the machine's load average at the start. `docs`: the folder of the documentation to renew, or None."""
    text = f"{_circumstances(server, load)}\n\n{table(rows)}"
    (output / "table.md").write_text(text, encoding="utf-8")
    for folder in [output, *([docs] if docs else [])]:
        for picture in sorted({row.picture for row in rows}):
            shown = [row for row in rows if row.picture == picture]
            draw = _draw_growth if shown[0].grows else _draw_ratios
            draw(shown, folder / f"{picture}.png")
    if docs:
        page = docs / "performance.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


def _is_ours(name):
    return name.startswith("sluice")


def _time(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _circumstances(server, load):
    models = re.findall(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    version = server.psql("postgres", "SHOW server_version")[0]
    processor = f"{len(models)} × {models[0]}" if models else "an unknown processor"
    return (
        f"Measured on {date.today().isoformat()}, {processor}, load of other work {load:.1f}, PostgreSQL {version} in\n"
        "memory with fsync off; medians, the server's processor time a mean."
    )


def _draw_ratios(rows, path):
    lines = -(-len(rows) // BARS_ABREAST)
    columns = -(-len(rows) // lines)
    figure, axes = pyplot.subplots(lines, columns, figsize=(4 * columns, 3.4 * lines), squeeze=False)
    plots = axes.flatten()
    for plot in plots[len(rows) :]:
        plot.axis("off")
    for row, plot in zip(rows, plots):
        names = [contestant.name for contestant in row.contestants]
        ratios = [contestant.ratio_to(row.reference) for contestant in row.contestants]
        times = [_time(contestant.seconds) for contestant in row.contestants]
        widths = [min(ratio, LONGEST_BAR) for ratio in ratios]  # one slow tool must not hide the others
        bars = plot.barh(names, widths, color=["#1f77b4" if _is_ours(name) else "#bbbbbb" for name in names])
        plot.bar_label(bars, [f" {ratio:.2f} ×  {time}" for ratio, time in zip(ratios, times)], fontsize=8)
        plot.invert_yaxis()
        plot.set_xlim(0, 1.7 * max(widths))
        plot.set_title(row.name, fontsize=10)
        plot.set_xlabel(f"wall time, {row.reference.name} = 1", fontsize=8)
        plot.tick_params(labelsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def _draw_growth(rows, path):
    (row,) = rows
    curve = [contestant for contestant in row.contestants if contestant.name.endswith(row.grows)]
    counts = [int(contestant.name.split()[0]) for contestant in curve]
    figure, plot = pyplot.subplots(figsize=(5, 3.4))
    plot.plot(counts, [contestant.seconds * 1000 for contestant in curve], "o-")
    plot.set_xlim(left=0)
    plot.set_ylim(bottom=0)
    plot.set_xlabel(row.grows)
    plot.set_ylabel("ms")
    plot.set_title(row.name, fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
