import { constants, createCipheriv, createHash, publicEncrypt } from 'node:crypto'
import type { RsaTestKey } from './rsa-keys.ts'

/** What an envelope of a test is made of; everything but the key and the plaintext has the value that KMS uses. */
export interface EnvelopeRecipe {
  readonly key: RsaTestKey
  readonly plaintext: Uint8Array
  /** Which elements have an indefinite length. */
  readonly indefinite?: readonly Wrapper[]
  /** The encrypted content: cut into OCTET STRINGs, uncut, cut twice over, or left out. */
  readonly content?: 'chunks' | 'uncut' | 'nested' | 'absent'
  readonly chunkLength?: number
  // Whole elements, in hexadecimal digits.
  readonly contentType?: string
  readonly version?: string
  readonly recipientVersion?: string
  /** The recipient identifier. */
  readonly rid?: string
  /** The RecipientInfo, in place of a key transport recipient. */
  readonly recipient?: string
  readonly keyEncryption?: string
  readonly oaepParameters?: string
  readonly dataType?: string
  readonly contentEncryption?: string
  /** The parameter of the content encryption. */
  readonly ivParameter?: string
  readonly contentKeyLength?: 16 | 32
  readonly recipients?: number
  /** Put in front of the recipients, and behind the encrypted content. */
  readonly originatorInfo?: string
  readonly unprotectedAttributes?: string
  /** Bytes of ciphertext to leave out at the end. */
  readonly cutCiphertext?: number
}

type Wrapper = 'contentInfo' | 'explicit' | 'envelopedData' | 'recipients' | 'contentInfoInner' | 'content'

/** The indefinite lengths of AWS KMS. */
export const KMS_INDEFINITE: readonly Wrapper[] = [
  'contentInfo',
  'explicit',
  'envelopedData',
  'contentInfoInner',
  'content',
]

const IV = '000102030405060708090a0b0c0d0e0f'

/** What KMS writes; whole elements where the text is hexadecimal. */
const OF_KMS = {
  indefinite: KMS_INDEFINITE,
  content: 'chunks',
  chunkLength: 1000,
  contentType: '06092a864886f70d010703',
  version: '020102',
  recipientVersion: '020102',
  keyEncryption: '06092a864886f70d010107',
  oaepParameters:
    '302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500',
  dataType: '06092a864886f70d010701',
  contentEncryption: '060960864801650304012a',
  ivParameter: `0410${IV}`,
  contentKeyLength: 32,
  recipients: 1,
  originatorInfo: '',
  unprotectedAttributes: '',
  cutCiphertext: 0,
} as const

type Recipe = Required<Omit<EnvelopeRecipe, 'rid' | 'recipient'>> & Pick<EnvelopeRecipe, 'rid' | 'recipient'>

/** Writes an envelope by hand, apart from the code under test. */
export function makeEnvelope(changes: EnvelopeRecipe): Uint8Array {
  const recipe: Recipe = { ...OF_KMS, ...changes }
  const contentKey = Buffer.alloc(recipe.contentKeyLength, 7)
  const recipient = encodeRecipient(recipe, contentKey)
  const envelopedData = wrap(recipe, 'envelopedData', 0x30, [
    hex(recipe.version),
    hex(recipe.originatorInfo),
    wrap(recipe, 'recipients', 0x31, Array.from<Uint8Array>({ length: recipe.recipients }).fill(recipient)),
    wrap(recipe, 'contentInfoInner', 0x30, [
      hex(recipe.dataType),
      tlv(0x30, hex(recipe.contentEncryption), hex(recipe.ivParameter)),
      encodeContent(recipe, contentKey),
    ]),
    hex(recipe.unprotectedAttributes),
  ])
  const content = wrap(recipe, 'explicit', 0xa0, [envelopedData])
  return wrap(recipe, 'contentInfo', 0x30, [hex(recipe.contentType), content])
}

function encodeRecipient(recipe: Recipe, contentKey: Uint8Array): Uint8Array {
  if (recipe.recipient !== undefined) return hex(recipe.recipient)
  const { publicKey, spki } = recipe.key
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return tlv(
    0x30,
    hex(recipe.recipientVersion),
    recipe.rid === undefined ? tlv(0x80, createHash('sha256').update(spki).digest()) : hex(recipe.rid),
    tlv(0x30, hex(recipe.keyEncryption), hex(recipe.oaepParameters)),
    tlv(0x04, publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, contentKey)),
  )
}

function encodeContent(recipe: Recipe, contentKey: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${contentKey.length * 8}-cbc`, contentKey, hex(IV))
  const whole = join(cipher.update(recipe.plaintext), cipher.final())
  const ciphertext = whole.subarray(0, whole.length - recipe.cutCiphertext)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < ciphertext.length; at += recipe.chunkLength) {
    chunks.push(tlv(0x04, ciphertext.subarray(at, at + recipe.chunkLength)))
  }
  if (recipe.content === 'absent') return new Uint8Array(0)
  if (recipe.content === 'uncut') return tlv(0x80, ciphertext)
  const parts = recipe.content === 'nested' ? [tlv(0x24, ...chunks), tlv(0x24)] : chunks
  return wrap(recipe, 'content', 0xa0, parts)
}

type Wrap = readonly [recipe: Recipe, wrapper: Wrapper, tag: number, parts: readonly Uint8Array[]]

function wrap(...[recipe, wrapper, tag, parts]: Wrap): Uint8Array {
  const indefinite = recipe.indefinite.includes(wrapper)
  return indefinite ? join(Uint8Array.of(tag, 0x80), ...parts, hex('0000')) : tlv(tag, ...parts)
}

/** Joins byte strings. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** An element of definite length. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts)
  if (body.length < 0x80) return join(Uint8Array.of(tag, body.length), body)
  if (body.length < 0x100) return join(Uint8Array.of(tag, 0x81, body.length), body)
  return join(Uint8Array.of(tag, 0x82, body.length >> 8, body.length & 0xff), body)
}

/** Bytes from hexadecimal digits. */
export function hex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, 'hex'))
}
