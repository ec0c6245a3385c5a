"""The live engine: connects a source, the analysis and a recording, each in its own threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from webcam_app.capture import open_source
from webcam_app.capture.frame import Frame
from webcam_app.capture.sound import SoundBlock, SoundSource
from webcam_app.capture.sound.microphones import open_microphone
from webcam_app.capture.source import DEFAULT_FPS, Source, SourceKind
from webcam_app.errors import RecordingError
from webcam_app.faces.face import Face
from webcam_app.live.analysis import Analysis, Analyzer
from webcam_app.live.listening import CurrentMicrophone
from webcam_app.live.meter import Meter
from webcam_app.live.pace import Timeline
from webcam_app.live.playing.transport import Act, Transport
from webcam_app.live.reader import Deliveries
from webcam_app.live.recordings.current_recording import CurrentRecording
from webcam_app.live.session import Session
from webcam_app.live.states import (
    Event,
    EventKind,
    LiveState,
    MicrophoneStatus,
    RecordingSetup,
    RecordingStatus,
    RecordingSummary,
    Result,
    Statistics,
)
from webcam_app.output.covering import CoverTrail
from webcam_app.output.overlay import OverlayStyle

if TYPE_CHECKING:
    from webcam_app.faces.analyzer import FaceAnalyzer
    from webcam_app.faces.labelling.classifier import FaceClassifier

STOP_TIMEOUT_SECONDS = 2.0
# How long the last frame of a file may take to be analysed before its recording is closed without it.
LAST_FRAME_TIMEOUT_SECONDS = 0.5
# How long the next photograph waits for one to be analysed: networks that load from a slow disk, a huge picture.
PICTURE_TIMEOUT_SECONDS = 30.0
# Whether a person wants to go elsewhere is looked at so often while faces are followed to a frame.
FACES_SLICE_SECONDS = 0.02


class LiveEngine:
    """Reads a source, finds faces in the newest frame, and records, each in threads of its own.

    No method waits for a camera, a disk or the network. All may be called from one thread, that of the window.
    """

    def __init__(
        self,
        analyzer_factory: Callable[[], FaceAnalyzer] | Callable[[], Analyzer],
        *,
        on_event: Callable[[Event], None] | None = None,
        opener: Callable[..., Source] = open_source,
        sound_opener: Callable[[str], SoundSource] = open_microphone,
    ) -> None:
        """Prepare; nothing runs before ``open``.

        Args:
            analyzer_factory: makes the analyzer, in a thread, when the first source is opened. If it raises, plain
                pictures are shown and ``analysis_problem`` says why.
            on_event: called in the engine's threads; must return soon and must not call ``close``.
            opener: opens a source as ``open_source`` does.
            sound_opener: opens a microphone as ``open_microphone`` does.
        """
        self._on_event = on_event
        self._opener = opener
        self._microphone = CurrentMicrophone(sound_opener, self._on_sound)
        self._analysis = Analysis(analyzer_factory, self._on_result)
        self._analysis_started = False
        self._meter = Meter()
        self._timeline = Timeline(time.monotonic())
        self._lock = threading.Lock()
        """Guards the current session, the timeline, the counters, the result and the recording."""
        self._session: Session | None = None
        self.transport = Transport(self._act)
        """Pauses, seeks, and whatever else can be done with a file."""
        self._state, self._message = LiveState.IDLE, ""
        self._index = self._dropped = 0
        self._before: tuple[Frame, ...] = ()
        """The frames before the next one, where that is a jump's."""
        self._not_before = self._timeline.last
        """Results of frames up to this time belong to the previous source and are discarded."""
        self._sequence = 0
        self._result: Result | None = None
        self._trail = CoverTrail()
        self._recording = CurrentRecording(lambda: self.labels, self._on_recording_failure)
        self._closed = False

    @property
    def state(self) -> LiveState:
        """The state of the source."""
        return self._state

    @property
    def message(self) -> str:
        """One line about the state for people; empty while all is well."""
        return self._message

    @property
    def analysis_problem(self) -> str | None:
        """Why faces are not found or not labelled, if that lasts, in one line."""
        return self._analysis.problem

    @property
    def analyzer_loaded(self) -> bool:
        """Whether the analyzer is there, so that results have faces."""
        return self._analysis.analyzer is not None

    @property
    def labels(self) -> tuple[str, ...]:
        """The model's labels, in the order that fixes their colours; empty without a model."""
        analyzer = self._analysis.analyzer
        return tuple(analyzer.card.labels) if analyzer is not None and analyzer.card is not None else ()

    def use_classifier(self, classifier: FaceClassifier) -> None:
        """Label with another network from the next frame on; returns at once. Faces keep their track numbers.

        Args:
            classifier: loaded and checked; used by the engine's thread only from now on.
        """
        self._analysis.use_classifier(classifier)

    def open(
        self, spec: str, size: tuple[int, int] | None = None, fps: float | None = None, loop: bool = False
    ) -> None:
        """Close the current source and open another; returns at once. A recording goes on with the new one.

        Args:
            spec: as ``open_source`` takes it.
            size: requested width and height in pixels, for cameras.
            fps: requested frames per second, for cameras.
            loop: begin again at the end, for files and folders.
        """
        if self._closed:
            return
        self._close_session()

        def open_it(what: str, cancel: threading.Event) -> Source:
            return self._opener(what, size=size, fps=fps, loop=loop, cancel=cancel)

        def on_state(state: LiveState, message: str) -> None:
            self._on_state(session, state, message)

        def on_remark(remark: str) -> None:
            if session is self._session:
                self._emit(Event(EventKind.REMARK, self._state, remark))

        deliveries = Deliveries(
            lambda frame: self._on_frame(session, frame), on_remark, lambda before: self._on_jump(session, before)
        )
        session = Session(spec, open_it, deliveries, on_state)
        session.playback.set_faces_first(self.transport.faces_first)
        with self._lock:
            self._analysis.reset()
            self._session = session
            self._result = None
            self._trail = CoverTrail()
            self._not_before = self._timeline.last
            self._index = self._dropped = 0
            self._before = ()
            self._state, self._message = LiveState.OPENING, ""
            self._meter.reset()
        if not self._analysis_started:
            self._analysis_started = True
            self._analysis.start()
        session.start()

    def cancel_open(self) -> None:
        """Close the source, open or still opening; the state is IDLE then. Never waits for it."""
        if self._close_session():
            self._emit(Event(EventKind.STATE, LiveState.IDLE))

    def close(self, timeout: float = STOP_TIMEOUT_SECONDS) -> bool:
        """End everything: close the recording and the source, end the threads.

        Args:
            timeout: seconds after which to return. A read that a driver blocks is not waited for.

        Returns:
            Whether all threads have ended.
        """
        deadline = time.monotonic() + timeout
        with self._lock:
            self._closed = True
        session = self._session
        self._on_event = None
        self.cancel_open()
        self._microphone.choose("")
        self._recording.close(0.8 * timeout, self._timeline.now(time.monotonic()))
        self._analysis.close()
        ended = not self._analysis_started or self._analysis.join(deadline - time.monotonic())
        ended = self._microphone.join(deadline - time.monotonic()) and ended
        return (session is None or session.join(deadline - time.monotonic())) and ended

    def latest(self) -> Result | None:
        """The newest frame with its faces; None until there is one of the current source."""
        return self._result

    def mark_painted(self, sequence: int) -> None:
        """Record that the result with that number is on the screen now."""
        self._meter.painted(sequence, time.monotonic())

    def statistics(self) -> Statistics:
        """Figures for the status line."""
        session, result = self._session, self._result
        median, p95 = self._meter.latency_ms()
        faces = result.faces if result is not None else []
        return Statistics(
            fps=self._meter.fps(time.monotonic()),
            latency_ms_median=median,
            latency_ms_p95=p95,
            faces=len(faces),
            masked=sum(face.masked is True for face in faces),
            dropped=self._dropped,
            bad_frames=session.bad_frames if session is not None else 0,
            source=session.info if session is not None else None,
        )

    def set_microphone(self, name: str) -> None:
        """Listen to the microphone with that name from now on, or to none; what is recorded then has its sound.

        Args:
            name: as ``microphone_names`` gives it; empty for none.
        """
        if not self._closed:
            self._microphone.choose(name)

    @property
    def microphone(self) -> MicrophoneStatus | None:
        """The microphone that is listened to, None for none."""
        return self._microphone.status

    @property
    def recording(self) -> RecordingStatus | None:
        """Figures of the running recording, None if there is none."""
        return self._recording.status

    def start_recording(self, folder: Path, style: OverlayStyle, *, lapse_seconds: float = 0.0) -> Path:
        """Record what is shown, from the next frame on.

        Args:
            folder: where the file is to be; made where it is missing.
            style: how faces are drawn.
            lapse_seconds: for a time-lapse, seconds from one frame to the next; it has no sound. 0 for every frame.

        Returns:
            The new file.

        Raises:
            RecordingError: there is no picture yet, a recording is running, or the file cannot be created.
        """
        result, session = self._result, self._session
        if self._recording.status is not None:
            raise RecordingError("A recording is running already. Stop it first.")
        if result is None or self._state not in (LiveState.RUNNING, LiveState.STALLED, LiveState.RETRYING):
            raise RecordingError("There is no picture to record. Start a camera or open a file first.")
        measured = self._meter.fps(time.monotonic())
        info = session.info if session is not None else None
        nominal = info.fps if info is not None else None
        promised = nominal if info is not None and info.kind is SourceKind.CAMERA else None
        height, width = result.frame.image.shape[:2]
        setup = RecordingSetup(
            (width, height),
            measured or nominal or DEFAULT_FPS,
            promised_rate=promised or 0.0,
            sound_channels=self._microphone.channels,
            lapse_seconds=lapse_seconds,
        )
        return self._recording.start(folder, style, setup)

    def set_recording_paused(self, paused: bool) -> None:
        """Let the running recording leave out what comes, or go on in the same file; the picture goes on.

        Raises:
            RecordingError: there is none.
        """
        if not self._recording.set_paused(paused, self._timeline.now(time.monotonic())):
            raise RecordingError("There is no recording to pause.")

    def stop_recording(self) -> RecordingSummary:
        """Close the recording; waits until what is queued is written, ``STOP_TIMEOUT_SECONDS`` at most.

        Raises:
            RecordingError: there is none.
        """
        summary = self._recording.stop(STOP_TIMEOUT_SECONDS, self._timeline.now(time.monotonic()))
        if summary is None:
            raise RecordingError("There is no recording to stop.")
        return summary

    def _close_session(self) -> bool:
        """Returns whether there was one."""
        with self._lock:
            session, self._session = self._session, None
            self._state, self._message = LiveState.IDLE, ""
        if session is not None:
            session.close()
        return session is not None

    def _act(self, act: Act) -> None:
        """For the transport: do something with the source, and take the state that follows."""
        with self._lock:
            session = self._session
            after = None if session is None else session.act(act, self._state)
            if after is None or after is self._state:
                return
            self._state, self._message = after, ""
        self._emit(Event(EventKind.STATE, after))

    def _on_frame(self, session: Session, frame: Frame) -> None:
        """A frame from a capture thread."""
        with self._lock:
            if session is not self._session:
                return
            stamped = replace(frame, index=self._index, time=self._timeline.timestamp(frame))
            self._index += 1
            before, self._before = self._before, ()
            faces_first = session.playback.faces_first
            replaced = self._analysis.put(stamped, before, faces_first=faces_first)
            if replaced is not None:
                self._dropped += 1
                if replaced.time > self._not_before:
                    self._recording.skip(replaced)
        if frame.picture is not None:  # each is to be seen: the next one's time begins when this one is shown
            self._analysis.slot.wait_idle(PICTURE_TIMEOUT_SECONDS)
        elif before and faces_first:  # what comes after it would be shown instead
            self._wait_for_faces(session)

    def _wait_for_faces(self, session: Session) -> None:
        """Until faces have been followed to the newest frame, or another one is wanted; in the capture thread."""
        until = time.monotonic() + PICTURE_TIMEOUT_SECONDS
        while time.monotonic() < until and session is self._session and not session.playback.wanted:
            if self._analysis.slot.wait_idle(FACES_SLICE_SECONDS):
                return

    def _on_jump(self, session: Session, before: Sequence[Frame]) -> None:
        """The next frame does not follow the one before: no face is carried over."""
        with self._lock:
            if session is not self._session:
                return
            self._analysis.reset()
            self._trail = CoverTrail()
            self._not_before = self._timeline.last
            self._before = tuple(before)

    def _on_result(self, frame: Frame, faces: list[Face], now: float, *, complete: bool = True) -> None:
        """A result from the analysis thread."""
        with self._lock:
            if frame.time <= self._not_before:
                return
            self._sequence += 1
            self._meter.analysed(self._sequence, frame.taken_at, now)
            lost = tuple(self._trail.lost(frame, faces))
            self._result = Result(frame, faces, now, self._sequence, lost)
            if complete:
                self._recording.put(frame, faces)

    def _on_sound(self, block: SoundBlock) -> None:
        """A block from the listener's thread."""
        self._recording.put_sound(block, self._timeline.now(block.taken_at))

    def _on_state(self, session: Session, state: LiveState, message: str) -> None:
        """A change of state, from a session's thread."""
        with self._lock:
            if session is not self._session or (session.playback.wanted and state is LiveState.ENDED):
                return
            self._state, self._message = state, message
        self._emit(Event(EventKind.STATE, state, message))
        if state in (LiveState.ENDED, LiveState.FAILED):
            self._end_recording(message)

    def _end_recording(self, reason: str) -> None:
        """The source came to its end, so its recording is complete."""
        self._analysis.slot.wait_idle(LAST_FRAME_TIMEOUT_SECONDS)
        summary = self._recording.stop(STOP_TIMEOUT_SECONDS)
        if summary is not None:
            self._emit(Event(EventKind.RECORDING_STOPPED, self._state, reason, summary))

    def _on_recording_failure(self, summary: RecordingSummary) -> None:
        self._emit(Event(EventKind.RECORDING_STOPPED, self._state, summary.problem or "", summary))

    def _emit(self, event: Event) -> None:
        on_event = self._on_event
        if on_event is not None:
            on_event(event)
