import { verdict } from '../attestation/verdict.ts'
import { parse } from 'cbor-x'

export const decision = [verdict, parse]
