// What each call of the API does. A fault is thrown as Stripe words it; only what has begun to be executed is remembered by its key.
import type { z } from 'zod';
import type { Books, Shelf } from './books.ts';
import { ApiFault, type Call, missing } from './fault.ts';
import type { FakeRefund, FakeSession } from './objects.ts';
import { link, openAccount, readAccount } from './connect.ts';
import * as rules from './rules.ts';
import { expanded, listed } from './shelves.ts';

type Handler = (call: Call, id: string) => Record<string, unknown>;
type Route = { readonly method: 'GET' | 'POST'; readonly path: RegExp; readonly name: string; readonly run: Handler };

const route = (method: Route['method'], path: string, name: string, run: Handler): Route => ({
  ...{ method, name, run },
  path: new RegExp(`^/v1/${path.replace(':id', '(\\w+)')}$`),
});

export const ROUTES: readonly Route[] = [
  route('POST', 'checkout/sessions', 'createSession', createSession),
  route('GET', 'checkout/sessions', 'read', (call) => {
    const query = checked(call, rules.listSessions);
    const rows = shelfOf(call).sessions.filter(
      (one) =>
        (query.payment_intent === undefined || one.payment_intent === query.payment_intent) &&
        (query.status === undefined || one.status === query.status),
    );
    return listed(call, rows, query, '/v1/checkout/sessions');
  }),
  route('GET', 'checkout/sessions/:id', 'read', (call, id) => oneOf(call, shelfOf(call).sessions, id)),
  route('POST', 'checkout/sessions/:id/expire', 'expire', expireSession),
  route('GET', 'payment_intents/:id', 'read', (call, id) => oneOf(call, shelfOf(call).intents, id)),
  route('GET', 'charges/:id', 'read', (call, id) => oneOf(call, shelfOf(call).charges, id)),
  route('POST', 'refunds', 'createRefund', createRefund),
  route('GET', 'refunds', 'read', (call) => {
    const query = checked(call, rules.listRefunds);
    const rows = shelfOf(call).refunds.filter(
      (own) =>
        (query.payment_intent === undefined || own.payment_intent === query.payment_intent) &&
        (query.charge === undefined || own.charge === query.charge),
    );
    return listed(call, rows, query, '/v1/refunds');
  }),
  route('GET', 'refunds/:id', 'read', (call, id) => oneOf(call, shelfOf(call).refunds, id)),
  route('GET', 'disputes/:id', 'read', (call, id) => oneOf(call, shelfOf(call).disputes, id)),
  route('GET', 'balance_transactions/:id', 'read', (call, id) => oneOf(call, shelfOf(call).movements, id)),
  route('GET', 'balance_transactions', 'read', (call) => {
    const query = checked(call, rules.listMovements);
    const shelf = shelfOf(call);
    const rows = shelf.movements.filter(
      (own) =>
        (query.payout === undefined || shelf.paidOut.get(own.id) === query.payout) &&
        (query.type === undefined || own.type === query.type) &&
        (query.source === undefined || own.source === query.source),
    );
    return listed(call, rows, query, '/v1/balance_transactions');
  }),
  route('GET', 'payouts', 'read', (call) =>
    listed(call, shelfOf(call).payouts, checked(call, rules.listPayouts), '/v1/payouts'),
  ),
  route('POST', 'accounts', 'createAccount', (call) => openAccount(call, checked(call, rules.createAccount))),
  route('GET', 'accounts', 'read', (call) =>
    listed(call, [...call.books.accounts.values()], checked(call, rules.listAccounts), '/v1/accounts'),
  ),
  route('GET', 'accounts/:id', 'read', (call, id) => readAccount(call, id)),
  route('POST', 'account_links', 'createAccountLink', (call) => link(call, checked(call, rules.createAccountLink))),
];

const shelfOf = ({ books, account }: Call): Shelf => books.shelf(account);

function oneOf<T extends { id: string }>(call: Call, rows: readonly T[], id: string): Record<string, unknown> {
  const query = checked(call, rules.nothing);
  const found = rows.find((own) => own.id === id);
  if (!found) throw missing(id);
  return expanded(call, found, query.expand ?? []);
}

function checked<Shape extends z.ZodType>({ form }: Call, shape: Shape): z.output<Shape> {
  const parsed = shape.safeParse(form);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys';
  const param = [...(issue?.path ?? []), ...(unknown ? issue.keys : [])].join('.');
  throw new ApiFault(400, {
    ...(unknown ? { code: 'parameter_unknown' } : { code: 'parameter_invalid' }),
    param,
    message: `${unknown ? 'Received unknown parameter' : 'Invalid'}: ${param} (${issue?.message ?? ''})`,
  });
}

const HALF_HOUR_S = 30 * 60;
const DAY_S = 24 * 60 * 60;

function createSession(call: Call): Record<string, unknown> {
  const { books, account, url } = call;
  const body = checked(call, rules.createSession);
  const now = books.seconds();
  const [currency = ''] = body.line_items.map((line) => line.price_data.currency);
  if (body.line_items.some((line) => line.price_data.currency !== currency))
    throw new ApiFault(400, { param: 'line_items', message: 'All line items must have one currency.' });
  const total = body.line_items.reduce((sum, line) => sum + line.price_data.unit_amount * line.quantity, 0);
  const fault = rules.amountFault(total, currency);
  if (fault) throw new ApiFault(400, { code: fault, param: 'line_items', message: `${total} ${currency}: ${fault}` });
  const end = body.expires_at ?? now + DAY_S;
  if (end < now + HALF_HOUR_S || end > now + DAY_S)
    throw new ApiFault(400, {
      param: 'expires_at',
      message: 'The expires_at must be between 30 minutes and 24 hours from now.',
    });
  const fee = body.payment_intent_data?.application_fee_amount;
  if (fee !== undefined && (account === '' || fee >= total))
    throw new ApiFault(400, {
      param: 'payment_intent_data.application_fee_amount',
      message: 'No application fee can be taken.',
    });
  if (account !== '' && books.accounts.get(account)?.charges_enabled !== true)
    throw new ApiFault(400, { code: 'account_invalid', message: 'This account cannot make charges.' }, true);
  const id = books.id(books.livemode ? 'cs_live' : 'cs_test');
  const session: FakeSession = {
    id,
    object: 'checkout.session',
    mode: 'payment',
    client_reference_id: body.client_reference_id ?? null,
    status: 'open',
    payment_status: 'unpaid',
    url: `${url}/c/pay/${id}`,
    amount_total: total,
    amount_subtotal: total,
    currency,
    created: now,
    expires_at: end,
    livemode: books.livemode,
    metadata: body.metadata ?? {},
    payment_intent: null,
    success_url: body.success_url,
    cancel_url: body.cancel_url ?? null,
    locale: body.locale ?? null,
  };
  books.shelf(account).sessions.push(session);
  plans.set(session, { metadata: body.payment_intent_data?.metadata ?? {}, fee: fee ?? null, lines: body.line_items });
  call.later((end - now) * 1000, () => expire(books, account, session));
  return expanded(call, session, body.expand ?? []);
}

/** What the payment of a session will carry. */
export const plans = new WeakMap<
  FakeSession,
  {
    metadata: Record<string, string>;
    fee: number | null;
    lines: { quantity: number; price_data: { unit_amount: number; product_data: { name: string } } }[];
  }
>();

function expire(books: Books, account: string, session: FakeSession): void {
  if (session.status !== 'open') return;
  session.status = 'expired';
  session.url = null;
  const intent = books.shelf(account).intents.find((own) => own.id === session.payment_intent);
  if (intent) intent.status = 'canceled';
  books.tell(account, 'checkout.session.expired', session);
}

function expireSession(call: Call, id: string): Record<string, unknown> {
  const query = checked(call, rules.nothing);
  const session = shelfOf(call).sessions.find((own) => own.id === id);
  if (!session) throw missing(id);
  if (session.status !== 'open')
    throw new ApiFault(400, {
      message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    });
  expire(call.books, call.account, session);
  return expanded(call, session, query.expand ?? []);
}

function createRefund(call: Call): Record<string, unknown> {
  const { books, account } = call;
  const body = checked(call, rules.createRefund);
  const shelf = shelfOf(call);
  const charge = shelf.charges.find(
    (own) => own.status === 'succeeded' && (own.payment_intent === body.payment_intent || own.id === body.charge),
  );
  if (!charge) throw missing(body.payment_intent ?? body.charge ?? '');
  const intent = shelf.intents.find((own) => own.id === charge.payment_intent);
  if (body.refund_application_fee === true && (intent?.application_fee_amount ?? 0) === 0)
    throw new ApiFault(400, { param: 'refund_application_fee', message: 'There is no application fee to refund.' });
  const left = charge.amount - charge.amount_refunded;
  if (left === 0)
    throw new ApiFault(400, { code: 'charge_already_refunded', message: 'It has already been refunded.' }, true);
  const amount = body.amount ?? left;
  if (amount > left)
    throw new ApiFault(
      400,
      { param: 'amount', message: `Refund amount (${amount}) is greater than unrefunded amount (${left}).` },
      true,
    );
  if (shelf.disputes.some((own) => own.charge === charge.id && !own.is_charge_refundable))
    throw new ApiFault(400, { code: 'charge_disputed', message: 'The charge is charged back.' }, true);
  charge.amount_refunded += amount;
  const refund: FakeRefund = {
    id: books.id('re'),
    object: 'refund',
    amount,
    currency: charge.currency,
    created: books.seconds(),
    status: 'succeeded',
    metadata: body.metadata ?? {},
    payment_intent: charge.payment_intent,
    charge: charge.id,
    balance_transaction: null,
  };
  const feeBack = body.refund_application_fee
    ? Math.floor(((intent?.application_fee_amount ?? 0) * amount) / charge.amount)
    : 0;
  runRefund(call, refund, feeBack);
  shelf.refunds.push(refund);
  books.tell(account, 'refund.created', refund);
  return expanded(call, refund, body.expand ?? []);
}

const BANK_MS = 60_000;

function runRefund({ books, account, refunds, later }: Call, refund: FakeRefund, feeBack: number): void {
  const shelf = books.shelf(account);
  const out = () => {
    const moved = { type: 'refund', amount: -refund.amount, currency: refund.currency, source: refund.id };
    refund.balance_transaction = books.move(account, { ...moved, applicationFee: -feeBack }).id;
  };
  const end = (status: FakeRefund['status']) => {
    refund.status = status;
    if (status === 'failed') {
      refund.failure_reason = 'lost_or_stolen_card';
      const charge = shelf.charges.find((own) => own.id === refund.charge);
      if (charge) charge.amount_refunded -= refund.amount;
      books.move(account, {
        type: 'refund_failure',
        amount: refund.amount,
        currency: refund.currency,
        source: refund.id,
      });
      books.tell(account, 'refund.failed', refund);
    }
    books.tell(account, 'refund.updated', refund);
  };
  out();
  switch (refunds.mode) {
    case 'at_once':
      return;
    case 'success_and_return':
      return later(BANK_MS, () => end('failed'));
    case 'time':
    case 'needs_action':
      refund.status = refunds.mode === 'time' ? 'pending' : 'requires_action';
      return later(BANK_MS, () => end('succeeded'));
    case 'time_and_fail':
      refund.status = 'pending';
      return later(BANK_MS, () => end('failed'));
    default:
      return refunds.mode satisfies never;
  }
}
