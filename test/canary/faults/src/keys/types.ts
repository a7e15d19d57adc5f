class Secret {
  readonly #bytes = new Uint8Array(1)
  get length(): number {
    return this.#bytes.length
  }
}
type Wire = string | number | { readonly [member: string]: Wire }

export const leaked: Wire = { PrivateKeyPlaintext: new Secret() }
export const missing: string = ['a'][1]
