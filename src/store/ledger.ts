/** The journal: entries are added, never changed; each account's balance stands beside its postings. */
import { imbalance } from '../domain/ledger.ts';
import type { PaymentWrites } from '../ports/store/payments.ts';
import { pick } from './columns.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const insertEntry = prepare('journalTransactions.insert', tables.journalTransactions, (db, p) =>
  db
    .insertInto('journalTransactions')
    .values(p)
    .onConflict((on) => on.columns(['sourceType', 'sourceId', 'kind']).doNothing()),
);
const insertPosting = prepare('postings.insert', tables.postings, (db, p) => db.insertInto('postings').values(p));
const addToBalance = prepare('accountBalances.add', tables.accountBalances, (db, p) =>
  db
    .insertInto('accountBalances')
    .values(p)
    .onConflict((on) =>
      on
        .columns(['book', 'account', 'currency'])
        .doUpdateSet((eb) => ({ amount: eb('accountBalances.amount', '+', eb.ref('excluded.amount')) })),
    ),
);
const balances = prepare('accountBalances.ofBook', pick(tables.accountBalances, 'book'), (db, p) =>
  db
    .selectFrom('accountBalances')
    .selectAll()
    .where('book', '=', p.book)
    .orderBy('account')
    .orderBy('currency')
    .limit(PARTS_MAX),
);

export function ledgerQueries(run: Run): Pick<PaymentWrites, 'post' | 'balances'> {
  return {
    balances: (book) => run.all(balances, { book }),
    async post({ postings, ...entry }, id, at) {
      const off = imbalance({ postings });
      if (off !== 0 || postings.length < 2) {
        throw new RangeError(
          `Entry ${entry.kind} of ${entry.sourceType} ${entry.sourceId} has ${postings.length} postings that sum to ${off}: nothing was posted.`,
        );
      }
      if ((await run.change(insertEntry, { ...entry, id, at })) === 0) return false;
      const { book, currency } = entry;
      for (const [position, { account, amount }] of postings.entries()) {
        await run.change(insertPosting, { transactionId: id, position, book, account, currency, amount });
      }
      // In one order everywhere, so that two entries of a book never wait for each other in a circle.
      for (const { account, amount } of postings.toSorted((a, b) => (a.account < b.account ? -1 : 1))) {
        mustChange(await run.change(addToBalance, { book, account, currency, amount }), `The balance of ${account}`);
      }
      return true;
    },
  };
}
