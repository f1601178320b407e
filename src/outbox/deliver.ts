/** One delivery, by the name of its message. */
import { ChannelTrouble } from '../ports/payment-channel.ts';
import type { ClaimedRow } from '../ports/store/events.ts';
import { type Drawn, postListing, refreshCards } from './cards.ts';
import { type Courier, inTime } from './courier.ts';
import { type Looks, postIndex, refreshIndex } from './index-card.ts';
import { sendPanel } from './panels.ts';
import { TRIES_MAX, type Verdict } from './verdict.ts';

/** `drawn`, `looks`: what this process drew last. `until`: when no new round of cards is begun any more. */
type Memory = { readonly drawn: Drawn; readonly looks: Looks; readonly until: number };

/** Never throws: whatever goes wrong before something left us is a failed try. */
export async function deliver(at: Courier, row: ClaimedRow, memory: Memory): Promise<Verdict> {
  // A message that kills whoever delivers it is counted by its claims alone.
  if (row.tries >= TRIES_MAX) return { kind: 'dead', reason: 'its workers stopped midway' };
  try {
    return await byName(at, row, memory);
  } catch (error) {
    const { id, lane, message } = row;
    at.log.warn({ err: error, id, lane, name: message.name, tries: row.tries + 1 }, 'a message could not be delivered');
    if (error instanceof ChannelTrouble && !error.retryable) return { kind: 'dead', reason: error.message };
    return { kind: 'failed', error: error instanceof Error ? error.message : 'thrown' };
  }
}

async function byName(at: Courier, row: ClaimedRow, memory: Memory): Promise<Verdict> {
  const { message } = row;
  switch (message.name) {
    case 'listing.post':
      return postListing(at, row, message.listingId);
    case 'card.refresh':
      return refreshCards(at, row, message.productId, memory);
    case 'index.post':
      return postIndex(at, row, message.chatId);
    case 'index.refresh':
      return refreshIndex(at, row, message.chatId, memory.looks);
    case 'panel.refresh':
    case 'notice':
      return sendPanel(at, row, message);
    case 'card.invoices':
      return done(at.calls.renewCardInvoices(message.productId));
    case 'attempt.open':
      return done(at.calls.openAttempt(message.attemptId));
    case 'attempt.close':
      return done(at.calls.closeAttempt(message.attemptId));
    case 'refund.submit':
      return done(at.calls.submitRefund(message.refundId));
    default:
      return message satisfies never;
  }
}

async function done(call: Promise<void>): Promise<Verdict> {
  await inTime(call);
  return { kind: 'sent' };
}
