"""evervault-attestation-bindings: a native module with its root inside, under the machine's clock. It demands that
the document's user data is the public key of a certificate, whose path is the first argument."""

import sys

import evervault_attestation_bindings as bindings

from protocol import Refused, serve

with open(sys.argv[1], "rb") as file:
    certificate = file.read()


def verify(_seconds, _root, document):
    if bindings.attest_enclave(certificate, [], document) is not True:
        raise Refused("false")


serve(verify)
