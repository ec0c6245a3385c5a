"""The page on which a person teaches classes of their own: show examples, train, see the labels live, correct, keep."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PyQt5.QtWidgets import QHBoxLayout, QTabWidget, QTextBrowser, QWidget

from webcam_app.capture.text import printable
from webcam_app.live import LiveState, Result
from webcam_app.teaching.gathering import Taught
from webcam_app.teaching.store import NewModel
from webcam_app.window.dialogs.opened import OpenDialogs
from webcam_app.window.live.announcer import FaceAnnouncer, faces_text
from webcam_app.window.live.model.switch import model_name
from webcam_app.window.live.page import LivePage
from webcam_app.window.live.picture.face_painter import LabelStyle
from webcam_app.window.page import Page, PageParts, Shared
from webcam_app.window.settings.folders import teaching_folder
from webcam_app.window.teach.actions import TeachActions
from webcam_app.window.teach.bars import TeachControls, TeachHeader, TeachStatus
from webcam_app.window.teach.class_list import ClassList
from webcam_app.window.teach.preview import Preview
from webcam_app.window.teach.result import NOT_YET, result_html, result_line
from webcam_app.window.teach.studio import Studio
from webcam_app.window.teach.taking import Taker
from webcam_app.window.translation import number, tr, translated
from webcam_app.window.widgets.banner import Severity
from webcam_app.window.widgets.toast import Toast

TEACH, DELETE = "teach", "delete examples"
SIDE_MOST = 480


class TeachContent(QWidget):
    """The picture on the left, the classes or the result on the right; keys 1 to 9 are held for their classes."""

    shown = pyqtSignal()
    hidden = pyqtSignal()
    digit = pyqtSignal(int, bool)
    """A key 1 to 9, and whether it is pressed or released."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("teach")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.preview = Preview()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        bar = self.tabs.tabBar()
        if bar is not None:
            bar.setDrawBase(False)
        self.tabs.setMaximumWidth(SIDE_MOST)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.preview, 5)
        layout.addWidget(self.tabs, 3)

    def showEvent(self, event: QShowEvent | None) -> None:
        """The page is shown."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Another page is shown."""
        super().hideEvent(event)
        self.hidden.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """A class's key is pressed."""
        if event is not None and not self._on_key(event, pressed=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """A class's key is released."""
        if event is not None and not self._on_key(event, pressed=False):
            super().keyReleaseEvent(event)

    def _on_key(self, event: QKeyEvent, *, pressed: bool) -> bool:
        number = event.key() - Qt.Key.Key_0
        if not 1 <= number <= 9 or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if not event.isAutoRepeat():
            self.digit.emit(number, pressed)
        return True


class TeachPage(Page):
    """Makes the parts of the page and connects them."""

    def __init__(self, shared: Shared, live: LivePage, dialogs: OpenDialogs, window: QWidget) -> None:
        """Make it.

        Args:
            shared: what the window shares with its pages.
            live: the page whose picture and model are used here too.
            dialogs: shows dialogs.
            window: the window.
        """
        self.content = TeachContent()
        self.actions_: TeachActions = TeachActions(self.content)
        self.header = TeachHeader(shared.actions)
        self.controls = TeachControls(self.actions_, shared.actions)
        self.status = TeachStatus(self.actions_)
        super().__init__(PageParts(self.header, self.content, self.controls, self.status), self.actions_, window)
        self.held_keys = ((tr("1 to 9, held"), tr("Take pictures of the class of that number")),)
        self._shared, self._live, self._dialogs, self._window = shared, live, dialogs, window
        self.banner = shared.banner
        self.studio = Studio(teaching_folder(), self)
        self.taker = Taker(live.engine, self.studio, self)
        self.preview = self.content.preview
        self.classes = ClassList(self.studio)
        self.result = QTextBrowser()
        self.result.setOpenLinks(False)
        document = self.result.document()
        if document is not None:
            document.setDocumentMargin(12)
        self.result.setAccessibleName(tr("How good the model is"))
        self.result.setHtml(f"<p>{translated(NOT_YET)}</p>")
        self.content.tabs.addTab(self.classes, tr("Classes"))
        self.content.tabs.addTab(self.result, tr("How good it is"))
        self.toast = Toast(self.preview.canvas)
        self.announcer = FaceAnnouncer(self.preview.canvas)
        self._taught: Taught | None = None
        self._connect()
        self._show_classes()
        self._show_model()

    @property
    def model_in_use(self) -> bool:
        """Whether the labels are those of the model that was taught here."""
        return self._live.models.path == self.studio.folder / "model.json"

    def open(self, spec: str) -> None:
        """What is opened is shown here too."""
        self._live.open(spec)

    def cancel(self) -> None:
        """Esc: end the training or the looking at pictures."""
        if self.studio.cancellable:
            self.studio.cancel()

    def close(self, timeout_seconds: float) -> None:
        """End all work."""
        self.taker.release()
        self.studio.close(max(0.0, timeout_seconds / 2))

    def _connect(self) -> None:
        actions, studio = self.actions_, self.studio
        for action, function in (
            (actions.train, studio.train),
            (actions.add_class, self._add_class),
            (actions.add_folders, self._ask_folders),
            (actions.save, self._ask_where_to_save),
            (actions.export, self._ask_where_to_export),
            (actions.show_pictures, lambda: self._shared.folders.show(studio.folder)),
            (actions.delete_all, self._ask_delete_all),
        ):
            action.triggered.connect(lambda _checked=False, call=function: call())
        self.content.shown.connect(self._on_shown)
        self.content.hidden.connect(self.taker.release)
        self.content.digit.connect(self._on_digit)
        self.controls.cancel.clicked.connect(lambda _checked=False: studio.cancel())
        self.classes.hold.connect(self.taker.hold)
        self.classes.release.connect(self.taker.release)
        self.classes.files_wanted.connect(self._ask_pictures)
        self.classes.folders_wanted.connect(self._ask_folders)
        self.classes.remove_wanted.connect(self._ask_remove)
        self.taker.changed.connect(self._refresh)
        studio.classes_changed.connect(self._show_classes)
        studio.pictures_added.connect(lambda *_: self._show_classes())
        studio.pictures_changed.connect(lambda _: self._show_classes())
        studio.work_changed.connect(self._show_classes)
        studio.taught.connect(self._on_taught)
        studio.problem.connect(lambda problem: self.banner.show_message(TEACH, problem, Severity.ERROR))
        self.preview.canvas.on_painted = self._live.engine.mark_painted
        self._live.bridge.result.connect(self._on_result)
        self._live.bridge.engine_event.connect(lambda _: self._show_source())
        self._live.models.switched.connect(self._show_model)
        self._shared.settings.changed.connect(self._apply_settings)

    def _apply_settings(self) -> None:
        settings = self._shared.settings.current
        self.preview.canvas.set_style(LabelStyle(settings.text_percent, settings.show_masks, settings.show_no_masks))

    def _on_shown(self) -> None:
        self._apply_settings()
        self.studio.open()
        self._show_source()
        self._refresh()

    def _on_result(self, result: Result) -> None:
        if not self.content.isVisible():
            return
        if not self.preview.placeholder.isHidden():
            self.preview.placeholder.hide()
        canvas = self.preview.canvas
        if canvas.mirrored != self._live.canvas.mirrored:
            canvas.set_mirrored(self._live.canvas.mirrored)
        held = next((each for each in self.studio.classes if each.key == self.taker.held), None)
        if held is None and self.model_in_use:
            self.taker.followed(result)
            self.preview.show_labels(result, self._live.engine.labels)
        else:
            names = [each.name for each in self.studio.classes]
            followed = self.taker.followed(result)
            self.preview.show_followed(result, followed, held.name if held is not None else "", names)
        hint = self._hint(result)
        self.preview.show_hint(hint)
        self._announce(result, hint)

    def _announce(self, result: Result, hint: str) -> None:
        """Tell assistive technology: while a class is held how that goes, else whom the model sees."""
        if self.taker.held is None and self.model_in_use:
            mirrored = self.preview.canvas.mirrored
            self.announcer.show(faces_text(result.faces, mirrored=mirrored, recording=False, masks=False))
        else:
            self.announcer.show(hint)

    def _hint(self, result: Result) -> str:
        taker = self.taker
        if taker.held is not None:
            if taker.lost:
                return tr("The face that was followed is gone: let go, and hold again.")
            taken = tr("%n picture(s) taken.", count=taker.taken)
            alike = tr("It looks like those already there: turn a little, come nearer.")
            return f"{taken} {alike}" if taker.alike else taken
        if self.model_in_use:
            line = f"{result_line(self._taught)}. " if self._taught is not None else ""
            return line + tr("Wrong? Add examples of that, and train again.")
        if not result.faces:
            return tr("No face in the picture.")
        if len(self.studio.classes) < 2:
            return tr("Add two classes or more, and show examples of each.")
        if self.actions_.train.isEnabled():
            return tr("Hold a class's button while the camera looks at an example. Or train now.")
        return tr("Hold a class's button while the camera looks at an example.")

    def _refresh(self) -> None:
        """Show the newest picture again: what is said about it may have changed."""
        result = self._live.engine.latest()
        if result is not None:
            self._on_result(result)

    def _show_source(self) -> None:
        """Say why there is no picture, where there is none."""
        engine = self._live.engine
        if engine.latest() is not None and engine.state is not LiveState.IDLE:
            return
        self.preview.canvas.show_result(None, ())
        self.preview.show_hint("")
        if engine.state in (LiveState.IDLE, LiveState.FAILED):
            choices = [(tr("Start"), self._live.sources.reopen)]
            detail = tr("Start the camera, or drop pictures on a class.")
            self.preview.placeholder.present(tr("No picture"), detail, icon="webcam", choices=choices)
        else:
            self.preview.placeholder.present(tr("Opening…"))

    def _show_classes(self) -> None:
        studio, count = self.studio, self.studio.pictures
        self.actions_.train.setEnabled(studio.trainable and not studio.training)
        self.actions_.export.setEnabled(count > 0)
        self.actions_.delete_all.setEnabled(bool(studio.classes))
        self.actions_.save.setEnabled(self.model_in_use)
        self.controls.train.setEnabled(self.actions_.train.isEnabled())
        self.controls.show_work(studio.to_do, training=studio.training, cancellable=studio.cancellable)
        text = tr("%n picture(s), on this machine only: {folder}", count=count)
        self.status.text.setText(text.format(folder=_short(studio.folder)))
        self.status.text.setToolTip(printable(studio.folder))

    def _show_model(self) -> None:
        name = (
            tr("the taught model") if self.model_in_use else model_name(self._live.model.card, self._live.models.path)
        )
        text = tr("Labels by {model}").format(model=name)
        self.header.model.setText(text)
        self.header.model.setToolTip(text)  # in a narrow window it is cut off
        self.actions_.save.setEnabled(self.model_in_use)
        self._refresh()

    def _on_digit(self, number: int, pressed: bool) -> None:
        classes = self.studio.classes
        if not pressed:
            self.taker.release()
        elif number <= len(classes):
            self.taker.hold(classes[number - 1].key)

    def _on_taught(self, taught: Taught) -> None:
        self._taught = taught
        self.banner.clear_message(TEACH)
        self.result.setHtml(result_html(taught))
        self._live.models.open(taught.model, remember=False, then=self._show_model)

    def _add_class(self) -> None:
        self.content.tabs.setCurrentWidget(self.classes)
        self.classes.add_class()

    def _ask_pictures(self, key: int) -> None:
        from webcam_app.window.dialogs.open import ask_pictures

        def found(paths: object) -> None:
            self.studio.add_files(key, [Path(path) for path in paths])  # type: ignore[attr-defined]

        self._dialogs.show("class pictures", lambda: ask_pictures(self._window, found))

    def _ask_folders(self) -> None:
        from webcam_app.window.dialogs.open import ask_folder

        found = lambda paths: self.studio.add_folders([Path(path) for path in paths])  # noqa: E731
        self._dialogs.show("class folders", lambda: ask_folder(self._window, found))

    def _ask_where_to_save(self) -> None:
        from webcam_app.window.dialogs.open import ask_new_model

        self._dialogs.show("save model", lambda: ask_new_model(self._window, lambda paths: self.save(Path(paths[0]))))

    def save(self, path: Path) -> None:
        """Keep the taught model as a file, and label with that from now on."""

        def copy(_: object) -> Path:
            with NewModel(path, overwrite=True) as model:
                model.copy(self.studio.folder / "model.json")
            return path

        def done(_: object) -> None:
            text = tr("Saved: {name}").format(name=printable(path.name))
            self.toast.show_message(text, tr("Show folder"), lambda: self._shared.folders.show(path.parent))
            self._live.models.open(path)

        self.studio.run(copy, done)

    def _ask_where_to_export(self) -> None:
        from webcam_app.window.dialogs.open import ask_new_folder

        self._dialogs.show("export", lambda: ask_new_folder(self._window, lambda paths: self.export(Path(paths[0]))))

    def export(self, folder: Path) -> None:
        """Copy all pictures with a ``labels.csv``."""

        def done(count: object) -> None:
            text = tr("{count} pictures and labels.csv: {folder}")
            text = text.format(count=count, folder=printable(folder.name))
            self.toast.show_message(text, tr("Show folder"), lambda: self._shared.folders.show(folder))

        self.studio.run(lambda collection: collection.export(folder), done)

    def _ask_remove(self, key: int) -> None:
        state = next((each for each in self.studio.classes if each.key == key), None)
        if state is None:
            return
        if not state.pictures:
            self.studio.remove(key)
            return
        text = tr("Remove the class {name} and delete its %n picture(s)?", count=len(state.pictures))
        remove = (tr("Remove"), lambda: self.studio.remove(key))
        self.banner.show_message(DELETE, text.format(name=state.name), Severity.WARNING, [remove])

    def _ask_delete_all(self) -> None:
        text = tr("Delete all {classes} classes and their {pictures} pictures?")
        text = text.format(classes=len(self.studio.classes), pictures=number(self.studio.pictures))
        self.banner.show_message(DELETE, text, Severity.WARNING, [(tr("Delete"), self._delete_all)])

    def _delete_all(self) -> None:
        self.studio.clear()
        self._taught = None
        self.result.setHtml(f"<p>{translated(NOT_YET)}</p>")
        if self.model_in_use:
            self._live.models.open_built_in()


def _short(folder: Path) -> str:
    """A folder as people know it: from their home."""
    home = Path.home()
    return printable(Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder)
