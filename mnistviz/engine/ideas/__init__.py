"""The arithmetic of the ideas of the book's first chapter: pure functions, one file a page."""
