/**
 * What a person wrote or owns is sealed under a data key of that person alone, which lies wrapped in `person_keys`. Erasing the key
 * erases the person: ciphertext in old rows, old backups and old pages of the file stays, and nothing opens it any more.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Vault } from '../ports/runtime.ts';
import { pick } from './columns.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'person-key';
/** Unwrapped keys kept in memory; beyond it the one used longest ago goes. */
const CACHE_MAX = 2_000;

export interface PersonVault {
  /** Makes the person's key at the first call. Throws for a person who was erased: nothing new is kept of them. */
  seal(personId: string, purpose: string, text: string): Promise<string>;
  /** The empty text for a person who was erased. */
  open(personId: string, purpose: string, sealed: string): Promise<string>;
  /** Destroys the key. False when the person has been erased before. */
  erase(personId: string, at: number): Promise<boolean>;
}

const find = prepare('personKeys.find', pick(tables.personKeys, 'personId'), (db, p) =>
  db.selectFrom('personKeys').select('wrapped').where('personId', '=', p.personId),
);
const insert = prepare('personKeys.insert', pick(tables.personKeys, 'personId', 'wrapped'), (db, p) =>
  db
    .insertInto('personKeys')
    .values({ ...p, erasedAt: null })
    .onConflict((on) => on.doNothing()),
);
const erase = prepare('personKeys.erase', pick(tables.personKeys, 'personId', 'erasedAt'), (db, p) =>
  db
    .insertInto('personKeys')
    .values({ ...p, wrapped: null })
    .onConflict((on) =>
      on
        .column('personId')
        .doUpdateSet({ wrapped: null, erasedAt: p.erasedAt })
        .where('personKeys.erasedAt', 'is', null),
    ),
);

/** By wrapped key, so that a key whose row was rolled back is never taken for the person's. */
const caches = new WeakMap<Vault, Map<string, Buffer>>();

function unwrap(vault: Vault, wrapped: string): Buffer {
  const cache = caches.get(vault) ?? new Map<string, Buffer>();
  caches.set(vault, cache);
  const key = cache.get(wrapped) ?? Buffer.from(vault.open(PURPOSE, wrapped), 'base64url');
  cache.delete(wrapped);
  cache.set(wrapped, key);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_MAX && oldest !== undefined) cache.delete(oldest);
  return key;
}

export function personVault(run: Run, vault: Vault): PersonVault {
  const keyOf = async (personId: string): Promise<Buffer | undefined> => {
    const row = await run.first(find, { personId });
    return row?.wrapped == null ? undefined : unwrap(vault, row.wrapped);
  };
  const makeKey = async (personId: string): Promise<Buffer> => {
    const wrapped = vault.seal(PURPOSE, randomBytes(KEY_BYTES).toString('base64url'));
    await run.change(insert, { personId, wrapped });
    const key = await keyOf(personId);
    if (!key) throw new Error(`Person ${personId} was erased: nothing can be sealed for them.`);
    return key;
  };
  return {
    seal: async (personId, purpose, text) =>
      sealUnder((await keyOf(personId)) ?? (await makeKey(personId)), purpose, text),
    async open(personId, purpose, sealed) {
      const key = await keyOf(personId);
      return key ? openUnder(key, purpose, sealed) : '';
    },
    erase: async (personId, at) => (await run.change(erase, { personId, erasedAt: at })) === 1,
  };
}

function sealUnder(key: Buffer, purpose: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([body, cipher.getAuthTag()]).toString('base64url');
}

function openUnder(key: Buffer, purpose: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
