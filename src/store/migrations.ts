/**
 * The steps that build the schema of the SQLite store, oldest first. A file that has gone through the first n is at
 * version n. A step that has been released is never changed: a new one is added behind it.
 *
 * Times are milliseconds since 1970. Texts compare byte by byte, which is the order that lists are in.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE stamp (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    mode TEXT NOT NULL,
    root_key_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE keys (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    description TEXT NOT NULL,
    key_spec TEXT NOT NULL,
    key_usage TEXT NOT NULL,
    origin TEXT NOT NULL,
    key_state TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    deletion_time INTEGER,
    policy TEXT NOT NULL,
    current_material_id TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (region, key_id)
  ) STRICT;
  CREATE INDEX keys_by_owner ON keys (account_id, region, key_id);
  CREATE INDEX keys_by_deletion ON keys (deletion_time) WHERE deletion_time IS NOT NULL;

  CREATE TABLE materials (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    material_id TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    public_key BLOB,
    creation_time INTEGER NOT NULL,
    PRIMARY KEY (region, key_id, material_id),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id) ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE aliases (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    alias_name TEXT NOT NULL,
    target_key_id TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    last_updated_time INTEGER NOT NULL,
    PRIMARY KEY (account_id, region, alias_name),
    FOREIGN KEY (region, target_key_id) REFERENCES keys (region, key_id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX aliases_by_target ON aliases (region, target_key_id, alias_name);
  `,
  `
  CREATE TABLE grants (
    region TEXT NOT NULL,
    key_id TEXT NOT NULL,
    grant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    grantee TEXT NOT NULL,
    retiring TEXT,
    operations TEXT NOT NULL,
    constraints TEXT NOT NULL,
    issuing_account_id TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    PRIMARY KEY (region, key_id, grant_id),
    FOREIGN KEY (region, key_id) REFERENCES keys (region, key_id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX grants_by_grantee ON grants (region, key_id, grantee, grant_id);
  CREATE INDEX grants_by_retiring ON grants (region, retiring, grant_id) WHERE retiring IS NOT NULL;
  CREATE INDEX grants_by_name ON grants (region, key_id, name) WHERE name <> '';
  `,
]
