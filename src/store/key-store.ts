/** What names a key inside one store. Key ids are unique in a Region; one id in two Regions is a multi-Region key. */
export interface KeyIdentity {
  readonly region: string
  /** A UUID in lower case, or `mrk-` and 32 hexadecimal digits. */
  readonly keyId: string
}

/** An account in a Region: what lists are made of. */
export interface AccountScope {
  readonly accountId: string
  readonly region: string
}

/** A KMS key without its material. Spec, usage, state and origin are the words of the KMS API; the store does not read them. */
export interface KeyRecord extends KeyIdentity, AccountScope {
  readonly description: string
  readonly keySpec: string
  readonly keyUsage: string
  readonly origin: string
  readonly keyState: string
  readonly creationDate: Date
  /** When the material and the key are to be destroyed; `null` unless deletion is pending. */
  readonly deletionDate: Date | null
  /** The key policy, as the text that was put. */
  readonly policy: string
  /** 64 lower-case hexadecimal digits: the material that new ciphertext is made with. */
  readonly currentMaterialId: string
  readonly tags: readonly Tag[]
}

/** A tag of a key. */
export interface Tag {
  readonly key: string
  readonly value: string
}

/** One generation of a key's material, wrapped under the root key. */
export interface MaterialRecord extends KeyIdentity {
  /** 64 lower-case hexadecimal digits. */
  readonly materialId: string
  /** The material as `keys/` wrapped it; opaque here. */
  readonly wrapped: Uint8Array
  /** DER SubjectPublicKeyInfo of an asymmetric key; `null` for symmetric material. */
  readonly publicKey: Uint8Array | null
  readonly creationDate: Date
}

/** A second name of a key. */
export interface AliasRecord extends AccountScope {
  /** `alias/` and the rest. */
  readonly aliasName: string
  readonly targetKeyId: string
  readonly creationDate: Date
  readonly lastUpdatedDate: Date
}

/** What a grant demands of the encryption context or the resource of a call; `null` for what it does not. */
export interface GrantConstraintsRecord {
  readonly encryptionContextEquals: ReadonlyMap<string, string> | null
  readonly encryptionContextSubset: ReadonlyMap<string, string> | null
  readonly sourceArn: string | null
}

/** A grant of a key. */
export interface GrantRecord extends KeyIdentity {
  /** 64 lower-case hexadecimal digits. */
  readonly grantId: string
  /** The empty text where none was given. */
  readonly name: string
  /** An ARN, or the number of an account. */
  readonly granteePrincipal: string
  readonly retiringPrincipal: string | null
  /** Operations by the names of the API, sorted, none twice. */
  readonly operations: readonly string[]
  readonly constraints: GrantConstraintsRecord
  /** The account of the one who made it. */
  readonly issuingAccountId: string
  readonly creationDate: Date
}

/** One page of a list: the items, and whether more follow. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly truncated: boolean
}

/** Which page is wanted: at most `limit` items behind the one named `after` (`null`: from the start). */
export interface PageRequest {
  readonly after: string | null
  readonly limit: number
}

/**
 * Where keys, their material, aliases, policies and grants live. Every method that changes something has made the change
 * durable when its promise is fulfilled, whole or not at all. Records go in and come out as values: changing one
 * that was read changes nothing in the store.
 *
 * All methods reject with a `StoreError` when the storage itself fails, with `RECORD_INVALID` for a record that
 * cannot be kept as it is (a lone surrogate, an invalid date), and with `TypeError` for a page limit that is not a
 * whole number over 0.
 */
export interface KeyStore {
  /**
   * Adds a key and its first material. Rejects with `KEY_EXISTS` if the identity is taken, with `RECORD_INVALID` if
   * the material is not the one that the key names as current.
   */
  createKey(key: KeyRecord, material: MaterialRecord): Promise<void>
  findKey(identity: KeyIdentity): Promise<KeyRecord | undefined>
  /**
   * Replaces a key by what `change` makes of it, with no other change in between, and answers the new record;
   * `undefined` if there is no such key. What `change` throws is passed on, and nothing is changed. Rejects with
   * `RECORD_INVALID` if `change` gives the key another Region, id or account.
   */
  updateKey(identity: KeyIdentity, change: (key: KeyRecord) => KeyRecord): Promise<KeyRecord | undefined>
  /**
   * Destroys a key with its material, aliases and grants, if its deletion date is not later than `time`: one whose deletion
   * was cancelled since it was listed stays. Fulfils with whether it was destroyed.
   */
  deleteKey(identity: KeyIdentity, time: Date): Promise<boolean>
  /** Keys of an account in a Region, ordered by key id; `after` is a key id. */
  listKeys(scope: AccountScope, page: PageRequest): Promise<Page<KeyRecord>>
  /** Keys whose deletion date is not later than `time`, the earliest first. */
  listKeysToDelete(time: Date): Promise<readonly KeyRecord[]>

  findMaterial(identity: KeyIdentity, materialId: string): Promise<MaterialRecord | undefined>

  /**
   * Adds an alias. Rejects with `ALIAS_EXISTS` if the name is taken in that account and Region, with `KEY_NOT_FOUND`
   * if the target is not a key of theirs, with `ALIAS_LIMIT` if the key has `limitForKey` aliases already.
   */
  createAlias(alias: AliasRecord, limitForKey: number): Promise<void>
  findAlias(scope: AccountScope, aliasName: string): Promise<AliasRecord | undefined>
  /** Points an alias at another key. Rejects as `createAlias` does; fulfils with `undefined` if there is no such alias. */
  updateAlias(
    scope: AccountScope,
    aliasName: string,
    target: { readonly keyId: string; readonly at: Date; readonly limitForKey: number },
  ): Promise<AliasRecord | undefined>
  /** Removes an alias. Fulfils with whether there was one. */
  deleteAlias(scope: AccountScope, aliasName: string): Promise<boolean>
  /** Aliases of an account in a Region, of one key where `targetKeyId` is given, ordered by name; `after` is a name. */
  listAliases(
    scope: AccountScope & { readonly targetKeyId?: string },
    page: PageRequest,
  ): Promise<Page<AliasRecord>>

  /**
   * Adds a grant, and answers it; where its name is not empty and the key has a grant that differs in id and date alone,
   * nothing is added and that one is answered. Rejects with `KEY_NOT_FOUND` if there is no such key, with `GRANT_LIMIT`
   * if it has `limitForKey` grants already.
   */
  createGrant(grant: GrantRecord, limitForKey: number): Promise<GrantRecord>
  findGrant(identity: KeyIdentity, grantId: string): Promise<GrantRecord | undefined>
  /** Removes a grant. Fulfils with whether there was one. */
  deleteGrant(identity: KeyIdentity, grantId: string): Promise<boolean>
  /** Grants of a key, of one grantee where he is given, ordered by grant id; `after` is a grant id. */
  listGrants(
    identity: KeyIdentity & { readonly granteePrincipal?: string },
    page: PageRequest,
  ): Promise<Page<GrantRecord>>
  /** Grants of a Region that a principal may retire, ordered by grant id; `after` is a grant id. */
  listRetirableGrants(
    retiring: { readonly region: string; readonly retiringPrincipal: string },
    page: PageRequest,
  ): Promise<Page<GrantRecord>>

  /** Removes every key, material, alias and grant; the stamps of the store stay. For lab mode. */
  reset(): Promise<void>
  /** Ends all use of the store. */
  close(): Promise<void>
}
