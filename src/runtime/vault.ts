/**
 * Everything secret hangs on one root key. HKDF gives each purpose a key of its own, so that what was sealed for one purpose cannot
 * be opened for another; each ciphertext names the root it was sealed under, so that older roots go on opening what they sealed.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Vault } from '../ports/runtime.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = KEY_ID_BYTES + NONCE_BYTES;

export type RootKeys = {
  readonly current: string;
  /** Newest first. The oldest goes on making the digests, so that what was written under it is still found. */
  readonly previous: readonly string[];
};

export type KeyedVault = Vault & {
  /** Names of a purpose's keys, current one first, as text: for libraries that seal by themselves (session cookies). */
  passwords(purpose: string): readonly [string, ...string[]];
};

/** The ciphertext was made under a root that we do not have, or was changed. */
export class CannotOpen extends Error {
  readonly keyMissing: boolean;
  constructor(purpose: string, { keyMissing }: { keyMissing: boolean }) {
    super(
      keyMissing
        ? `What is sealed for ${purpose} was sealed under another key: give the key it was sealed with as SECRET_KEY or SECRET_KEY_PREVIOUS.`
        : `What is sealed for ${purpose} was changed or cut: it cannot be opened.`,
    );
    this.name = 'CannotOpen';
    this.keyMissing = keyMissing;
  }
}

type Root = { readonly id: Buffer; keyFor(purpose: string): Buffer };

export function createVault(keys: RootKeys): KeyedVault {
  const current = rootOf(keys.current);
  const previous = keys.previous.map(rootOf);
  const roots = [current, ...previous];
  const oldest = roots.at(-1) ?? current;
  return {
    digest: (purpose, text) =>
      createHmac('sha256', oldest.keyFor(`digest:${purpose}`))
        .update(text)
        .digest('base64url'),
    seal: (purpose, text) => seal(current, purpose, text),
    open: (purpose, sealed) => open(roots, purpose, sealed),
    passwords: (purpose) => {
      const passwordOf = (root: Root) => root.keyFor(`password:${purpose}`).toString('base64url');
      return [passwordOf(current), ...previous.map(passwordOf)];
    },
  };
}

function rootOf(secret: string): Root {
  const derive = (info: string, length: number) => Buffer.from(hkdfSync('sha256', secret, 'pasar', info, length));
  const keys = new Map<string, Buffer>();
  return {
    id: derive('key-id', KEY_ID_BYTES),
    keyFor(purpose) {
      const known = keys.get(purpose);
      if (known) return known;
      const key = derive(`purpose:${purpose}`, KEY_BYTES);
      keys.set(purpose, key);
      return key;
    },
  };
}

function seal(root: Root, purpose: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, root.keyFor(`seal:${purpose}`), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([root.id, nonce, body, cipher.getAuthTag()]).toString('base64url');
}

function open(roots: readonly Root[], purpose: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  // One ciphertext, one text: base64url would let several through.
  const strange = bytes.toString('base64url') !== sealed;
  if (strange || bytes.length < HEAD_BYTES + TAG_BYTES) throw new CannotOpen(purpose, { keyMissing: false });
  const id = bytes.subarray(0, KEY_ID_BYTES);
  const root = roots.find((one) => one.id.equals(id));
  if (!root) throw new CannotOpen(purpose, { keyMissing: true });
  const decipher = createDecipheriv(CIPHER, root.keyFor(`seal:${purpose}`), bytes.subarray(KEY_ID_BYTES, HEAD_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new CannotOpen(purpose, { keyMissing: false });
  }
}
