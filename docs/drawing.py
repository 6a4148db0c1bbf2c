"""What the Python examples of a page draw is shown under them: an extension of Sphinx.

The examples of a page with pictures run while the site is built, each picture is made by the code above it, and none is
kept with the sources. Below a block that ends with a mere name stands what notebooks show of it. Matplotlib's own
directive does not work in Markdown, and would want the code once more.
"""

import io
import warnings
from contextlib import chdir, redirect_stdout
from doctest import DocTestParser
from pathlib import Path

import matplotlib
from docutils import nodes
from matplotlib import pyplot
from sphinx.transforms import SphinxTransform
from sphinx.util.logging import getLogger

LOGGER = getLogger(__name__)

STYLE = {"backend": "agg", "figure.figsize": (8, 3), "figure.constrained_layout.use": True}


class Drawn(SphinxTransform):
    """Put what each block of examples has drawn under it."""

    default_priority = 400

    def apply(self, **_):
        """Run the examples of a page that draws."""
        blocks = [block for block in self.document.findall(nodes.literal_block) if block.get("language") == "python"]
        if not any(".plot(" in block.astext() for block in blocks):
            return
        names = {"__name__": "__main__"}
        with matplotlib.rc_context(STYLE), chdir(self.app.srcdir), warnings.catch_warnings():
            warnings.simplefilter("error")
            for number, block in enumerate(blocks):
                last = run(block, names)
                shown = [
                    nodes.image(uri=self.saved(number, figure), alt="what the code draws")
                    for figure in pyplot.get_fignums()
                ]
                if last.isidentifier() and hasattr(names.get(last), "_repr_html_"):
                    shown.append(nodes.raw(text=names[last]._repr_html_(), format="html"))
                place = block.parent.index(block) + 1
                block.parent[place:place] = shown

    def saved(self, block, figure):
        """Save a figure where Sphinx finds it, and close it."""
        path = Path("build", "pictures", f"{self.env.docname.replace('/', '-')}-{block}-{figure}.svg")
        path.parent.mkdir(parents=True, exist_ok=True)
        pyplot.figure(figure).savefig(path)
        pyplot.close(figure)
        return f"/{path.as_posix()}"


def run(block, names):
    """Run the examples of a block, and give the last one; the tests look at what they print."""
    source = ""
    for example in DocTestParser().get_examples(block.astext()):
        source = example.source.strip()
        try:
            with redirect_stdout(io.StringIO()):
                exec(compile(example.source, "<example>", "single"), names)
        except Exception as error:
            if example.exc_msg is None:
                LOGGER.warning("%s raises %r", source, error, location=block)
    return source


def setup(app):
    """Add the transform."""
    app.add_transform(Drawn)
