"""The rows of the benchmark as a Markdown table and as pictures."""

import re
from datetime import date
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

PLANNING = "planning"
LONGEST_BAR = 5
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table(rows):
    lines = ["| work | tool | wall time | ratio | resident |", "|---|---|--:|--:|--:|"]
    for row in rows:
        goal = f" (goal: {row.goal})" if row.goal else ""
        for position, contestant in enumerate(row.contestants):
            ratio = "" if row.name.startswith(PLANNING) else f"{contestant.ratio_to(row.reference):.2f}"
            name = f"**{contestant.name}**" if contestant.name == "sluice" else contestant.name
            lines.append(
                f"| {row.name + goal if position == 0 else ''} | {name} | {_time(contestant.seconds)} | {ratio} "
                f"| {contestant.megabytes:.0f} MB |"
            )
    return "\n".join(lines) + "\n"


def write(rows, server, load, output, docs):
    """`load`: the machine's load average at the start. `docs`: the folder of the documentation to renew, or None."""
    text = f"{_circumstances(server, load)}\n\n{table(rows)}"
    (output / "table.md").write_text(text, encoding="utf-8")
    compared = [row for row in rows if not row.name.startswith(PLANNING)]
    planning = [row for row in rows if row.name.startswith(PLANNING)]
    for folder in [output, *([docs] if docs else [])]:
        if compared:
            _draw_ratios(compared, folder / "speed.png")
        if planning:
            _draw_planning(planning[0], folder / "planning.png")
    if docs:
        page = docs / "performance.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


def _time(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _circumstances(server, load):
    models = re.findall(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    version = server.psql("postgres", "SHOW server_version")[0]
    processor = f"{len(models)} × {models[0]}" if models else "an unknown processor"
    return (
        f"Measured on {date.today().isoformat()}, {processor}, load of other work {load:.1f}, PostgreSQL {version} in\n"
        "memory with fsync off; medians."
    )


def _draw_ratios(rows, path):
    figure, axes = pyplot.subplots(1, len(rows), figsize=(4 * len(rows), 3.4), squeeze=False)
    for row, plot in zip(rows, axes[0]):
        names = [contestant.name for contestant in row.contestants]
        ratios = [contestant.ratio_to(row.reference) for contestant in row.contestants]
        times = [_time(contestant.seconds) for contestant in row.contestants]
        widths = [min(ratio, LONGEST_BAR) for ratio in ratios]  # one slow tool must not hide the others
        bars = plot.barh(names, widths, color=["#1f77b4" if name == "sluice" else "#bbbbbb" for name in names])
        plot.bar_label(bars, [f" {ratio:.2f} ×  {time}" for ratio, time in zip(ratios, times)], fontsize=8)
        plot.invert_yaxis()
        plot.set_xlim(0, 1.7 * max(widths))
        plot.set_title(row.name, fontsize=10)
        plot.set_xlabel(f"wall time, {row.reference.name} = 1", fontsize=8)
        plot.tick_params(labelsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def _draw_planning(row, path):
    chains = [contestant for contestant in row.contestants if contestant.name.endswith("revisions")]
    counts = [int(contestant.name.split()[0]) for contestant in chains]
    figure, plot = pyplot.subplots(figsize=(5, 3.4))
    plot.plot(counts, [contestant.seconds * 1000 for contestant in chains], "o-")
    plot.set_xlim(left=0)
    plot.set_ylim(bottom=0)
    plot.set_xlabel("revisions on disk")
    plot.set_ylabel("sluice plan, ms")
    plot.set_title("planning grows with the number of revisions, not faster", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
