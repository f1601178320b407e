/** What moved on an account's balance, from Stripe's balance transactions: every movement once, with what was kept of it. */
import { ChannelTrouble } from '../../ports/payment-channel.ts';
import type { StatementLine } from '../../ports/statement.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { fromStripe } from './amounts.ts';
import { type Client, connectedAccount } from './client.ts';
import { intentBehind, readDispute } from './disputes.ts';
import { assertOurs, belongsTo } from './ours.ts';
import { readList, readOne } from './read.ts';
import { type Movement, movementShape, payoutShape, type Refund, refundShape, type StripeDispute } from './wire.ts';

type Query = { readonly account: MerchantAccount; readonly from: number; readonly to: number };
type From = { readonly client: Client; readonly account: MerchantAccount };

const KINDS: Readonly<Record<string, StatementLine['kind']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_failed',
  payout: 'payout',
  payout_failure: 'payout_failed',
  payout_cancel: 'payout_failed',
  stripe_fee: 'fee',
  tax_fee: 'fee',
};

/** `from` inclusive, `to` exclusive, oldest first. Throws `ChannelTrouble` when it did not come whole. */
export async function fetchStatement(client: Client, query: Query): Promise<readonly StatementLine[]> {
  const { account, from, to } = query;
  assertOurs(client, account);
  const source = { client, account };
  const created = { gte: Math.ceil(from / 1000), lt: Math.ceil(to / 1000) };
  const listed = await readList(source, 'listing balance transactions', movementShape, (sdk, page, options) =>
    sdk.balanceTransactions.list({ ...page, created, expand: ['data.source'] }, options),
  );
  if (listed === 'unknown') throw cut();
  const payouts = await payoutsSince(source, created.gte);
  const lines: StatementLine[] = [];
  // Newest first at Stripe, and of one second the later first.
  for (const one of listed.toReversed()) {
    const owner = await ownerOf(source, one);
    if (owner) lines.push(...linesOf(one, owner, payouts.get(one.id) ?? null));
  }
  return lines.toSorted((a, b) => a.occurredAt - b.occurredAt);
}

const cut = () => new ChannelTrouble('stripe: the statement did not come whole; ask again.', { retryable: true });

type Owner = { readonly kind: StatementLine['kind']; readonly objectId: string; readonly reference: string | null };

/** What it is about; undefined for what is not this book's: on the market's own account each line names its shop. */
async function ownerOf(from: From, one: Movement): Promise<Owner | undefined> {
  const { client, account } = from;
  const connected = connectedAccount(account) !== undefined;
  const { source = null } = one;
  const object = typeof source === 'string' || source === null ? undefined : source;
  const objectId = typeof source === 'string' ? source : (source?.id ?? one.id);
  const kind = KINDS[one.type] ?? (isDispute(one) ? (one.amount < 0 ? 'dispute' : 'dispute_reversed') : 'adjustment');
  const bare = { kind, objectId, reference: null };
  switch (kind) {
    case 'payment': {
      const intent = await intentBehind(client, account, { payment_intent: object?.payment_intent, charge: objectId });
      if (intent === 'unknown') throw cut();
      // A payment that did not come through Checkout is none of ours, and stands on the shop's own account all the same.
      if (intent === 'absent') return connected ? bare : undefined;
      if (!belongsTo(client, account, intent.metadata)) return undefined;
      return { kind, objectId: intent.id, reference: intent.metadata['attempt_id'] ?? null };
    }
    case 'refund':
    case 'refund_failed': {
      const refund = object ?? (await refundBehind(from, objectId));
      if (!connected && !(refund && belongsTo(client, account, refund.metadata))) return undefined;
      return { ...bare, reference: refund?.metadata['refund_id'] ?? null };
    }
    case 'dispute':
    case 'dispute_reversed': {
      if (connected) return bare;
      const dispute = object ?? (await disputeBehind(from, objectId));
      const intent = await intentBehind(client, account, { charge: dispute?.charge ?? undefined });
      if (intent === 'unknown') throw cut();
      return intent !== 'absent' && belongsTo(client, account, intent.metadata) ? bare : undefined;
    }
    // What concerns the account as a whole is no shop's where several share it.
    case 'payout':
    case 'payout_failed':
    case 'fee':
    case 'adjustment':
      return connected ? bare : undefined;
    default:
      return kind satisfies never;
  }
}

/** Where the list did not bring the object itself. */
async function refundBehind(from: From, id: string): Promise<Refund | undefined> {
  const found = await readOne(from, 'reading a refund', refundShape, (sdk, options) =>
    sdk.refunds.retrieve(id, {}, options),
  );
  if (found === 'unknown') throw cut();
  return found === 'absent' ? undefined : found;
}

async function disputeBehind({ client, account }: From, id: string): Promise<StripeDispute | undefined> {
  const found = await readDispute(client, account, id);
  if (found === 'unknown') throw cut();
  return found === 'absent' ? undefined : found;
}

const isDispute = ({ source }: Movement): boolean =>
  typeof source === 'string' ? /^d[pu]_/.test(source) : source?.object === 'dispute';

/** What was kept of a payment stands in its line. What a dispute costs, and whatever is given back of a fee, is a line beside it. */
function linesOf(one: Movement, owner: Owner, payoutRef: string | null): StatementLine[] {
  const moved = fromStripe(one.amount, one.currency);
  const fee = fromStripe(one.fee, one.currency);
  if (!moved || !fee)
    throw new ChannelTrouble(`stripe: ${one.id} cannot be held to the last unit.`, { retryable: false });
  const arrives = typeof one.source === 'string' ? undefined : one.source?.arrival_date;
  const isPayout = owner.kind === 'payout' || owner.kind === 'payout_failed';
  const apart = fee.amount < 0 || owner.kind === 'dispute' || owner.kind === 'dispute_reversed';
  const line: StatementLine = {
    ...owner,
    id: one.id,
    amount: moved.amount,
    fee: apart ? 0 : fee.amount,
    currency: moved.currency,
    occurredAt: one.created * 1000,
    availableAt: (arrives ?? one.available_on) * 1000,
    payoutRef: isPayout ? owner.objectId : payoutRef,
  };
  return apart && fee.amount !== 0
    ? [line, { ...line, id: `${one.id}:fee`, kind: 'fee', amount: 0 - fee.amount }]
    : [line];
}

/** Which movement left with which payout. Only automatic payouts are made of movements; and only an account of one's own has its own. */
async function payoutsSince(from: From, since: number): Promise<ReadonlyMap<string, string>> {
  const byMovement = new Map<string, string>();
  if (connectedAccount(from.account) === undefined) return byMovement;
  const payouts = await readList(from, 'listing payouts', payoutShape, (sdk, page, options) =>
    sdk.payouts.list({ ...page, created: { gte: since } }, options),
  );
  if (payouts === 'unknown') throw cut();
  for (const payout of payouts.filter((one) => one.automatic)) {
    const movements = await readList(from, 'listing a payout', movementShape, (sdk, page, options) =>
      sdk.balanceTransactions.list({ ...page, payout: payout.id }, options),
    );
    if (movements === 'unknown') throw cut();
    for (const one of movements) byMovement.set(one.id, payout.id);
  }
  return byMovement;
}
