import { describe, expect, test } from 'vitest';
import { CannotOpen, createVault } from '../../../src/runtime/vault.ts';

const OLD = 'old-root-key-0123456789-abcdefghijkl';
const NEW = 'new-root-key-0123456789-abcdefghijkl';

const old = createVault({ current: OLD, previous: [] });
const rotated = createVault({ current: NEW, previous: [OLD] });

describe('sealing', () => {
  test('what was sealed is opened, whatever its letters', () => {
    for (const text of ['', 'Jalan Petaling 12', '夜市 🥭', 'x'.repeat(10_000)])
      expect(old.open('address', old.seal('address', text))).toBe(text);
  });

  test('the same text never looks the same', () => {
    expect(old.seal('name', 'Siti')).not.toBe(old.seal('name', 'Siti'));
  });

  test('a purpose cannot open what was sealed for another', () => {
    expect(() => old.open('name', old.seal('address', 'Siti'))).toThrow(CannotOpen);
  });

  test('a changed, cut or invented ciphertext is refused', () => {
    const sealed = Buffer.from(old.seal('name', 'Siti'), 'base64url');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => old.open('name', changed.toString('base64url'))).toThrow(CannotOpen);
      expect(() => old.open('name', sealed.subarray(0, at).toString('base64url'))).toThrow(CannotOpen);
    }
  });

  test('no text of an error shows what was sealed', () => {
    expect(() => rotated.open('name', 'c2VjcmV0')).toThrow(
      /^What is sealed for name was changed or cut: it cannot be opened\.$/,
    );
  });
});

describe('rotation', () => {
  test('a previous key opens what it sealed, the new one seals from now on', () => {
    expect(rotated.open('name', old.seal('name', 'Siti'))).toBe('Siti');
    expect(() => old.open('name', rotated.seal('name', 'Siti'))).toThrow(/SECRET_KEY_PREVIOUS/);
  });

  test('people are still found by the digest of their platform id', () => {
    expect(rotated.digest('identity', 'telegram:4711')).toBe(old.digest('identity', 'telegram:4711'));
  });

  test('sessions get the new password first and the old one after it', () => {
    const [first, second] = rotated.passwords('sessions');
    expect(second).toBe(old.passwords('sessions')[0]);
    expect(first).not.toBe(second);
    expect(first.length).toBeGreaterThanOrEqual(32);
  });
});

describe('digests', () => {
  test('depend on purpose, text and key', () => {
    const digests = [
      old.digest('a', 'x'),
      old.digest('b', 'x'),
      old.digest('a', 'y'),
      createVault({ current: NEW, previous: [] }).digest('a', 'x'),
    ];
    expect(new Set(digests).size).toBe(4);
    expect(old.digest('a', 'x')).toBe(digests[0]);
  });
});
