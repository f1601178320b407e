import { newId, type Bank } from './bank.ts';
import { emit } from './events.ts';
import type { DisputeObject, DisputeReason, EventType, WarningObject } from './objects.ts';
import { Problem } from './problem.ts';
import { post } from './statement.ts';

/** What the payer's bank, or the merchant on the provider's own pages, does about a payment. */
export type DisputeChoice = {
  /** All of the payment that was not given back, unless told. */
  amount?: number;
  reason?: DisputeReason;
  /** The bank asks first, and takes nothing yet. */
  inquiry?: boolean;
};

/** `take`: an inquiry becomes a dispute. `answer` and `accept` are the merchant's; `won` and `lost` the bank's decision. */
export type DisputeStep = 'take' | 'answer' | 'accept' | 'won' | 'lost';

type DisputeRow = {
  id: string;
  payment: string;
  checkout: string;
  account: string;
  status: DisputeObject['status'];
  amount: number;
  currency: string;
  reason: DisputeReason;
  respond_by: number | null;
  withdrawn: number;
  fee: number;
  created_at: number;
  reference: string;
  metadata: string;
};

type PaymentRow = { id: string; account: string; amount: number; currency: string; refunded: number };

const SELECT = `SELECT d.*, p.checkout, c.reference, c.metadata
  FROM disputes d JOIN payments p ON p.id = d.payment JOIN checkouts c ON c.id = p.checkout`;

/** Call inside a transaction. Throws `not_found`. */
export function openDispute(bank: Bank, paymentId: string, choice: DisputeChoice): DisputeObject {
  const payment = paidPayment(bank, paymentId);
  const { amount = payment.amount - payment.refunded, reason = 'fraudulent', inquiry = false } = choice;
  const id = newId('dsp');
  bank.book.run(
    `INSERT INTO disputes (id, payment, account, status, amount, currency, reason, respond_by, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    payment.id,
    payment.account,
    inquiry ? 'inquiry' : 'needs_response',
    amount,
    payment.currency,
    reason,
    bank.now() + bank.terms.respondMs,
    bank.now(),
  );
  if (!inquiry) withdraw(bank, row(bank, id));
  return tell(bank, id, 'dispute.opened');
}

/** Call inside a transaction. Throws `not_found`, `dispute_closed`. */
export function stepDispute(bank: Bank, id: string, step: DisputeStep): DisputeObject {
  const dispute = row(bank, id);
  if (['won', 'lost', 'accepted'].includes(dispute.status)) {
    throw new Problem('dispute_closed', `Dispute ${id} is ${dispute.status}.`);
  }
  switch (step) {
    case 'take':
      if (dispute.withdrawn === 0) withdraw(bank, dispute);
      move(bank, id, 'needs_response', dispute.respond_by);
      return tell(bank, id, 'dispute.updated');
    case 'answer':
      move(bank, id, 'under_review', null);
      return tell(bank, id, 'dispute.updated');
    case 'accept':
      if (dispute.withdrawn === 0) withdraw(bank, dispute);
      move(bank, id, 'accepted', null);
      return tell(bank, id, 'dispute.closed');
    case 'lost':
      if (dispute.withdrawn === 0) withdraw(bank, dispute);
      move(bank, id, 'lost', null);
      return tell(bank, id, 'dispute.closed');
    case 'won':
      if (dispute.withdrawn > 0) reinstate(bank, dispute);
      move(bank, id, 'won', null);
      return tell(bank, id, 'dispute.closed');
    default:
      return step satisfies never;
  }
}

/** Throws `not_found`. */
export function retrieveDispute(bank: Bank, account: string, id: string): DisputeObject {
  const found = bank.book.one<DisputeRow>(`${SELECT} WHERE d.id = ? AND d.account = ?`, id, account);
  if (!found) throw new Problem('not_found', `No dispute ${id} in this account.`);
  return view(found);
}

/** The disputes of a checkout's payments, oldest first. */
export function disputesOf(bank: Bank, checkoutId: string): DisputeObject[] {
  return bank.book.all<DisputeRow>(`${SELECT} WHERE p.checkout = ? ORDER BY d.seq`, checkoutId).map(view);
}

/** Call inside a transaction: tells of a suspicion and moves nothing. Throws `not_found`. */
export function warn(bank: Bank, paymentId: string): WarningObject {
  const payment = paidPayment(bank, paymentId);
  const about = bank.book.one<{ checkout: string; reference: string; metadata: string }>(
    'SELECT p.checkout, c.reference, c.metadata FROM payments p JOIN checkouts c ON c.id = p.checkout WHERE p.id = ?',
    payment.id,
  );
  if (!about) throw new Error(`sandbox: payment ${payment.id} has no checkout`);
  const warning: WarningObject = {
    id: newId('wrn'),
    object: 'warning',
    reason: 'suspected_fraud',
    payment: payment.id,
    checkout: about.checkout,
    reference: about.reference,
    account: payment.account,
    livemode: false,
    metadata: JSON.parse(about.metadata) as Record<string, string>,
    createdAt: bank.now(),
  };
  emit(bank, 'warning.opened', warning);
  return warning;
}

function paidPayment(bank: Bank, id: string): PaymentRow {
  const payment = bank.book.one<PaymentRow>(
    `SELECT id, account, amount, currency, refunded FROM payments WHERE id = ? AND status = 'succeeded'`,
    id,
  );
  if (!payment) throw new Problem('not_found', `No paid payment ${id}.`);
  return payment;
}

function withdraw(bank: Bank, dispute: DisputeRow): void {
  const { disputeFee } = bank.terms;
  bank.book.run('UPDATE disputes SET withdrawn = amount, fee = fee + ? WHERE id = ?', disputeFee, dispute.id);
  const line = lineOf(dispute);
  post(bank, { ...line, kind: 'dispute', amount: -dispute.amount });
  if (disputeFee > 0) post(bank, { ...line, kind: 'fee', amount: -disputeFee });
}

function reinstate(bank: Bank, dispute: DisputeRow): void {
  bank.book.run('UPDATE disputes SET withdrawn = 0 WHERE id = ?', dispute.id);
  post(bank, { ...lineOf(dispute), kind: 'dispute_reversed', amount: dispute.withdrawn });
}

const lineOf = ({ account, id, reference, currency }: DisputeRow) => ({ account, object: id, reference, currency });

function move(bank: Bank, id: string, to: DisputeObject['status'], respondBy: number | null): void {
  bank.book.run('UPDATE disputes SET status = ?, respond_by = ? WHERE id = ?', to, respondBy, id);
}

function tell(bank: Bank, id: string, type: EventType): DisputeObject {
  const dispute = view(row(bank, id));
  emit(bank, type, dispute);
  return dispute;
}

function row(bank: Bank, id: string): DisputeRow {
  const found = bank.book.one<DisputeRow>(`${SELECT} WHERE d.id = ?`, id);
  if (!found) throw new Problem('not_found', `No dispute ${id}.`);
  return found;
}

function view(dispute: DisputeRow): DisputeObject {
  const { respond_by: respondBy, created_at: createdAt, metadata, ...rest } = dispute;
  return {
    id: rest.id,
    object: 'dispute',
    status: rest.status,
    amount: rest.amount,
    currency: rest.currency,
    reason: rest.reason,
    respondBy,
    withdrawn: rest.withdrawn,
    fee: rest.fee,
    payment: rest.payment,
    checkout: rest.checkout,
    reference: rest.reference,
    account: rest.account,
    livemode: false,
    metadata: JSON.parse(metadata) as Record<string, string>,
    createdAt,
  };
}
