"""Assumes a role with boto3 and calls KMS with what it got, and prints what came back as JSON.

Usage: sts_calls.py ENDPOINT ROLE-ARN; credentials come from the environment.
"""

import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

endpoint, role_arn = sys.argv[1:]
PLACE = {"endpoint_url": endpoint, "region_name": "us-east-1"}
sts = boto3.client("sts", **PLACE)


def without_metadata(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def refusal(call, **members):
    try:
        call(**members)
    except ClientError as error:
        return {
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            "requestId": error.response["ResponseMetadata"]["RequestId"],
            "code": error.response["Error"]["Code"],
            "text": error.response["Error"]["Message"],
        }
    return None


POLICY = {"Statement": [{"Effect": "Allow", "Action": "kms:GenerateRandom", "Resource": "*"}]}
assumed = sts.assume_role(
    RoleArn=role_arn,
    RoleSessionName="boto3",
    DurationSeconds=900,
    Policy=json.dumps(POLICY),
    Tags=[{"Key": "team", "Value": "grün = rot"}],
    TransitiveTagKeys=["team"],
    SourceIdentity="boto3",
)
credentials = assumed["Credentials"]
session = {
    "aws_access_key_id": credentials["AccessKeyId"],
    "aws_secret_access_key": credentials["SecretAccessKey"],
    "aws_session_token": credentials["SessionToken"],
}
kms = boto3.client("kms", **PLACE, **session)

print(
    json.dumps(
        {
            "user": without_metadata(sts.get_caller_identity()),
            "assumedRoleUser": assumed["AssumedRoleUser"],
            "sourceIdentity": assumed["SourceIdentity"],
            "packedPolicySize": assumed["PackedPolicySize"],
            "lifetime": round((credentials["Expiration"].timestamp() - time.time()) / 60),
            "session": without_metadata(boto3.client("sts", **PLACE, **session).get_caller_identity()),
            "random": len(kms.generate_random(NumberOfBytes=16)["Plaintext"]),
            "beyondPolicy": refusal(kms.list_keys),
            "tampered": refusal(
                boto3.client("kms", **PLACE, **{**session, "aws_session_token": "AAAA"}).list_keys
            ),
            "noSuchRole": refusal(sts.assume_role, RoleArn=role_arn + "x", RoleSessionName="boto3"),
            "badName": refusal(sts.assume_role, RoleArn=role_arn, RoleSessionName="a b"),
        }
    )
)
