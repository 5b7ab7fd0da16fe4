"""Plots and the network as PNG and SVG, and the curves as CSV, each with the settings of its run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QDate,
    QIODevice,
    QLocale,
    QMimeData,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mnistviz import __version__
from mnistviz.engine.cancelling import Cancelled, until
from mnistviz.engine.curves_file import save_curves
from mnistviz.engine.digits import SIDE
from mnistviz.engine.files import check_writable, replacing
from mnistviz.engine.moment import Moment
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings_file import NotedRun, run_note
from mnistviz.gui.common.bare_picture import bare_bounds, paint_bare, resized
from mnistviz.gui.common.messages import home, save_dialog, saved_messages, tell
from mnistviz.gui.common.picture_file import png_bytes
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import Theme, theme
from mnistviz.gui.common.widgets import EntryMenu, problem_sentence, small_font
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.jobs import Writer, details
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.questions import recorded_run
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.saved_facts import line_of_run
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.network.card_report import card_for_report, units_told
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.views import COMPARE, CURVES, IDEAS, MISTAKES, NETWORK, UNIT_DETAIL, Views

if TYPE_CHECKING:
    from mnistviz.gui.ideas.parts.long_work import Told

MISTAKES_PICTURE: Final = QSize(1_130, 508)  # pixels, the size of that tab's picture
_OF_NETWORK: Final = ("network", "units", "unit", "row")
SVG_TYPE: Final = "image/svg+xml"


class Exports(QObject):
    """Copies and saves what the window shows. It is painted at once, and written in the background."""

    def __init__(
        self,
        lab: Lab,
        views: Views,
        actions: ActionBook,
        writer: Writer,
        report: Callable[..., object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._report = report
        self._lab, self._writer, self._window, self._actions = lab, writer, window, actions
        self._curves, self._network = views[CURVES], views[NETWORK]
        self._views = views
        self._folder = home()
        self._copied: QImage | None = None
        plots = [(self._curves.plot_picture(what).plot, what) for what in ("cost", "accuracy")]
        for view, what in (*plots, (self._network.picture, "network")):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._show_menu, view, what))

    def copy(self, what: str) -> None:
        """Put a picture on the clipboard, as pixels and as SVG: "cost", "accuracy", "compare", "network", "units",
        "unit", "row", "mistakes", or "figure", that of the open page of ideas."""
        with self._picture(what) as picture:
            if picture is None:
                return
            try:
                image, svg = as_image(picture), as_svg(picture)
            except Problem as problem:
                tell(self._window, tr("The picture could not be copied"), problem_sentence(problem))
                return
        data, self._copied = QMimeData(), image
        data.setImageData(image)
        data.setData(SVG_TYPE, QByteArray(svg))
        QGuiApplication.clipboard().setMimeData(data)
        self._report(tr("The picture is on the clipboard."))

    def close(self) -> None:
        """Reduce a copied picture to pixels: with two formats it is a Python object, which the clipboard may outlive,
        and then the program would crash at its end."""
        clipboard = QGuiApplication.clipboard()
        held: QMimeData | None = clipboard.mimeData()  # None if it has been cleared
        if self._copied is not None and held is not None and held.hasFormat(SVG_TYPE):
            clipboard.setImage(self._copied)

    def save(self, what: str) -> None:
        """Ask the user where to save what is shown when the file is chosen: a picture, as for `copy`, or "curves",
        "predictions", "film" or "report"."""
        if what == "predictions" and not self._lab.predictions.all:
            reason = tr("Answer a question first: in the ideas, in What next?, or of a belief to try.")
            tell(self._window, tr("There are no predictions yet"), reason)
            return
        run, tables = self._lab.run, {tr("Tables (*.csv)"): "csv"}
        if run is None and what not in ("figure", "predictions"):
            return
        pictures = {tr("PNG, pixels (*.png)"): "png", tr("SVG, lines (*.svg)"): "svg"}
        if what == "compare":
            pictures |= tables | {tr("Markdown (*.md)"): "md"}
        films = {tr("GIF, animated (*.gif)"): "gif", tr("WebP, animated (*.webp)"): "webp"}
        csv = self._lab.predictions.as_csv
        forms: Mapping[str, tuple[str, Mapping[str, str], Callable[[str], object]]] = {
            "curves": (tr("Save the curves"), tables, self.write_curves),
            "predictions": (tr("Save the predictions"), tables, lambda path: self._write_text(path, csv())),
            "film": (tr("Film of what it learns"), films, self.write_film),
            "report": (tr("Save a report"), {tr("Web pages (*.html)"): "html"}, self.write_report),
        }
        picture = tr("Save the picture"), pictures, partial(self.write_picture, what)
        title, kinds, write = forms.get(what, picture)
        name = f"{what}.{next(iter(kinds.values()))}"
        if run is not None and what != "predictions":
            name = "-".join(map(str, run.settings.sizes)) + f"-{name}"
        save_dialog(self._window, title, str(self._folder), name, kinds, write).open()

    def write_picture(self, what: str, path: str | Path) -> None:
        path = Path(path)
        if what == "compare" and path.suffix.lower() in (".csv", ".md"):
            if note := self._compared_note():
                text = self._views[COMPARE].as_text(markdown=path.suffix.lower() == ".md", note=note)
                self._write_text(path, text)
            return
        with self._picture(what) as picture:
            if picture is None:
                return
            try:
                if path.suffix.lower() == ".svg":
                    work = partial(_write, path, as_svg(picture))
                else:
                    work = partial(lambda image: _write(path, png_bytes(image)), as_image(picture))
            except Problem as problem:
                self._on_written(path, problem)
                return
        self._writer.write(work, partial(self._on_written, path))

    def _write_text(self, path: str | Path, text: str) -> None:
        path = Path(path)
        self._writer.write(partial(_write, path, text.encode()), partial(self._on_written, path))

    def _compared_note(self) -> str:
        shown = self._lab.shown
        run, digits = shown.run, shown.digits
        if run is None or digits is None:
            return ""
        return run_note(_noted(run, run.moment), digits, [_noted(each, each.moment) for each in shown.others])

    def write_curves(self, path: str | Path) -> None:
        path, run, digits = Path(path), self._lab.run, self._lab.digits
        if run is None or digits is None:
            return
        note = run_note(_noted(run, run.moment), digits)
        sizes = digits.sizes(run.settings)
        work = partial(save_curves, run.history, sizes["training"], path, note, sizes=sizes)
        work = partial(work, bands=run.bands, step_at=run.step_at)
        self._writer.write(work, partial(self._on_written, path))

    def write_film(self, path: str | Path) -> None:
        from mnistviz.gui.window.film import KINDS, Film, developed  # imported late, for a faster start

        path, run, digits = Path(path), self._lab.run, self._lab.digits
        suffix = path.suffix.lower() if path.suffix.lower() in KINDS else ".gif"
        if run is None or digits is None:
            return
        if (recorded := recorded_run(run, digits)) is None or not recorded.record.step:
            reason = tr("Let the run learn for some mini-batches first.")
            tell(self._window, tr("There is no film yet"), reason)
            return
        drawn, label = self._network.row.picture, self._network.row.true_label
        if drawn is None:
            drawn, label = digits.test.images[0].reshape(SIDE, SIDE), int(digits.test.labels[0])
        name = line = run_name(run, self._lab.runs.open)
        with suppress(Problem):  # only a file can hold it
            line = line_of_run(run, digits, recorded.record.step)
        words = name, tr("mini-batch {step} · epoch {epoch}"), tr("Test digits"), line
        font, learned = self._window.font(), self._network.showing.learned()
        hue = theme().run_colour(run.hue)
        film = Film(recorded, run.epoch, drawn, label, words, hue, theme(), font, learned)
        self._make(path, tr("Making the film …"), lambda tell: developed(film, suffix, tell))

    def write_report(self, path: str | Path) -> None:
        from mnistviz.gui.window.report import THEME, ReportContent, report_page

        path, shown = Path(path), self._lab.shown.of_run  # a report is about the run, not a preview
        run, digits, moment = shown.run, shown.digits, shown.moment
        if run is None or digits is None or moment is None:
            return
        curves = []
        for what in ("cost", "accuracy"):
            with self._picture(what, THEME) as picture:
                assert picture is not None
                curves.append(as_svg(picture))
        note = run_note(_noted(run, moment), digits)
        day = QLocale().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)
        try:
            line: str | Problem = line_of_run(run, digits, moment.step)
        except Problem as problem:
            line = problem
        parts = tuple(curves), note, line, day, moment_words.where(shown)
        content = ReportContent(run, shown.others, moment, shown.diverged, digits, *parts)
        self._make(path, tr("Making the report …"), partial(report_page, content))

    def _make(self, path: Path, what: str, make: Callable[[Told], bytes]) -> None:
        from mnistviz.gui.window.work_dialogs import WorkDialog

        def work(tell_progress: Told, cancelled: Cancelled) -> bytes:
            check_writable(path)  # before all the work, not after it
            return make(until(tell_progress, cancelled))

        def write(content: bytes) -> None:
            self._writer.write(partial(_write, path, content), written)

        written = partial(self._on_written, path)
        WorkDialog(path.name, self._lab.jobs, self._window).begin(what, work, write, written)

    @contextmanager
    def _picture(self, what: str, look: Theme | None = None) -> Iterator[ExportPicture | None]:
        """Yield a picture, to be rendered inside the context, a plot in the colours of `look`; None without one."""
        shown, ground = self._lab.shown, QColor((look or theme()).card)
        run, digits = shown.run, shown.digits
        if what == "figure":
            with self._views[IDEAS].for_report() as figures:
                page = self._views[IDEAS].page
                if figures is None or page is None:
                    yield None
                else:
                    note = f"mnistviz {__version__}, {page.question.title.text()}"
                    yield without_controls(figures, ground, note)
        elif (
            run is None
            or digits is None
            or shown.moment is None
            or (what == "row" and not self._network.row.is_on)
            or (what == "mistakes" and not self._views.is_seen(MISTAKES.id))
        ):
            yield None
        elif what == "mistakes":
            note = run_note(_noted(run, shown.moment), digits)
            with resized(self._views[MISTAKES], MISTAKES_PICTURE):
                yield without_controls(self._views[MISTAKES], ground, note)
        elif what == "compare":
            note = self._compared_note()
            with self._views[COMPARE].for_report() as widget:
                bare = QWidget.RenderFlag.DrawChildren  # on the picture's background
                yield ExportPicture(
                    widget.size(),
                    ground,
                    lambda painter: widget.render(painter, QPoint(), QRegion(), bare),
                    note,
                    clips=False,
                )
        elif what in _OF_NETWORK:
            mixed = "" if shown.preview is None else moment_words.preview(shown.preview)[0]
            note = f"# {moment_words.where(shown)}\n" + run_note(
                replace(_noted(run, shown.moment), mixed=mixed), digits
            )
            with self._of_network(what) as widget:
                picture = ExportPicture(
                    widget.size(), ground, lambda painter: widget.render(painter, QPoint()), note, clips=False
                )
                if what == "units":
                    picture = with_line(picture, units_told(self._network, shown), small_font(widget))
                yield picture
        else:
            note = f"# {moment_words.where(shown)}\n{self._compared_note()}"
            titled = self._curves.plot_picture(what)

            def paint(painter: QPainter) -> None:
                painter.translate(AROUND, AROUND)
                titled.paint(painter)

            with self._curves.ready(shown, look):
                yield ExportPicture(titled.picture_size + QSize(2 * AROUND, 2 * AROUND), ground, paint, note)

    def _of_network(self, what: str) -> AbstractContextManager[QWidget]:
        """Return a widget of the network card, its units, a row, or one unit, the first if none is chosen."""
        shown = self._lab.shown
        match what:
            case "unit":
                layer, unit = self._network.selection.chosen_unit or (self._network.layer, 0)
                return self._views[UNIT_DETAIL].for_report(shown, layer, unit)
            case "units" | "row":
                return card_for_report(self._network, shown, what)
        return card_for_report(self._network, shown)

    def _show_menu(self, view: QWidget, what: str, at: QPoint) -> None:
        menu = EntryMenu("picture_menu", "", view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        whats = _OF_NETWORK if what == "network" else (what,)
        names = [f"{act}_{each}_picture" for act in ("copy", "save") for each in whats]
        names += ["save_curves"] if what != "network" else []
        if what == "network" and (own := self._network.actions_at(at)):
            menu.addActions(own)
            menu.addSeparator()
        menu.addActions([self._actions[name] for name in names])
        menu.popup(view.mapToGlobal(at))

    def _on_written(self, path: Path, error: Exception | None) -> None:
        if error is None:
            self._folder = path.parent
            self._report(*saved_messages(path))
        else:
            tell(self._window, tr("The file could not be saved"), details(error))


def _noted(run: RunFacts, moment: Moment | None) -> NotedRun:
    step, digits = (0, 0) if moment is None else (moment.step, moment.digits)
    acts = tuple(act for act in run.history.interventions if act.step <= step)
    return NotedRun(run.settings, acts, step, digits, run.opened)


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


SHARPNESS: Final = 2  # pixels of a PNG per pixel of the screen
INCH: Final = 96  # pixels of the screen
AROUND: Final = 10  # pixels, the margin around a plot
LINE_AT: Final = 4  # pixels from the left, where the units begin as well


class ExportPicture(NamedTuple):
    """A picture: its size, background, painting function and note, and whether its painting needs clipping."""

    size: QSize
    ground: QColor
    paint: Callable[[QPainter], object]
    note: str
    clips: bool = True


def as_image(picture: ExportPicture) -> QImage:
    image = QImage(picture.size * SHARPNESS, QImage.Format.Format_RGB32)
    if image.isNull():
        raise Problem("picture_not_made")
    image.setDevicePixelRatio(SHARPNESS)
    image.fill(picture.ground)
    _paint(picture, QPainter(image))
    per_metre = round(INCH * SHARPNESS / 0.0254)
    image.setDotsPerMeterX(per_metre)
    image.setDotsPerMeterY(per_metre)
    image.setText("Software", "mnistviz")
    image.setText("Description", picture.note)
    return image


def as_svg(picture: ExportPicture) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    versions = QSvgGenerator.SvgVersion
    # only 1.1 supports clipping, but misplaces that of widgets
    drawing = QSvgGenerator(versions.Svg11 if picture.clips else versions.SvgTiny12)
    drawing.setOutputDevice(buffer)
    drawing.setResolution(INCH)
    drawing.setSize(picture.size)
    drawing.setViewBox(QRect(QPoint(0, 0), picture.size))
    drawing.setTitle("mnistviz")
    drawing.setDescription(picture.note)
    painter = QPainter(drawing)
    painter.fillRect(drawing.viewBox(), picture.ground)
    _paint(picture, painter)
    return bytes(buffer.data().data())


def without_controls(widget: QWidget, ground: QColor, note: str) -> ExportPicture:
    room = bare_bounds(widget)

    def paint(painter: QPainter) -> None:
        painter.translate(QPoint(AROUND, AROUND) - room.topLeft())
        paint_bare(widget, painter)

    return ExportPicture(room.size() + QSize(2 * AROUND, 2 * AROUND), ground, paint, note)


def with_line(picture: ExportPicture, text: str, font: QFont) -> ExportPicture:
    wraps = Qt.TextFlag.TextWordWrap
    wide = picture.size.width() - 2 * LINE_AT
    high = QFontMetrics(font).boundingRect(QRect(0, 0, wide, 1_000), wraps, text).height()

    def paint(painter: QPainter) -> None:
        painter.save()
        picture.paint(painter)
        painter.restore()
        painter.setFont(font)
        painter.setPen(QColor(theme().muted))
        painter.drawText(QRect(LINE_AT, picture.size.height(), wide, high), wraps, text)

    return picture._replace(size=picture.size + QSize(0, high + AROUND), paint=paint)


def _paint(picture: ExportPicture, painter: QPainter) -> None:
    """Paint the picture and always end the painter, which must not outlive its device."""
    try:
        picture.paint(painter)
    finally:
        painter.end()
