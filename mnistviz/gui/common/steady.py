"""A slider and a list that use the wheel only while they have the focus; else it scrolls what they stand in."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSlider, QStyle, QStyledItemDelegate, QStyleOptionComboBox

from mnistviz.gui.common.wrapped import whole_words


class SteadySlider(QSlider):
    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.words: Callable[[int], str] = str
        """What a position means, with its unit, for assistive technologies."""

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        super().sliderChange(change)
        if change == QSlider.SliderChange.SliderValueChange and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SteadyList(QComboBox):
    """A list as wide as its text, or with whole words left out; it uses the wheel only while it has the focus."""

    def __init__(self) -> None:
        policy = QComboBox.SizeAdjustPolicy.AdjustToContents
        super().__init__(sizeAdjustPolicy=policy, iconSize=QSize(0, 0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # the only one that the style sheet styles

    def words_room(self) -> int:
        option = QStyleOptionComboBox()
        super().initStyleOption(option)
        field, combo = QStyle.SubControl.SC_ComboBoxEditField, QStyle.ComplexControl.CC_ComboBox
        return self.style().subControlRect(combo, option, field, self).width() + 1  # Qt measures ink only

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        option.currentText = whole_words(option.currentText, self.fontMetrics(), self.words_room())

    def showPopup(self) -> None:
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width() if self.count() > self.maxVisibleItems() else 0
        wanted = view.sizeHintForColumn(0) + 2 * view.frameWidth() + bar
        view.setMinimumWidth(min(wanted, self.screen().availableGeometry().width()))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
