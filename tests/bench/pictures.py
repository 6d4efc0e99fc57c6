"""Pictures of how cost grows, with both axes logarithmic: there a dotted line shows what grows in proportion."""

from __future__ import annotations

import warnings
from pathlib import Path

warnings.filterwarnings(
    "ignore", "Unable to import Axes3D"
)  # the system may have a matplotlib besides that of the venv

import matplotlib  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: E402

from tests.bench.result import Growth  # noqa: E402

# Okabe and Ito's colours, which people who see fewer of them can tell apart too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SHAPES = "osD^vP"
PLAIN = FuncFormatter(lambda value, _: f"{value:,.10g}")  # 1,000,000 rather than a power of ten


def draw(growth: Growth, path: Path) -> None:
    """Writes a PNG. A point that is not above zero has no place on a logarithmic axis and is left out."""
    figure = Figure(figsize=(7, 4.2), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    lines = {name: sorted(point for point in line if min(point) > 0) for name, line in growth.lines.items()}
    for number, (name, line) in enumerate(lines.items()):
        look = {"color": COLOURS[number % len(COLOURS)], "marker": SHAPES[number % len(SHAPES)], "markersize": 5}
        axes.plot([size for size, _ in line], [cost for _, cost in line], label=name, linewidth=1.8, **look)
    first = next((line[0] for line in lines.values() if line), (1.0, 1.0))
    axes.axline(first, slope=1, color="#999999", linestyle=":", label=f"in proportion to {growth.size}")
    axes.set(xscale="log", yscale="log", xlabel=growth.size, ylabel=growth.cost)
    axes.set_title(growth.title, loc="left", fontsize=11)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=_subs(axis.get_view_interval())))
        axis.set_major_formatter(PLAIN)
        axis.set_minor_formatter(NullFormatter())
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": f"matplotlib {matplotlib.__version__}"})


def _subs(interval: tuple[float, float]) -> tuple[float, ...]:
    """Which numbers stand at an axis: the powers of ten alone, or more where there would be too few of them."""
    low, high = interval
    decades = high / low if low > 0 else 1e9
    return (1.0,) if decades > 1e3 else (1.0, 3.0) if decades > 30 else (1.0, 2.0, 5.0)
