/**
 * A provider's notice: verified on its raw bytes, durable before it is acknowledged, acted upon once. Four gates in order: a channel
 * with a secret, the signature, the repetition, and the match with what we asked for.
 */
import type { HttpReply } from '../../ports/core.ts';
import type { ChannelNotice, RawNotice } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { InboxState } from '../../ports/store/events.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { applyRefundTruth } from './apply-refund.ts';
import { applyTruth } from './apply-truth.ts';
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { openCase } from './open-case.ts';
import { note, type When } from '../timeline.ts';

/** An event of something we do not know (yet) is looked at again; after these it waits for a person. */
const PARKED_MS = [1000, 10_000, 60_000, 10 * 60_000, 60 * 60_000, 6 * 60 * 60_000] as const;

const reply = (status: number, body: string): HttpReply => ({ status, body });

export async function onProviderNotice(deps: Deps, code: string, raw: RawNotice): Promise<HttpReply> {
  const channel = deps.channels.get(code);
  if (!channel?.verifyNotice) return reply(404, 'unknown channel');
  const notice = channel.verifyNotice(raw);
  if (!notice) return reply(401, 'signature not accepted');
  const stored = await store(deps, code, notice, raw);
  if (stored === null) return reply(200, 'duplicate');
  try {
    await commit(deps, null, (tx) => workOn(tx, deps, stored, { channel: code, notice }));
  } catch (error) {
    // It is durable: the sweep works on it again.
    deps.log.error({ error, inboxId: stored }, 'a verified event could not be applied yet');
  }
  return reply(200, 'ok');
}

/** The fact and its payload, once for ever; null when it is known. */
async function store(deps: Deps, channel: string, notice: ChannelNotice, raw: RawNotice): Promise<string | null> {
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
      digest: deps.vault.digest('notice', Buffer.from(raw.body).toString('latin1')),
      receivedAt: raw.receivedAt,
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
  if (next === 'dead') deps.log.error({ inboxId }, 'a verified event speaks of nothing that we know: it was given up');
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

/** Where we know whose order it speaks of, somebody is asked to look. */
async function giveUp(tx: Tx, deps: Deps, inboxId: string): Promise<void> {
  const event = await tx.inbox.event(inboxId);
  const payload = await tx.inbox.payload(inboxId);
  if (!event || payload === undefined) return;
  const { about } = JSON.parse(payload) as ChannelNotice;
  if (about.kind === 'other') return;
  const subject =
    about.kind === 'refund'
      ? await tx.payments.refund(about.reference)
      : await tx.payments.attemptByReference(event.channel, about.reference);
  const order = subject && (await tx.orders.order(subject.orderId));
  if (order) await openCase(tx, { deps, now: deps.clock.now() }, order, 'poison_event', { inboxId });
}

async function act(tx: Tx, at: When, channel: string, notice: ChannelNotice): Promise<InboxState> {
  const { about } = notice;
  if (about.kind === 'other') return 'ignored';
  if (about.kind === 'refund') return actOnRefund(tx, at, notice, about);
  const attempt = await tx.payments.attemptByReference(channel, about.reference);
  if (!attempt) return 'parked';
  await note(tx, at, attempt.orderId, 'notice_verified', { type: notice.type }, 'stewards');
  const account = await tx.people.merchantAccount(attempt.merchantAccountId);
  if (account?.accountRef !== notice.account) return conflict(tx, at, attempt, 'account', false);
  if (about.orderId !== attempt.orderId) return conflict(tx, at, attempt, 'order', true);
  const odd = about.truth.payments.find((one) => one.amount !== attempt.amount || one.currency !== attempt.currency);
  if (odd) return conflict(tx, at, attempt, odd.currency === attempt.currency ? 'amount' : 'currency', true);
  await applyTruth(tx, at, attempt, about.truth, 'notice');
  return 'done';
}

/**
 * Rightly signed, and not what we asked for: never paid by machine. Nothing is posted on its word; the channel is asked for the
 * truth, which then stands in suspense until a person decides. An event of another account touches nothing but the case.
 */
async function conflict(
  tx: Tx,
  at: When,
  attempt: Attempt,
  what: 'account' | 'order' | 'amount' | 'currency',
  ours: boolean,
): Promise<InboxState> {
  const order = await tx.orders.order(attempt.orderId);
  if (!order) return 'parked';
  await note(tx, at, order.id, 'conflict', { what }, 'shop');
  if (ours) {
    await tx.payments.addException(attempt.paymentId, 'conflicted');
    await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, { nextCheckAt: at.now });
  }
  await openCase(tx, at, order, 'payment_conflict', { what, attemptId: attempt.id });
  return 'conflict';
}

async function actOnRefund(
  tx: Tx,
  at: When,
  notice: ChannelNotice,
  about: Extract<ChannelNotice['about'], { kind: 'refund' }>,
): Promise<InboxState> {
  const refund = await tx.payments.refund(about.reference);
  if (!refund) return 'parked';
  const account = await tx.people.merchantAccount(refund.merchantAccountId);
  const order = await tx.orders.order(refund.orderId);
  if (!order) return 'parked';
  await note(tx, at, order.id, 'notice_verified', { type: notice.type }, 'stewards');
  if (
    account?.accountRef !== notice.account ||
    about.truth.amount !== refund.amount ||
    about.truth.currency !== refund.currency
  ) {
    await openCase(tx, at, order, 'payment_conflict', { what: 'refund', refundId: refund.id });
    return 'conflict';
  }
  // A notice may overtake the answer of our own call: handing over is finished by the news that it happened.
  if (refund.state === 'requested') await tx.payments.moveRefund(refund.id, 'requested', 'submitted');
  await applyRefundTruth(tx, at, refund.id, about.truth);
  return 'done';
}
