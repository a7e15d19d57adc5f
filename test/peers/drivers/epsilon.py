"""epsilon-attestation-verifier. It takes the root as a file; the clock is read through a name of its module."""

import base64
import datetime as datetimes
import hashlib
import logging
import tempfile
from pathlib import Path

import epsilon_verifier.verifier as verifier
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from protocol import Refused, serve

logging.disable(logging.CRITICAL)
folder = Path(tempfile.mkdtemp(prefix="attested-kms-peer-"))


class SettableDatetime(datetimes.datetime):
    seconds = 0

    @classmethod
    def now(cls, tz=None):
        return datetimes.datetime.fromtimestamp(cls.seconds, tz)


verifier.datetime = SettableDatetime


def root_file(root):
    path = folder / hashlib.sha256(root).hexdigest()
    if not path.exists():
        path.write_bytes(x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM))
    return str(path)


def verify(seconds, root, document):
    SettableDatetime.seconds = seconds
    result = verifier.verify_attestation(base64.b64encode(document).decode(), aws_root_cert_path=root_file(root))
    if not result.valid:
        raise Refused(result.error)


serve(verify)
