import { assert, boolean, constantFrom, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ledger from '../../../src/domain/ledger.ts';
import { money } from '../../../src/domain/money.ts';

const source = { book: 'merchant-1', sourceId: 's-1', orderId: 'o-1' };
const paid = money(1250, 'MYR');
const templates = {
  captured: ledger.captured(source, paid),
  captured_to_suspense: ledger.capturedToSuspense(source, paid),
  fee: ledger.feeKnown(source, paid),
  suspense_delivered: ledger.suspenseDelivered(source, paid),
  refund_reserved: ledger.refundReserved(source, paid, 'sales'),
  refund_succeeded: ledger.refundSucceeded(source, paid),
  refund_failed: ledger.refundFailed(source, paid, 'sales'),
  refund_bounced: ledger.refundBounced(source, paid, 'suspense'),
  dispute_withdrawn: ledger.disputeWithdrawn(source, paid),
  dispute_reinstated: ledger.disputeReinstated(source, paid),
  dispute_fee: ledger.disputeFee(source, paid),
  dispute_fee_returned: ledger.disputeFeeReturned(source, paid),
  account_fee: ledger.accountFee(source, paid),
  payout: ledger.payoutSeen(source, paid),
  payout_failed: ledger.payoutFailed(source, paid),
  difference: ledger.differenceBooked(source, money(-1250, 'MYR')),
};

describe('journal templates', () => {
  test('there is one for every kind of entry', () => {
    expect(Object.keys(templates).toSorted()).toEqual([...ledger.ENTRY_KINDS].toSorted());
  });

  test.each(Object.entries(templates))('%s balances to zero in its one currency', (kind, entry) => {
    expect(entry.kind).toBe(kind);
    expect(ledger.imbalance(entry)).toBe(0);
    expect(entry.postings).toHaveLength(2);
    expect(entry.currency).toBe('MYR');
  });

  test.each([0, -1])('an entry of %d is refused: money moves or nothing is written', (amount) => {
    expect(() => ledger.captured(source, money(amount, 'MYR'))).toThrow(RangeError);
  });

  test('no account is a customer balance', () => {
    expect(ledger.ACCOUNTS.filter((name) => /customer|wallet|buyer|points/.test(name))).toEqual([]);
  });
});

/** Σ over entries, by account. */
function balances(entries: readonly ledger.Entry[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const entry of entries) {
    for (const { account, amount } of entry.postings) sums.set(account, (sums.get(account) ?? 0) + amount);
  }
  return sums;
}

describe('the life of money', () => {
  test('captured, then refunded in full, leaves only the fee', () => {
    const fee = money(12, 'MYR');
    const sums = balances([
      ledger.captured(source, paid),
      ledger.feeKnown(source, fee),
      ledger.refundReserved(source, paid, 'sales'),
      ledger.refundSucceeded(source, paid),
    ]);
    expect(Object.fromEntries(sums)).toEqual({ channel: -12, sales: 0, channel_fee: 12, refunds_in_flight: 0 });
  });

  test('late money that is delivered ends where money in time ends', () => {
    const late = balances([ledger.capturedToSuspense(source, paid), ledger.suspenseDelivered(source, paid)]);
    expect(late.get('suspense')).toBe(0);
    expect(late.get('sales')).toBe(balances([ledger.captured(source, paid)]).get('sales'));
  });

  test('a refund that failed, or bounced after success, leaves the books as they were', () => {
    assert(
      property(
        integer({ min: 1, max: 1_000_000_000 }),
        constantFrom('sales', 'suspense'),
        boolean(),
        (amount, home, bounced) => {
          const back = money(amount, 'KWD');
          const end = bounced
            ? [ledger.refundSucceeded(source, back), ledger.refundBounced(source, back, home)]
            : [ledger.refundFailed(source, back, home)];
          for (const sum of balances([ledger.refundReserved(source, back, home), ...end]).values()) expect(sum).toBe(0);
        },
      ),
    );
  });
});
