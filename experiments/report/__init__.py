"""The report: run folders to `results.json`, and from there, laid out by Typst, PDF and HTML."""
