/** What is owed, each try to pay it, and each movement of money that a channel proved. */
import { isLive, type PaymentException } from '../domain/payment.ts';
import type { Vault } from '../ports/runtime.ts';
import type { Payment, PaymentWrites } from '../ports/store/payments.ts';
import { int, pick } from './columns.ts';
import { ledgerQueries } from './ledger.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { refundQueries } from './refunds.ts';
import { type RowOf, tables } from './schema.ts';

const { payments, attempts, captures } = tables;

const paymentById = prepare('payments.byId', pick(payments, 'id'), (db, p) =>
  db.selectFrom('payments').selectAll().where('id', '=', p.id),
);
const paymentOf = prepare('payments.ofOrder', pick(payments, 'orderId'), (db, p) =>
  db.selectFrom('payments').selectAll().where('orderId', '=', p.orderId),
);
const insertPayment = prepare('payments.insert', payments, (db, p) =>
  db
    .insertInto('payments')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const movePayment = prepare(
  'payments.move',
  { ...pick(payments, 'id'), from: payments.state, to: payments.state },
  (db, p) => db.updateTable('payments').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
);
const exceptionsOf = prepare('paymentExceptions.of', pick(tables.paymentExceptions, 'paymentId'), (db, p) =>
  db
    .selectFrom('paymentExceptions')
    .select('exception')
    .where('paymentId', '=', p.paymentId)
    .orderBy('exception')
    .limit(PARTS_MAX),
);
const addException = prepare('paymentExceptions.insert', tables.paymentExceptions, (db, p) =>
  db
    .insertInto('paymentExceptions')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

const attemptById = prepare('attempts.byId', pick(attempts, 'id'), (db, p) =>
  db.selectFrom('attempts').selectAll().where('id', '=', p.id),
);
const attemptsOf = prepare('attempts.ofOrder', pick(attempts, 'orderId'), (db, p) =>
  db.selectFrom('attempts').selectAll().where('orderId', '=', p.orderId).orderBy('id').limit(PARTS_MAX),
);
const byReference = prepare('attempts.byReference', pick(attempts, 'channel', 'reference'), (db, p) =>
  db
    .selectFrom('attempts')
    .selectAll()
    .where('channel', '=', p.channel)
    .where('reference', '=', p.reference)
    .orderBy('id')
    .limit(1),
);
const dueAttempts = prepare('attempts.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('attempts')
    .selectAll()
    .where('nextCheckAt', '<=', p.now)
    .orderBy('nextCheckAt')
    .orderBy('id')
    .limit(p.limit),
);
const insertAttempt = prepare('attempts.insert', attempts, (db, p) =>
  db
    .insertInto('attempts')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const attemptChanges = pick(
  attempts,
  'channelRef',
  'nextAction',
  'declineCode',
  'firstConfirmerId',
  'nextCheckAt',
  'checks',
  'expiresAt',
);
const moveAttempt = prepare(
  'attempts.move',
  { ...pick(attempts, 'id'), from: attempts.state, to: attempts.state, set: changes(attemptChanges) },
  (db, p) =>
    db
      .updateTable('attempts')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);

const captureById = prepare('captures.byId', pick(captures, 'id'), (db, p) =>
  db.selectFrom('captures').selectAll().where('id', '=', p.id),
);
const captureAt = prepare(
  'captures.at',
  { ...pick(captures, 'channelRef', 'channel'), accountRef: tables.merchantAccounts.accountRef },
  (db, p) =>
    db
      .selectFrom('captures')
      .innerJoin('merchantAccounts', 'merchantAccounts.id', 'captures.merchantAccountId')
      .selectAll('captures')
      .where('captures.channelRef', '=', p.channelRef)
      .where('captures.channel', '=', p.channel)
      .where('merchantAccounts.accountRef', '=', p.accountRef),
);
const withdrawn = prepare('captures.withdrawn', { ...pick(captures, 'id'), by: int }, (db, p) =>
  db
    .updateTable('captures')
    .set((eb) => ({ withdrawn: eb('withdrawn', '+', p.by) }))
    .where('id', '=', p.id),
);
const capturesOf = prepare('captures.ofOrder', pick(captures, 'orderId'), (db, p) =>
  db.selectFrom('captures').selectAll().where('orderId', '=', p.orderId).orderBy('id').limit(PARTS_MAX),
);
const insertCapture = prepare('captures.insert', captures, (db, p) =>
  db
    .insertInto('captures')
    .values(p)
    .onConflict((on) => on.columns(['merchantAccountId', 'channelRef']).doNothing()),
);
const setUse = prepare('captures.setUse', { ...pick(captures, 'id'), from: captures.use, to: captures.use }, (db, p) =>
  db.updateTable('captures').set({ use: p.to }).where('id', '=', p.id).where('use', '=', p.from),
);
const reserve = prepare('captures.reserve', { ...pick(captures, 'id'), back: int }, (db, p) =>
  db
    .updateTable('captures')
    .set((eb) => ({ refunding: eb('refunding', '+', p.back) }))
    .where('id', '=', p.id)
    .where((eb) => eb(eb(eb('amount', '-', eb.ref('refunding')), '-', eb.ref('withdrawn')), '>=', p.back)),
);
const releaseBack = prepare('captures.release', { ...pick(captures, 'id'), back: int }, (db, p) =>
  db
    .updateTable('captures')
    .set((eb) => ({ refunding: eb('refunding', '-', p.back) }))
    .where('id', '=', p.id)
    .where('refunding', '>=', p.back),
);

export function paymentQueries(run: Run, vault: Vault): PaymentWrites {
  return {
    ...owedQueries(run),
    ...attemptQueries(run),
    ...captureQueries(run),
    ...refundQueries(run, vault),
    ...ledgerQueries(run),
  };
}

type OwedQueries = Pick<PaymentWrites, 'payment' | 'paymentOf' | 'insertPayment' | 'movePayment' | 'addException'>;

function owedQueries(run: Run): OwedQueries {
  const withExceptions = async (row: RowOf<'payments'>): Promise<Payment> => {
    const rows = await run.all(exceptionsOf, { paymentId: row.id });
    return { ...row, exceptions: rows.map((one) => one.exception) };
  };
  const addTo = async (paymentId: string, exception: PaymentException) => {
    await run.change(addException, { paymentId, exception });
  };
  return {
    async payment(id) {
      const row = await run.first(paymentById, { id });
      return row && withExceptions(row);
    },
    async paymentOf(orderId) {
      const row = await run.first(paymentOf, { orderId });
      return row && withExceptions(row);
    },
    async insertPayment({ exceptions, ...row }) {
      if ((await run.change(insertPayment, row)) === 0) return false;
      for (const exception of exceptions) await addTo(row.id, exception);
      return true;
    },
    movePayment: async (id, from, to) => (await run.change(movePayment, { id, from, to })) === 1,
    addException: addTo,
  };
}

type AttemptQueries = Pick<
  PaymentWrites,
  'attempt' | 'attempts' | 'attemptByReference' | 'dueAttempts' | 'insertAttempt' | 'moveAttempt'
>;

function attemptQueries(run: Run): AttemptQueries {
  return {
    attempt: (id) => run.first(attemptById, { id }),
    attempts: (orderId) => run.all(attemptsOf, { orderId }),
    attemptByReference: (channel, reference) => run.first(byReference, { channel, reference }),
    dueAttempts: (now, limit) => run.all(dueAttempts, { now, limit }),
    async insertAttempt(row) {
      if (!isLive(row.state)) throw new RangeError(`Attempt ${row.id} begins as ${row.state}: a try begins live.`);
      return (await run.change(insertAttempt, row)) === 1;
    },
    moveAttempt: async (id, from, to, set = {}) => (await run.change(moveAttempt, { id, from, to, set })) === 1,
  };
}

type CaptureQueries = Pick<
  PaymentWrites,
  | 'capture'
  | 'captureAt'
  | 'captures'
  | 'insertCapture'
  | 'setCaptureUse'
  | 'reserveRefund'
  | 'releaseRefund'
  | 'addWithdrawn'
>;

function captureQueries(run: Run): CaptureQueries {
  return {
    capture: (id) => run.first(captureById, { id }),
    captureAt: (channel, accountRef, channelRef) => run.first(captureAt, { channel, accountRef, channelRef }),
    captures: (orderId) => run.all(capturesOf, { orderId }),
    async addWithdrawn(id, by) {
      mustChange(await run.change(withdrawn, { id, by }), `What banks hold of capture ${id}`);
    },
    insertCapture: async (row) => (await run.change(insertCapture, row)) === 1,
    setCaptureUse: async (id, from, to) => (await run.change(setUse, { id, from, to })) === 1,
    reserveRefund: async (id, back) => (await run.change(reserve, { id, back: positive(back) })) === 1,
    async releaseRefund(id, back) {
      const changed = await run.change(releaseBack, { id, back: positive(back) });
      mustChange(changed, `The release of ${back} reserved on capture ${id}`);
    },
  };
}

/** A guard would let a negative amount through. */
function positive(amount: number): number {
  if (amount < 1) throw new RangeError(`${amount}: a refund reserves a positive amount of minor units.`);
  return amount;
}
