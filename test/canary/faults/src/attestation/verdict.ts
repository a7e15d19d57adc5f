import { decision } from '../policy/sees-attestation.ts'
import { decode } from 'cbor-x'

export const verdict = [decision, decode]
