"""Watch a neural network learn to read handwritten digits."""

__version__ = "0.2.0"
PROJECT_PAGE = "https://pypi.org/project/mnistviz/"
