"""Five renderings of one description: terminal, notebook, HTML, Markdown and PDF."""
