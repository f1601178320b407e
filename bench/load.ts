/** Callers that buy and pay, each one order after another; and a visitor who taps beside them. */
import type { Command } from '../src/ports/core.ts';
import type { Intent } from '../src/ports/intents.ts';
import type { BenchMarket, Card, Cast } from './market.ts';
import { type Pace, startPace } from './pace.ts';

export type Load = {
  readonly callers: number;
  readonly orders: number;
  /** How many were settled before: the turn goes on from there. */
  readonly from?: number;
  /** Everybody wants the same card. */
  readonly oneCard?: boolean;
};

/** Settles so many orders. */
export async function settleOrders(market: BenchMarket, cast: Cast, load: Load): Promise<Pace> {
  const { callers, orders, from = 0, oneCard = false } = load;
  const cards = oneCard ? cast.cards.slice(0, 1) : cast.cards;
  let next = from;
  const pace = startPace();
  const caller = async (own: number) => {
    for (let at = next++; at < from + orders; at = next++) {
      // A caller's buyers are nobody else's: two open bills of one person would be one.
      const turn = Math.floor(at / callers) % Math.max(1, Math.floor(cast.buyers.length / callers));
      await settleOrder(market, cast, {
        buyerId: pick(cast.buyers, own + turn * callers),
        card: pick(cards, at),
      });
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, own) => caller(own)));
  return pace(orders);
}

const pick = <T>(of: readonly T[], at: number): T => {
  const found = of[at % of.length];
  if (found === undefined) throw new Error('The bench has an empty cast.');
  return found;
};

/** Five commits: the bill, the attempt, the channel's answer, the notice made durable, the notice applied. */
async function settleOrder(market: BenchMarket, cast: Cast, { buyerId, card }: { buyerId: string; card: Card }) {
  const { core, store, pay } = market;
  const bought = await core.handle(commandOf(market, cast, buyerId, { kind: 'buy', listingId: card.listingId }));
  const orderId = bought.ok && bought.show?.name === 'order' ? bought.show.orderId : undefined;
  const order = orderId === undefined ? undefined : await store.read((reads) => reads.orders.order(orderId));
  if (!order) throw new Error(`No bill was made: ${JSON.stringify(bought)}`);
  const opened = await core.openCheckout({ payToken: order.payToken, returnBase: 'https://market.invalid' });
  if (!opened.ok || opened.value.kind !== 'redirect') throw new Error(`No way to pay: ${JSON.stringify(opened)}`);
  const { status, body } = await core.onProviderNotice('bench', pay(opened.value.url));
  if (status !== 200 || body !== 'ok') throw new Error(`The notice was not taken: ${status} ${body}`);
}

const commandOf = ({ newKey }: BenchMarket, cast: Cast, personId: string, intent: Intent): Command => ({
  key: newKey(),
  communityId: cast.communityId,
  chatId: cast.chatId,
  personId,
  intent,
});

export type Taps = { readonly reading: number[]; readonly committing: number[] };

const TAP_EVERY_MS = 20;

/**
 * One visitor's taps until `stop`: from the press to the data of the panel that answers, in ms. A reading one opens the basket; a
 * committing one puts something into it first.
 */
export function startTapping(market: BenchMarket, cast: Cast): { readonly stop: () => Promise<Taps> } {
  const taps: Taps = { reading: [], committing: [] };
  const underWay = new Set<Promise<unknown>>();
  let count = 0;
  const timed = (into: number[], tap: () => Promise<unknown>) => {
    const pressedAt = performance.now();
    const one = tap()
      .then(() => into.push(performance.now() - pressedAt))
      .finally(() => underWay.delete(one));
    underWay.add(one);
  };
  // They come when they come: a slow answer does not keep the next tap back.
  const timer = setInterval(() => {
    count++;
    const personId = pick(cast.buyers, cast.buyers.length - 1 - (count % 16));
    const { productId } = pick(cast.cards, count);
    if (count % 2 === 0)
      timed(taps.reading, () => press(market, cast, personId, { kind: 'show', message: { name: 'basket' } }));
    else timed(taps.committing, () => press(market, cast, personId, { kind: 'basket_add', productId, quantity: 1 }));
  }, TAP_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return taps;
    },
  };
}

async function press(market: BenchMarket, cast: Cast, personId: string, intent: Intent): Promise<void> {
  const reply = await market.core.handle(commandOf(market, cast, personId, intent));
  if (!reply.ok) throw new Error(`A tap was refused: ${reply.fault.code}`);
  if (!reply.show) return;
  const { communityId } = cast;
  const loaded = await market.core.load(reply.show, { communityId, personId });
  if (!loaded.ok) throw new Error(`A tap was answered by nothing: ${loaded.fault.code}`);
}
