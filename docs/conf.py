"""The documentation site, which `nox -s docs` builds.

Its source is the whole repository, so that pages outside docs/ are part of it as they are, and a link from file to file
leads to the same page on GitHub and on the site.
"""

import re
import sys
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # for drawing.py, and for the package, which need not be built

project = "intervalues"
version = release = (HERE.parent / "VERSION").read_text(encoding="utf-8").strip()
copyright = "the intervalues developers"

extensions = ["myst_parser", "sphinx.ext.autodoc", "drawing"]
root_doc = "docs/index"
include_patterns = ["*.md", "benchmarks/*.md", "docs/**.md", "examples/*.md"]
exclude_patterns = [".*", "build", "dist", "rust", "tests", "wheelhouse"]

html_theme = "furo"
html_title = "intervalues"
html_extra_path = ["site"]
html_show_sphinx = False

myst_heading_anchors = 3  # as GitHub has them
smartquotes = False  # "day" is a text to type

# Docstrings: what stands in backticks is linked where it is a public name. Types are in the code, not in signatures.
default_role = "py:obj"
nitpick_ignore_regex = [("py:obj", ".*")]
autodoc_typehints = "none"
autodoc_preserve_defaults = True
add_module_names = False
toc_object_entries_show_parents = "hide"

OPTION = re.compile("`[a-z]+`: ")
PAGE = re.compile(r"\b(docs/\w+)\.md")
QUOTED = re.compile(r"`([^`]+)`(\w?)")


def prepare(app, what, name, obj, options, lines):
    """Make a docstring reStructuredText: its options, such as "`how`: ", a list, and "`Interval`s" a link."""
    inside = False
    prepared = []
    for line in lines:
        if OPTION.match(line):
            prepared += [*[""] * (not inside), f"- {line}"]
            inside = True
        else:
            inside = inside and bool(line)
            prepared.append(f"  {line}" if inside else line)
    text = QUOTED.sub(r"`\1`\\ \2", "\n".join(prepared))
    lines[:] = PAGE.sub(r":doc:`/\1`", text).split("\n")


def trim(app, doctree):
    """Leave out the empty line with which blocks of examples end."""
    for block in doctree.findall(nodes.literal_block):
        block.rawsource = block.astext().rstrip()
        block[:] = [nodes.Text(block.rawsource)]


def setup(app):
    """Connect what is done while the site is built."""
    app.connect("autodoc-process-docstring", prepare)
    app.connect("doctree-read", trim)
