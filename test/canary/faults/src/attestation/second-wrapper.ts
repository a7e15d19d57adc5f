import { encode } from 'cbor-x'

export const again = encode
