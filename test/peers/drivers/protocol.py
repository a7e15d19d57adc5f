"""One document a line on standard input, `SECONDS ROOT DOCUMENT` (time of evaluation, DER of the trusted root and the
document, both in hexadecimal digits); one verdict a line on standard output, `= VERDICT NANOSECONDS MESSAGE`."""

import sys
import time


class Refused(Exception):
    """The verifier said no."""


def serve(verify):
    """Answers until the input ends. `verify(seconds, root, document)` returns for yes and raises for no."""
    for line in sys.stdin:
        seconds, root, document = line.rstrip("\n").split(" ")
        question = int(seconds), bytes.fromhex(root), bytes.fromhex(document)
        started = time.perf_counter_ns()
        try:
            verify(*question)
            verdict, message = "accepted", ""
        except Exception as error:
            verdict, message = "refused", f"{type(error).__name__}: {error}"
        except BaseException as error:
            verdict, message = "crashed", type(error).__name__
        nanoseconds = time.perf_counter_ns() - started
        print(f"= {verdict} {nanoseconds} {printable(message)}", flush=True)


def printable(text):
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200]
