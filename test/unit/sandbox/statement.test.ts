import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DECLINE_CODES } from '../../../sandbox/objects.ts';
import { bench, START } from './support.ts';

test('the statement lists payments, fees and refunds of a time, as JSON and as CSV', async () => {
  const { sandbox, clock, api } = await bench();
  const { id } = await api.checkout({ reference: 'a1' });
  const payment = sandbox.pay(id, { mode: 'now' }).payments[0]?.id;
  clock.at += 1_000;
  const refund = (await api.refund({ payment, amount: 250, currency: 'EUR', reference: 'r1' })).body;

  const all = (await api.get<{ lines: unknown[] }>('/statement')).body;
  expect(all.lines).toMatchObject([
    { kind: 'payment', object: payment, reference: 'a1', amount: 1_250, currency: 'EUR', occurredAt: START },
    { kind: 'fee', object: payment, reference: 'a1', amount: -12 },
    { kind: 'refund', object: refund.id, reference: 'r1', amount: -250, occurredAt: START + 1_000 },
  ]);
  const later = await api.get<{ lines: unknown[] }>(`/statement?from=${START + 1}&to=${START + 1_001}`);
  expect(later.body.lines).toEqual(all.lines.slice(2));
  expect((await api.get('/balance')).body).toEqual({ EUR: 988 });

  const csv = await fetch(`${sandbox.url}/v1/statement?format=csv`, {
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'sandbox-account': 'shop-1' },
  });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  const rows = (await csv.text()).split('\r\n');
  expect(rows[0]).toBe('id,kind,object,reference,amount,currency,account,occurredAt,availableAt,payout');
  expect(rows[3]).toContain(`,refund,${refund.id},r1,-250,EUR,shop-1,${START + 1_000},${START + 1_000},`);
  expect(rows).toHaveLength(5);
});

const command = fc.oneof(
  fc.record({
    do: fc.constant('pay' as const),
    account: fc.constantFrom('shop-1', 'shop-2'),
    currency: fc.constantFrom('EUR', 'JPY'),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    mode: fc.constantFrom('now', 'twice', 'slow_success', 'slow_fail', 'late', 'decline'),
    reason: fc.constantFrom(...DECLINE_CODES),
  }),
  fc.record({
    do: fc.constant('refund' as const),
    pick: fc.nat(50),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    mode: fc.constantFrom('instant', 'pending_then_succeeded', 'pending_then_failed', 'succeeded_then_failed'),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_200_000 }) }),
);

test('after any history the balance is the sum of the lines, and of what was paid less fees and refunds', async () => {
  const { sandbox, clock, api } = await bench();
  const accounts = ['shop-1', 'shop-2'] as const;
  let made = 0;
  const history = fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 15 }), async (commands) => {
    for (const step of commands) {
      made += 1;
      if (step.do === 'wait') {
        clock.at += step.ms;
        await sandbox.tick();
      } else if (step.do === 'pay') {
        const { account, amount, currency, mode, reason } = step;
        const input = { reference: `c${made}`, amount, currency, expiresAt: clock.at + 900_000 };
        const { id } = await api.checkout(input, { account });
        sandbox.pay(id, { mode, reason });
      } else {
        const paid = sandbox.events().flatMap(({ data: { object } }) => (object.object === 'payment' ? [object] : []));
        const target = paid[step.pick % Math.max(1, paid.length)];
        if (!target) continue;
        sandbox.refundMode(target.account, step.mode);
        const body = { payment: target.id, amount: step.amount, currency: target.currency, reference: `r${made}` };
        await api.refund(body, { account: target.account });
      }
    }
    sandbox.audit();
    for (const account of accounts) {
      const sums: Record<string, number> = {};
      for (const line of sandbox.book(account)) sums[line.currency] = (sums[line.currency] ?? 0) + line.amount;
      expect(sandbox.balance(account)).toEqual(sums);
      expect((await api.get('/balance', { account })).body).toEqual(sums);
    }
  });
  await fc.assert(history, { numRuns: 25 });
});
