"""One HTML file that needs nothing else: styles inside, no scripts, printable; every text is escaped."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from stenogram.exporters.document import PALETTE, document
from stenogram.pipeline.ports import ExportRequest


def export(request: ExportRequest) -> bytes:
    return page(request).encode()


def page(request: ExportRequest) -> str:
    """The whole document; the PDF is made of the same."""
    folder = files("stenogram.exporters") / "templates"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string((folder / "transcript.html").read_text("utf-8"))
    style = environment.filters["safe"]((folder / "transcript.css").read_text("utf-8"))
    return template.render(doc=document(request), style=style, palette=PALETTE)
