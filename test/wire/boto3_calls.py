"""Makes the five operations with boto3, with and without Recipient, and prints what came back as JSON.

Usage: boto3_calls.py ENDPOINT DOCUMENT-FILE PEER-PUBLIC-KEY-FILE; credentials come from the environment.
"""

import base64
import json
import sys

import boto3

endpoint, document_file, peer_file = sys.argv[1:]
kms = boto3.client("kms", endpoint_url=endpoint, region_name="us-east-1")
with open(document_file, "rb") as file:
    document = file.read()
with open(peer_file, "rb") as file:
    peer = file.read()

symmetric = kms.create_key()["KeyMetadata"]["KeyId"]
agreement = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
ciphertext = kms.encrypt(KeyId=symmetric, Plaintext=b"Hello, World")["CiphertextBlob"]

CALLS = {
    "Decrypt": (kms.decrypt, {"CiphertextBlob": ciphertext}),
    "GenerateDataKey": (kms.generate_data_key, {"KeyId": symmetric, "KeySpec": "AES_256"}),
    "GenerateDataKeyPair": (kms.generate_data_key_pair, {"KeyId": symmetric, "KeyPairSpec": "ECC_NIST_P384"}),
    "GenerateRandom": (kms.generate_random, {"NumberOfBytes": 24}),
    "DeriveSharedSecret": (
        kms.derive_shared_secret,
        {"KeyId": agreement, "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer},
    ),
}
RECIPIENT = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}


def printable(answer):
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in answer.items()
        if name != "ResponseMetadata"
    }


print(
    json.dumps(
        {
            name: {"plain": printable(call(**members)), "attested": printable(call(**members, Recipient=RECIPIENT))}
            for name, (call, members) in CALLS.items()
        }
    )
)
