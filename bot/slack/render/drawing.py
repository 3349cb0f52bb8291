"""What all pictures share: their type and colours, and that only one is drawn at a time.

Imported only when a picture is wanted. Colours are those of Okabe and Ito, which colour-blind people can tell
apart.
"""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

DPI = 165
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY, INK, FAINT = "#767676", "#1d1c1d", "#e3e3e3"
# The font that comes with matplotlib.
FAMILY = "DejaVu Sans"
STYLE: Any = {"font.family": FAMILY, "font.size": 14, "text.parse_math": False, "path.simplify": False}

# Matplotlib shares caches between figures and says of itself that threads must take turns.
_TURN = threading.Lock()


def drawn(draw: Callable[[Figure], None], *, width: int, height: int) -> bytes:
    """A picture of so many pixels as PNG; the same strokes give the same bytes."""
    with _TURN, mpl.rc_context(STYLE):
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        draw(figure)
        file = BytesIO()
        figure.savefig(file, format="png", dpi=DPI)
        return file.getvalue()
