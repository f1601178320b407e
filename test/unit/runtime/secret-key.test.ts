import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyPathOf, loadRootKeys } from '../../../src/runtime/secret-key.ts';

let folder = '';
let databasePath = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pasar-key-'));
  databasePath = join(folder, 'data', 'pasar.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (mayMake = true) => loadRootKeys({ secretKey: null, previous: [], databasePath, mayMake });

test('an embedded start makes a key beside the database that only its owner reads, and finds it again', () => {
  const first = load();
  expect(first.current.length).toBeGreaterThanOrEqual(32);
  expect(statSync(keyPathOf(databasePath)).mode & 0o777).toBe(0o600);
  expect(load(false)).toEqual(first);
});

test('two new markets get different keys', () => {
  const first = load().current;
  databasePath = join(folder, 'other.db');
  expect(load().current).not.toBe(first);
});

test('a database whose key file is gone is refused, naming the file', () => {
  load();
  writeFileSync(databasePath, 'SQLite format 3');
  rmSync(keyPathOf(databasePath));
  expect(() => load()).toThrow(keyPathOf(databasePath));
  expect(() => statSync(keyPathOf(databasePath))).toThrow('ENOENT');
});

test('a command that only reads makes no key', () => {
  expect(() => load(false)).toThrow(/SECRET_KEY/);
});

test('a cut key file is refused', () => {
  load();
  chmodSync(keyPathOf(databasePath), 0o600);
  writeFileSync(keyPathOf(databasePath), readFileSync(keyPathOf(databasePath), 'utf8').slice(0, 10));
  expect(() => load()).toThrow(/cut short/);
});

test('a key from the environment needs no file and makes none', () => {
  const keys = loadRootKeys({ secretKey: 'from-the-environment', previous: ['before'], databasePath, mayMake: true });
  expect(keys).toEqual({ current: 'from-the-environment', previous: ['before'] });
  expect(() => statSync(keyPathOf(databasePath))).toThrow('ENOENT');
});
