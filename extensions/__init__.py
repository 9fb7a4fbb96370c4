"""The Python-Markdown extensions of this site. They need Markdown alone, so any builder that uses it can load them."""
