import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import { bench, press, START, temporaryFolder } from './support.ts';

const DAY = 24 * 3_600_000;

async function paid(options = {}) {
  const made = await bench(options);
  const checkout = await made.api.checkout({ metadata: { orderId: 'order-1' } });
  const [payment] = made.sandbox.pay(checkout.id, { mode: 'now' }).payments;
  if (!payment) throw new Error('nothing was paid');
  return { ...made, checkout, payment };
}

describe('a dispute', () => {
  test('takes money and a fee, gives the money back when it is won, and tells each time', async () => {
    const { sandbox, payment } = await paid();
    const opened = sandbox.dispute(payment.id, { reason: 'not_received' });
    expect(opened).toMatchObject({ status: 'needs_response', amount: 1_250, withdrawn: 1_250, fee: 500 });
    expect(opened).toMatchObject({ respondBy: START + 7 * DAY, metadata: { orderId: 'order-1' } });
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 - 1_250 - 500 });
    sandbox.stepDispute(opened.id, 'answer');
    expect(sandbox.stepDispute(opened.id, 'won')).toMatchObject({ status: 'won', withdrawn: 0, fee: 500 });
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 - 500 });
    expect(sandbox.book('shop-1').map((line) => line.kind)).toEqual([
      ...['payment', 'fee', 'dispute', 'fee', 'dispute_reversed'],
    ]);
    expect(sandbox.events().flatMap(({ type }) => (type.startsWith('dispute') ? [type] : []))).toEqual([
      ...['dispute.opened', 'dispute.updated', 'dispute.closed'],
    ]);
    expect(() => sandbox.stepDispute(opened.id, 'lost')).toThrow('is won');
    sandbox.audit();
  });

  test('that only asks takes nothing until the bank takes the money', async () => {
    const { sandbox, payment } = await paid();
    const { id } = sandbox.dispute(payment.id, { inquiry: true });
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 });
    expect(sandbox.stepDispute(id, 'take')).toMatchObject({ status: 'needs_response', withdrawn: 1_250 });
    expect(sandbox.stepDispute(id, 'accept')).toMatchObject({ status: 'accepted', withdrawn: 1_250, respondBy: null });
    sandbox.audit();
  });

  test('leaves to be refunded what it did not take', async () => {
    const { sandbox, payment, api } = await paid();
    sandbox.dispute(payment.id, { amount: 1_000 });
    const refund = (amount: number) =>
      api.refund({ payment: payment.id, amount, currency: 'EUR', reference: `r${amount}` });
    expect((await refund(251)).body).toMatchObject({ error: { code: 'refund_exceeds_payment' } });
    expect((await refund(250)).body).toMatchObject({ status: 'succeeded' });
    sandbox.audit();
  });

  test('is read by its own account alone', async () => {
    const { sandbox, payment, api } = await paid();
    const { id } = sandbox.dispute(payment.id);
    expect((await api.get(`/disputes/${id}`)).body).toMatchObject({ id, object: 'dispute' });
    expect((await api.get(`/disputes/${id}`, { account: 'shop-2' })).status).toBe(404);
  });

  test('is pressed through on the page, and a press too late moves nothing', async () => {
    const { sandbox, checkout } = await paid();
    const later = (choice: string) => press(checkout.url, choice, 'later');
    expect((await later('warning')).status).toBe(303);
    await later('dispute');
    await later('dispute');
    expect(await (await fetch(checkout.url)).text()).toContain('The shop answers');
    await later('answer');
    await later('lost');
    await later('won');
    expect(sandbox.events().flatMap(({ type }) => (/^(dispute|warning)/.test(type) ? [type] : []))).toEqual([
      ...['warning.opened', 'dispute.opened', 'dispute.updated', 'dispute.closed'],
    ]);
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 - 1_250 - 500 });
  });
});

describe('a payout', () => {
  test('takes every line along, arrives, and comes back as a line of its own', async () => {
    const { sandbox, clock, api } = await paid();
    const [payout] = sandbox.payOut('shop-1');
    expect(payout).toMatchObject({ status: 'in_transit', amount: 1_238, arrivesAt: START + DAY });
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 0 });
    expect(sandbox.payOut('shop-1')).toEqual([]);
    const lines = sandbox.book('shop-1');
    expect(new Set(lines.map((line) => line.payout))).toEqual(new Set([payout?.id]));
    expect(lines.at(-1)).toMatchObject({ kind: 'payout', amount: -1_238, availableAt: START + DAY });
    clock.at += DAY;
    await sandbox.tick();
    expect(sandbox.events().at(-1)).toMatchObject({ type: 'payout.paid' });
    sandbox.failPayout(payout?.id ?? '');
    sandbox.failPayout(payout?.id ?? '');
    expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 });
    expect(sandbox.book('shop-1').at(-1)).toMatchObject({ kind: 'payout_failed', payout: null });
    expect((await api.get('/balance')).body).toEqual({ EUR: 1_238 });
  });

  test('of any history leaves books that add up', async () => {
    const { sandbox, api } = await bench();
    let made = 0;
    const step = fc.constantFrom('pay', 'dispute', 'won', 'lost', 'pay_out', 'fail');
    const history = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const payments: string[] = [];
      const disputes: string[] = [];
      const payouts: string[] = [];
      for (const one of steps) {
        if (one === 'pay') {
          made += 1;
          const { id } = await api.checkout({ reference: `p${made}` });
          payments.push(...sandbox.pay(id, { mode: 'now' }).payments.map((payment) => payment.id));
        }
        if (one === 'dispute' && payments[0]) disputes.push(sandbox.dispute(payments.shift() ?? '').id);
        if ((one === 'won' || one === 'lost') && disputes[0]) sandbox.stepDispute(disputes.shift() ?? '', one);
        if (one === 'pay_out') payouts.push(...sandbox.payOut('shop-1').map((payout) => payout.id));
        if (one === 'fail' && payouts[0]) sandbox.failPayout(payouts.shift() ?? '');
        sandbox.audit();
      }
    });
    await fc.assert(history, { numRuns: 20 });
  });
});

test('a file of before disputes and payouts is opened with all its lines', async () => {
  const databasePath = join(temporaryFolder(), 'old.db');
  const options = { databasePath, host: '127.0.0.1', port: 0, autoTick: false };
  const first = await startSandbox(options);
  await first.stop();
  const raw = new DatabaseSync(databasePath);
  const narrow = `CREATE TABLE lines (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL
    REFERENCES accounts (id), kind TEXT NOT NULL CHECK (kind IN ('payment', 'fee', 'refund', 'refund_failed')),
    object TEXT NOT NULL, reference TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), currency TEXT NOT NULL,
    balance_after INTEGER NOT NULL, occurred_at INTEGER NOT NULL, UNIQUE (object, kind)) STRICT;
    CREATE INDEX lines_account ON lines (account, currency, seq);
    CREATE TRIGGER lines_no_update BEFORE UPDATE ON lines BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END;
    CREATE TRIGGER lines_no_delete BEFORE DELETE ON lines BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END;`;
  raw.exec(`DROP TABLE payout_lines; DROP TABLE payouts; DROP TABLE disputes; DROP TABLE lines; ${narrow}
    INSERT INTO accounts (id, created_at) VALUES ('shop-1', 0);
    INSERT INTO balances VALUES ('shop-1', 'EUR', 7);
    INSERT INTO lines VALUES (1, 'lin_1', 'shop-1', 'payment', 'pay_0', 'a', 7, 'EUR', 7, 0);`);
  raw.close();
  const again = await startSandbox(options);
  expect(again.book('shop-1')).toMatchObject([{ id: 'lin_1', amount: 7 }]);
  expect(again.payOut('shop-1')).toMatchObject([{ amount: 7 }]);
  await again.stop();
  const changed = new DatabaseSync(databasePath);
  expect(() => changed.exec('UPDATE lines SET amount = 8')).toThrow('append-only');
  changed.close();
});
