/** The name that CloudTrail gives a member of a request or an answer: `KeyId` is `keyId`, `AWSAccountId` stays. */
export function toMemberName(member: string): string {
  return /^[A-Z]{2}/.test(member) ? member : member.charAt(0).toLowerCase() + member.slice(1)
}
