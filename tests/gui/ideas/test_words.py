"""The tables of words: what a page says is in its table."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from mnistviz.gui.ideas import pages
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.ideas.pages import PAGES, PageEntry
from tests.gui.children import described_controls
from tests.gui.ideas.conftest import OpenPage


def asked_for(page: str) -> set[str]:
    """The ids that a page's files ask for as literals: `say("id")`, or `say("id" if … else "other")`."""
    found: set[str] = set()
    for source in (Path(pages.__file__).parent / page).glob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "say" and call.args:
                id = call.args[0]
                parts = [id.body, id.orelse] if isinstance(id, ast.IfExp) else [id]
                found |= {str(part.value) for part in parts if isinstance(part, ast.Constant)}
    return found


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_each_control_has_names_and_a_tooltip(open_page: OpenPage, entry: PageEntry) -> None:
    assert len(described_controls(open_page(Page, id=entry.id))) > 2


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_what_a_page_says_is_in_its_table(entry: PageEntry) -> None:
    say = import_module(f"mnistviz.gui.ideas.{entry.id}.{entry.id}_words").say
    asked = asked_for(entry.id)
    assert len(asked) > 10
    for id in asked:
        assert say(id)
    for task in entry.tasks:
        assert say(f"task_{task}")
        assert say(f"done_{task}")
    assert say("title") == entry.title, "the list calls it so, too"
