/**
 * News of money: verified, durable before it is acknowledged, acted upon once. Two doors lead here: a provider's webhook, verified
 * on its raw bytes, and a chat platform's own updates, verified where they came in.
 */
import type { HttpReply } from '../../ports/core.ts';
import {
  type ChannelNotice,
  ChannelTrouble,
  type PaymentChannel,
  type RawNotice,
} from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { InboxEvent, InboxState } from '../../ports/store/events.ts';
import { act } from './act-on-notice.ts';
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { openCase } from './open-case.ts';
import type { When } from '../timeline.ts';

/** An event of something we do not know (yet) is looked at again; after these it waits for a person. */
const PARKED_MS = [1000, 10_000, 60_000, 10 * 60_000, 60 * 60_000, 6 * 60 * 60_000] as const;

const reply = (status: number, body: string): HttpReply => ({ status, body });

export async function onProviderNotice(deps: Deps, code: string, raw: RawNotice): Promise<HttpReply> {
  const channel = deps.channels.get(code);
  if (!channel?.verifyNotice) return reply(404, 'unknown channel');
  const notice = await verified(deps, channel, raw);
  if (notice === 'later') return reply(503, 'try again later');
  if (!notice) return reply(401, 'signature not accepted');
  const said = Buffer.from(raw.body).toString('latin1');
  const taken = await takeIn(deps, code, notice, { said, receivedAt: raw.receivedAt });
  return reply(200, taken === 'stored' ? 'ok' : 'duplicate');
}

/** `later`: rightly signed, and it cannot be told yet whose it is. Not acknowledged, it comes again. */
async function verified(
  deps: Deps,
  channel: PaymentChannel,
  raw: RawNotice,
): Promise<ChannelNotice | 'later' | undefined> {
  try {
    return await channel.verifyNotice?.(raw);
  } catch (error) {
    if (!(error instanceof ChannelTrouble)) throw error;
    deps.log.warn({ error, channel: channel.code }, 'a verified event could not be looked into; it has to come again');
    return 'later';
  }
}

export async function onChannelNotice(
  deps: Deps,
  code: string,
  notice: ChannelNotice,
): Promise<'stored' | 'duplicate'> {
  if (deps.channels.get(code)?.capabilities.nativeInvoice == null)
    throw new Error(`The payment channel ${code} has no invoices of a chat platform: is its token still set?`);
  return takeIn(deps, code, notice, { said: JSON.stringify(notice), receivedAt: deps.clock.now() });
}

type Arrived = { readonly said: string; readonly receivedAt: number };

async function takeIn(
  deps: Deps,
  channel: string,
  notice: ChannelNotice,
  arrived: Arrived,
): Promise<'stored' | 'duplicate'> {
  const stored = await store(deps, channel, notice, arrived);
  if (stored === null) return 'duplicate';
  try {
    await commit(deps, null, (tx) => workOn(tx, deps, stored, { channel, notice }));
  } catch (error) {
    // It is durable: the sweep works on it again.
    deps.log.error({ error, inboxId: stored }, 'a verified event could not be applied yet');
  }
  return 'stored';
}

/** The fact and its payload, once for ever; null when it is known. */
async function store(
  deps: Deps,
  channel: string,
  notice: ChannelNotice,
  { said, receivedAt }: Arrived,
): Promise<string | null> {
  const payload = JSON.stringify(notice);
  return commit(deps, null, async (tx) => {
    const id = deps.ids.next();
    const { account, eventId, objectId, type } = notice;
    const row = {
      id,
      channel,
      account,
      eventId,
      objectId,
      type,
      digest: deps.vault.digest('notice', said),
      receivedAt,
    };
    return (await tx.inbox.insertEvent(row, payload)) ? id : null;
  });
}

/** Works on one stored event: to its end, or to its next try. */
export async function work(deps: Deps, inboxId: string): Promise<void> {
  await commit(deps, null, async (tx) => {
    const event = await tx.inbox.event(inboxId);
    const payload = await tx.inbox.payload(inboxId);
    if (!event || payload === undefined) return null;
    // Our own writing, read back: the shape was checked when the notice was verified.
    return workOn(tx, deps, inboxId, { channel: event.channel, notice: JSON.parse(payload) as ChannelNotice });
  });
}

async function workOn(
  tx: Tx,
  deps: Deps,
  inboxId: string,
  { channel, notice }: { channel: string; notice: ChannelNotice },
): Promise<null> {
  const item = await tx.inbox.work(inboxId);
  if (!item || (item.state !== 'pending' && item.state !== 'parked')) return null;
  const at = { deps, now: deps.clock.now() };
  const to = await act(tx, at, channel, notice);
  const wait = PARKED_MS[item.tries];
  const next: InboxState = to === 'parked' && wait === undefined ? 'dead' : to;
  if (next === 'dead') {
    deps.log.error({ inboxId }, 'a verified event speaks of nothing that we know: it was given up');
    await giveUp(tx, deps, inboxId);
  }
  const changes = { tries: item.tries + 1, dueAt: next === 'parked' && wait !== undefined ? at.now + wait : null };
  won(await tx.inbox.moveWork(inboxId, item.state, next, changes), `inbox event ${inboxId}`);
  return null;
}

/** A try failed with an error: it is put off, and given up to a person after the last. */
export async function putOff(deps: Deps, inboxId: string): Promise<void> {
  await commit(deps, null, async (tx) => {
    const item = await tx.inbox.work(inboxId);
    if (!item || (item.state !== 'pending' && item.state !== 'parked')) return null;
    const wait = PARKED_MS[item.tries];
    const changes = { tries: item.tries + 1, dueAt: wait === undefined ? null : deps.clock.now() + wait };
    const moved = await tx.inbox.moveWork(inboxId, item.state, wait === undefined ? 'dead' : 'parked', changes);
    if (moved && wait === undefined) await giveUp(tx, deps, inboxId);
    return null;
  });
}

/** Where we know whose account it speaks of, a steward is asked to look; without one it stands in the operator's list alone. */
async function giveUp(tx: Tx, deps: Deps, inboxId: string): Promise<void> {
  const event = await tx.inbox.event(inboxId);
  const payload = await tx.inbox.payload(inboxId);
  if (!event || payload === undefined) return;
  const account = await tx.statements.accountByRef(event.channel, event.account);
  const shop = account && (await tx.people.shop(account.shopId));
  const { about } = JSON.parse(payload) as ChannelNotice;
  const orderId = about.kind === 'other' || about.kind === 'account' ? undefined : await orderOf(tx, event, about);
  const order = orderId === undefined ? undefined : await tx.orders.order(orderId);
  const communityId = order?.communityId ?? shop?.communityId;
  if (communityId === undefined) return;
  const params = { inboxId, type: event.type, channel: event.channel };
  await openCase(tx, { deps, now: deps.clock.now() }, { id: order?.id ?? null, communityId }, 'poison_event', params);
}

type Told = Exclude<ChannelNotice['about'], { kind: 'other' | 'account' }>;

async function orderOf(tx: Tx, { channel, account }: InboxEvent, about: Told): Promise<string | undefined> {
  switch (about.kind) {
    case 'refund':
      return (await tx.payments.refund(about.reference))?.orderId;
    case 'card_sale':
      return undefined;
    case 'dispute':
    case 'warning':
      return (await tx.payments.captureAt(channel, account, about.paymentRef))?.orderId;
    default:
      return (await tx.payments.attemptByReference(channel, about.reference))?.orderId;
  }
}

/** Given up, or waiting long: works on it again as if it had just come. False when it is done, was never there, or is forgotten. */
export async function replay(tx: Tx, at: Pick<When, 'now'>, inboxId: string): Promise<boolean> {
  const item = await tx.inbox.work(inboxId);
  if (!item || (item.state !== 'dead' && item.state !== 'parked' && item.state !== 'ignored')) return false;
  // What it said was forgotten since.
  if ((await tx.inbox.payload(inboxId)) === undefined) return false;
  return tx.inbox.moveWork(inboxId, item.state, 'pending', { tries: 0, dueAt: at.now });
}
