"""What the run shows, in words: up to three findings, each with a button for its remedy and one to put it away."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mnistviz.engine.observations import Finding
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, engine_sentence
from mnistviz.gui.lab.findings import findings_of
from mnistviz.gui.lab.shown import Shown

MOST = 3
_LEAST_WIDE = 420  # pixels
EVERY = 15  # frames, while the run learns
_MEASURED = {"share", "times", "training", "validation", "before", "after"}
"""Values that drift from epoch to epoch: a finding stays the same while only they change."""


class Notice(QFrame):
    """The first finding large, two more small. Hidden while there is nothing to say."""

    remedy_wanted = Signal(dict, bool)  # the settings that would help, and whether only in a new run

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName("notice")
        self._found: Sequence[Finding] = ()
        self._dismissed: set[Hashable] = set()
        self._frames = 0
        self._due = False
        self._wide = False
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 6, 8)
        column.setSpacing(7)
        self.rows = [FindingRow(number, theme) for number in range(1, MOST + 1)]
        for row in self.rows:
            row.apply_button.clicked.connect(self._apply)
            row.dismiss_button.clicked.connect(self._dismiss)
            column.addWidget(row)
        self.hide()

    def draw(self, shown: Shown) -> None:
        """Shows what the run shows, now and then. While a new evaluation is half done, the old findings stay."""
        if (run := shown.run) is None:
            return
        self._frames += 1
        self._due |= self._frames % EVERY == 0 or not run.playing
        if self._due and len({evaluation.step for evaluation in run.evaluations.values()}) < 2:
            self._due = False
            self.show_findings(findings_of(shown))

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Shows the most important ones of `found` that were not put away."""
        self._found = found
        shown = [finding for finding in found if _identity(finding) not in self._dismissed]
        most = 1 if self._wide else MOST
        for number, row in enumerate(self.rows):
            row.show_finding(shown[number] if number < min(most, len(shown)) else None)
        self.setVisible(bool(shown))

    def set_wide(self, wide: bool) -> None:
        """Whether it is one line: then it shows the most important finding only, and the next once that is put away."""
        self._wide = wide
        for row in self.rows:
            row.set_wide(wide)
        margins = (10, 4, 6, 4) if wide else (10, 7, 6, 8)
        self._column.setContentsMargins(*margins)
        self.show_findings(self._found)

    def forget(self) -> None:
        """Forgets what was found and what was put away, for a new run."""
        self._due = False
        self._dismissed.clear()
        self.show_findings(())

    def set_theme(self, theme: Theme) -> None:
        for row in self.rows:
            row.set_theme(theme)

    def _apply(self) -> None:
        finding = self._finding()
        if finding is not None:
            self.remedy_wanted.emit(dict(finding.remedy), finding.in_new_run)

    def _dismiss(self) -> None:
        finding = self._finding()
        if finding is not None:
            self._dismissed.add(_identity(finding))
            self.show_findings(self._found)

    def _finding(self) -> Finding | None:
        """The one whose button was pressed."""
        button = self.sender()
        return next(row.finding for row in self.rows if button in (row.apply_button, row.dismiss_button))


class FindingRow(QWidget):
    """One finding."""

    def __init__(self, number: int, theme: Theme) -> None:
        super().__init__()
        self.finding: Finding | None = None
        self.text = QLabel()
        self.text.setProperty("role", "noticeText")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # it may name a class of the data set
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        describe(
            self.text,
            f"finding_{number}",
            self.tr("What is to be seen"),
            self.tr("What the run shows at this moment."),
        )
        self.apply_button = QPushButton()
        describe(
            self.apply_button,
            f"apply_remedy_{number}_button",
            self.tr("Apply the remedy"),
            self.tr("Sets what would help: at the next mini-batch, or ready for a new run."),
        )
        self.dismiss_button = QPushButton()
        self.dismiss_button.setProperty("role", "quiet")
        describe(
            self.dismiss_button,
            f"dismiss_finding_{number}_button",
            self.tr("Put this away"),
            self.tr("Hides this until something else is to be seen."),
        )
        self._words = words = QVBoxLayout()
        words.setSpacing(5)
        words.addWidget(self.text, 1)
        words.addWidget(self.apply_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.dismiss_button, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.hide()

    def set_wide(self, wide: bool) -> None:
        """Whether the sentence and its button stand beside each other."""
        direction = QBoxLayout.Direction
        self._words.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self.text.setMinimumWidth(_LEAST_WIDE if wide else 0)  # or it would ask for room for many short lines

    def show_finding(self, finding: Finding | None) -> None:
        if finding == self.finding:
            return
        self.finding = finding
        self.setVisible(finding is not None)
        if finding is None:
            return
        values = dict(finding.values)
        if "setting" in values:
            field = str(values["setting"])
            values |= {
                name: names.value(field, values[name])
                for name in ("old", "new")
                if isinstance(values[name], str)
            }
        self.text.setText(engine_sentence(finding.code, values))
        self.apply_button.setVisible(bool(finding.remedy))
        remedy = ",\n".join(
            self.tr("{name} = {value}").format(name=names.short(field), value=names.value(field, value))
            for field, value in finding.remedy.items()
        )
        self.apply_button.setText(self.tr("Apply: {remedy}").format(remedy=remedy))

    def set_theme(self, theme: Theme) -> None:
        self.dismiss_button.setIcon(icon("remove", theme.muted))


def _identity(finding: Finding) -> Hashable:
    """What makes a finding another one than before."""
    return finding.code, tuple(
        (name, value) for name, value in finding.values.items() if name not in _MEASURED
    )
