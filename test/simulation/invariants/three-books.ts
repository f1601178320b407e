import { BANK } from '../bank/channel.ts';
import { atRest } from '../engine/invariant.ts';
import type { Stage } from '../engine/stage.ts';

/** Of one shop: what the bank owes it, what the bank kept, what stands for the shop's side of it. */
type Side = { readonly channel: number; readonly fees: number; readonly kept: number; readonly payments: number };

export const invariant = atRest(
  "the market's journal, the bank's book and what people remember tell the same",
  (stage) => {
    const faults = stage.cast.shops.flatMap(({ id }) => {
      const [ours, theirs] = [journalOf(stage, id), bookOf(stage, id)];
      const same = JSON.stringify(ours) === JSON.stringify(theirs);
      return same ? [] : [`shop ${id}: our journal ${JSON.stringify(ours)}, the bank's book ${JSON.stringify(theirs)}`];
    });
    const remembered = stage.memory.bills().flatMap(({ payments }) => payments.map(({ amount }) => amount));
    const taken = stage.bank.book().flatMap((line) => (line.kind === 'payment' ? [line.amount] : []));
    const sorted = (amounts: readonly number[]) => amounts.toSorted((a, b) => a - b).join(' ');
    if (sorted(remembered) !== sorted(taken))
      faults.push(`buyers paid ${sorted(remembered)}; the bank took ${sorted(taken)}`);
    return faults;
  },
);

function journalOf(stage: Stage, shopId: string): Side {
  const balances = stage.rows(
    `select b.account, b.amount from account_balances b join merchant_accounts m on m.id = b.book
     where m.shop_id = ? and m.channel = ?`,
    [shopId, BANK],
  );
  const captures = stage.rows(
    `select count(*) as found from captures c join merchant_accounts m on m.id = c.merchant_account_id
     where m.shop_id = ? and m.channel = ?`,
    [shopId, BANK],
  );
  const sum = (...accounts: string[]) =>
    balances.reduce(
      (total, row) => (accounts.includes(String(row['account'])) ? total + Number(row['amount']) : total),
      0,
    );
  return {
    channel: sum('channel'),
    fees: sum('channel_fee'),
    kept: 0 - sum('sales', 'suspense', 'refunds_in_flight'),
    payments: Number(captures[0]?.['found']),
  };
}

function bookOf(stage: Stage, shopId: string): Side {
  const lines = stage.bank.book().filter((line) => line.account === shopId);
  const sum = (...kinds: string[]) =>
    lines.reduce((total, line) => (kinds.includes(line.kind) ? total + line.amount : total), 0);
  return {
    channel: sum('payment', 'fee', 'refund', 'refund_failed'),
    fees: 0 - sum('fee'),
    kept: sum('payment', 'refund', 'refund_failed'),
    payments: lines.filter((line) => line.kind === 'payment').length,
  };
}
