"""The arithmetic of the ideas, each in a file of its own: pure functions, for pages that a person tries."""
