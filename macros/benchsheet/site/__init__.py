"""The site: every page as Markdown, made of documents, protocols and shared tables; only ``plugin`` knows what builds it."""
