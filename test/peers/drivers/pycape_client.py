"""pycape: the functions with which its client verifies the document of the enclave that it talks to."""

import base64
import datetime as datetimes

from pycape import _attestation as attestation

from protocol import serve


def pem(der):
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n".encode()


def verify(seconds, root, document):
    now = datetimes.datetime.fromtimestamp(seconds, datetimes.timezone.utc)
    attestation.parse_attestation(document, pem(root), checkDate=now)


serve(verify)
