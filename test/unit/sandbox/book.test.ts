import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openBook } from '../../../sandbox/book.ts';
import { bench, temporaryFolder } from './support.ts';

async function paidBench() {
  const databasePath = join(temporaryFolder(), 'sandbox.db');
  const made = await bench({ databasePath });
  const { id } = await made.api.checkout();
  made.sandbox.pay(id, { mode: 'now' });
  const raw = new DatabaseSync(databasePath);
  onTestFinished(() => raw.close());
  return { ...made, raw };
}

test('lines and events are never changed, replaced or deleted', async () => {
  const { raw, sandbox } = await paidBench();
  raw.exec('PRAGMA recursive_triggers = ON');
  for (const statement of [
    'UPDATE lines SET amount = amount + 1',
    'DELETE FROM lines',
    'REPLACE INTO lines SELECT * FROM lines',
    `UPDATE events SET type = 'x'`,
    'DELETE FROM events',
  ]) {
    expect(() => raw.exec(statement), statement).toThrow('append-only');
  }
  sandbox.audit();
});

test.each([
  ['UPDATE balances SET amount = amount + 1', 'balance of shop-1 in EUR'],
  ['UPDATE payments SET fee = fee + 1', 'lines of payment'],
  [`UPDATE payments SET status = 'failed'`, 'lines of payment'],
  ['UPDATE payments SET refunded = 1', 'refunded amount of payment'],
])('a book that was tampered with is not answered from: %s', async (statement, what) => {
  const { raw, sandbox, api } = await paidBench();
  raw.exec(statement);
  expect(() => sandbox.audit()).toThrow(what);
  expect((await api.get('/balance')).status).toBe(500);
  expect((await api.get('/statement')).status).toBe(500);
});

test('a step that throws leaves nothing, and steps are never opened inside steps', () => {
  const book = openBook(join(temporaryFolder(), 'sandbox.db'));
  onTestFinished(() => book.close());
  const write = (name: string) => book.run('INSERT INTO settings (name, value) VALUES (?, 1)', name);
  const broken = () => {
    write('a');
    throw new Error('broken');
  };
  expect(() => book.transact(broken)).toThrow('broken');
  book.transact(() => {
    write('b');
    expect(() => book.attempt(broken)).toThrow('broken');
    expect(() => book.transact(() => write('c'))).toThrow('inside another');
  });
  expect(book.all('SELECT name FROM settings')).toMatchObject([{ name: 'b' }]);
});
