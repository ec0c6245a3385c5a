"""Messages, exit codes and the last resort for errors, shared by all commands."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator

from webcam_app.commands.interrupt import Interrupted
from webcam_app.commands.requirements import is_lack_of_memory, memory_limit_mib, not_enough
from webcam_app.errors import WebcamAppError, without_passwords

PROGRAM = "webcam-app"
DEBUG_VARIABLE = "WEBCAM_APP_DEBUG"
DONE, FAILED, WRONG_ARGUMENTS = 0, 1, 2


def print_error(message: str) -> None:
    """One line on standard error."""
    with contextlib.suppress(OSError, AttributeError):
        print(f"{PROGRAM}: {' '.join(without_passwords(message).split())}", file=sys.stderr, flush=True)


def run_guarded(command: Callable[[], int]) -> int:
    """Run a command; what it raises becomes a line for people and an exit code.

    Returns:
        0 done, 1 failed, 130 or 143 interrupted.
    """
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except Interrupted as stop:
        print_error(f"interrupted; {stop.outcome}" if stop.outcome else "interrupted")
        return stop.exit_code
    except KeyboardInterrupt:
        print_error("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; at exit Python would print_error about that once more.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except WebcamAppError as error:
        message, trace = str(error), _trace()
    except Exception as error:  # the last resort: a person gets a line
        message = f"unexpected error ({type(error).__name__}: {error}). {DEBUG_VARIABLE}=1 shows where"
        if is_lack_of_memory(error):
            message = not_enough(memory_limit_mib())
        elif isinstance(error, OSError):
            message = _about_system(error) or message
        trace = _trace()
    if trace:
        with contextlib.suppress(OSError, AttributeError):
            sys.stderr.write(trace)
    print_error(message)
    return FAILED


def _about_system(error: OSError) -> str:
    """What to say of an error that any call may meet; empty for others."""
    if error.errno == errno.ENAMETOOLONG:
        from webcam_app.capture.text import printable

        return f"The name {printable(str(error.filename))} is too long for this system."
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) and error.filename is None:
        from webcam_app.output.files import reason

        # Tables and pictures say which file it is; what is left is printed, perhaps into a file.
        return f"What is printed cannot be written: {reason(error)}"
    return ""


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Redirect what C libraries print while they are loaded (TFLite's delegates) away from standard error."""
    if _debugging():
        yield
        return
    try:
        saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # standard error is closed: they cannot print
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


@contextlib.contextmanager
def only_own_messages() -> Iterator[None]:
    """Let nothing but this program print on standard error: decoders tell of every damaged file there.

    Python's own messages go on. Nothing is changed where standard error is replaced or closed, or where faults are
    looked for.
    """
    stream, saved = sys.stderr, None
    try:
        if not _debugging() and stream is not None and stream.fileno() == 2:
            saved = os.dup(2)
    except (OSError, ValueError):  # it is closed, or no file
        pass
    if saved is None:
        yield
        return
    stream.flush()
    with open(saved, "w", encoding=stream.encoding, errors=stream.errors, buffering=1) as own:  # noqa: PTH123
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = own
        try:
            yield
        finally:
            own.flush()
            os.dup2(saved, 2)
            sys.stderr = stream


def prepare_output() -> None:
    """Names that the terminal cannot show are shown escaped instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _trace() -> str:
    if not _debugging():
        return ""
    import traceback

    return traceback.format_exc()


def _debugging() -> bool:
    return os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")
