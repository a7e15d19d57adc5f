/** Writes one DER element. Shares nothing with the reader it is used to test. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents)
  const digits = content.length.toString(16)
  const octets = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  const length = content.length < 128 ? [content.length] : [0x80 | octets.length, ...octets]
  return Uint8Array.from([tag, ...length, ...content])
}

export const seq = (...items: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...items)
export const set = (...items: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...items)
export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
export const utf8String = (text: string): Uint8Array => tlv(0x0c, Buffer.from(text))
export const printableString = (text: string): Uint8Array => tlv(0x13, Buffer.from(text))
export const octetString = (content: Uint8Array): Uint8Array => tlv(0x04, content)
export const bitString = (content: Uint8Array, unused = 0): Uint8Array =>
  tlv(0x03, Uint8Array.of(unused), content)
export const boolean = (value: boolean): Uint8Array => tlv(0x01, Uint8Array.of(value ? 0xff : 0))
export const time = (text: string): Uint8Array => tlv(text.length > 13 ? 0x18 : 0x17, Buffer.from(text))

/** A non-negative INTEGER. */
export function integer(value: number | bigint): Uint8Array {
  const digits = value.toString(16)
  const even = digits.length % 2 ? `0${digits}` : digits
  return tlv(0x02, hex(Number.parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even))
}

export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const base128 = (value: number): readonly number[] =>
    value < 128 ? [value] : [...base128(Math.floor(value / 128)).map((septet) => septet | 0x80), value % 128]
  return tlv(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** The two forms in which certificates write times. */
export function derTime(date: Date): Uint8Array {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return time(date.getUTCFullYear() < 2050 ? digits.slice(2) : digits)
}
