"""Sphinx's settings for the site; `python docs/site/build.py` writes its pages first."""

import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # where the two extensions lie

project = "Landscapes"
html_title = "Landscapes"
author = "The landscapes-hw1 authors"
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
extensions += ["mathml", "docstring_markup"]

# Pages and notebooks: Markdown as GitHub reads it; notebooks show the outputs they store.
myst_enable_extensions = ["dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4
nb_execution_mode = "off"
nb_merge_streams = True
highlight_language = "text"  # of indented blocks: commands, output; fenced ones name theirs

# Docstrings: Google's sections, Markdown's code marks. What `code` in them names becomes a link
# where the site has it.
default_role = "py:obj"
autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "signature"
python_maximum_signature_line_length = 80
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# The theme's fonts are the reader's own; nothing is fetched from elsewhere.
html_theme = "furo"
_fonts = Path(find_spec("ziamath").origin).parent / "fonts"
html_static_path = ["_static", str(_fonts / "STIXTwoMath-Regular.ttf")]
html_extra_path = [str(Path(__file__).parents[2] / "build" / "docs" / "extra")]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_sphinx = html_show_copyright = False
html_copy_source = html_use_index = html_domain_indices = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
