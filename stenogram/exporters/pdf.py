"""PDF of the HTML document. Nothing is fetched: no network, no files; headings become bookmarks."""

from stenogram.exporters.html import page
from stenogram.pipeline.ports import ExportRequest


def export(request: ExportRequest) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class NoFetcher(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        """Refuses every address: the page carries all it needs."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> None:
            raise FatalURLFetchingError(f"the document asked for {url[:100]}")

    data: bytes = HTML(string=page(request), url_fetcher=NoFetcher()).write_pdf()
    return data
