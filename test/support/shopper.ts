// Somebody who buys over and over by real HTTP, writes down what was acknowledged, and after a crash does again what was not.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireReply } from '../../adapters/web/client/wire.ts';
import type { Stage } from './killed-market.ts';
import { actionsOf, takeSeat, type Visitor } from './visitor.ts';

const LOOK_AGAIN_MS = 100;

export type Way = 'now' | 'twice' | 'decline:insufficient_funds' | 'slow_success';

/** Everything here was answered to us; the market may lose none of it. */
export type Acknowledged = {
  /** Pay tokens of bills that were shown. */
  readonly bills: Set<string>;
  /** Pay tokens of bills that our page called paid. */
  readonly paid: Set<string>;
  /** Pay tokens of orders that we called off. */
  readonly cancelled: Set<string>;
  /** What the provider took, by its checkout: minor units of each payment, how many. */
  readonly taken: Map<string, { readonly amount: number; readonly times: number }>;
};

type Deed =
  | { readonly kind: 'buy'; readonly key: string }
  | { readonly kind: 'open'; readonly token: string }
  | { readonly kind: 'pay'; readonly token: string; readonly page: string; readonly way: Way }
  | { readonly kind: 'return'; readonly token: string }
  | { readonly kind: 'cancel'; readonly token: string; readonly key: string };

export type Shopper = {
  /** One deed to its answer; the deed is kept, and done again next time, when no answer came. */
  step(): Promise<void>;
  /** True between two purchases: nothing waits for an answer. */
  idle(): boolean;
};

export type ShopperOptions = {
  readonly stage: Stage;
  readonly name: string;
  /** Which of the stall's goods. */
  readonly goods: number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly said: Acknowledged;
  /** False: only ways of paying that end at once. */
  readonly maySlow: () => boolean;
};

export async function createShopper(options: ShopperOptions): Promise<Shopper> {
  const { stage, name, said, chance } = options;
  const { title, amount } = stage.goods[options.goods] ?? { title: '', amount: 0 };
  const visitor = await takeSeat({ url: stage.url, name, wishes: {}, afterwards: undefined });
  const card = await visitor.sees(title);
  const buy = actionsOf(card.view).find((action) => action.label === 'Buy');
  if (buy?.kind !== 'press' || card.chatId === null) throw new Error(`the card of ${title} cannot be bought from`);
  const cancels = new Map<string, string>();
  let deed: Deed = { kind: 'buy', key: randomUUID() };
  const again: Deed = deed;

  const press = (handle: string, chatId: string | null, key: string) =>
    visitor.browser.json(`/seat/${visitor.seat}/press`, { handle, chatId, key }) as Promise<WireReply>;
  const afresh = (): Deed => ({ ...again, key: randomUUID() });
  const wayOf = (): Way => {
    const drawn = chance();
    if (drawn < 0.15) return 'twice';
    if (drawn < 0.25) return 'decline:insufficient_funds';
    return drawn < 0.32 && options.maySlow() ? 'slow_success' : 'now';
  };
  /** What follows when this one was answered. */
  const doIt = async (one: Deed): Promise<Deed> => {
    switch (one.kind) {
      case 'buy': {
        const { token, cancel } = billOf(await press(buy.handle, card.chatId, one.key));
        said.bills.add(token);
        cancels.set(token, cancel);
        return chance() < 0.15 ? { kind: 'cancel', token, key: randomUUID() } : { kind: 'open', token };
      }
      case 'open':
        return openBill(visitor, one.token, wayOf());
      case 'pay':
        return pay(visitor, one, { said, amount });
      case 'return': {
        const page = await visitor.browser.get(`/pay/${one.token}/return`);
        const html = await page.text();
        if (page.status !== 200) throw new Error(`the return page answered ${page.status}`);
        if (!html.includes('Your payment has arrived')) {
          // A slow payment: the page would look again by itself.
          await delay(LOOK_AGAIN_MS);
          return one;
        }
        said.paid.add(one.token);
        return chance() < 0.4 ? { kind: 'cancel', token: one.token, key: randomUUID() } : afresh();
      }
      case 'cancel': {
        const reply = await press(cancels.get(one.token) ?? '', null, one.key);
        if (reply.ok) said.cancelled.add(one.token);
        return afresh();
      }
    }
  };
  return {
    async step() {
      deed = await doIt(deed);
    },
    idle: () => deed.kind === 'buy',
  };
}

function billOf(reply: WireReply): { token: string; cancel: string } {
  if (!reply.ok) throw new Error(`Buy was refused: ${reply.fault.code}: ${reply.fault.text}`);
  const actions = actionsOf(reply.message?.view ?? null);
  const link = actions.find((action) => action.kind === 'link');
  const cancel = actions.find((action) => action.kind === 'press' && action.label.startsWith('Cancel'));
  const token = link?.kind === 'link' ? /\/pay\/([\w-]+)/.exec(link.url)?.[1] : undefined;
  if (token === undefined || cancel?.kind !== 'press') throw new Error('the bill cannot be paid or called off');
  return { token, cancel: cancel.handle };
}

async function openBill({ browser }: Visitor, token: string, way: Way): Promise<Deed> {
  const answer = await browser.post(`/pay/${token}`, new URLSearchParams(), { accept: 'application/json' });
  const led = (await answer.json()) as { ok: boolean; url?: string; text?: string };
  if (!led.ok || led.url === undefined) throw new Error(`the pay link did not lead on: ${led.text}`);
  // It leads back to itself when there is nothing to pay any more.
  if (!led.url.includes('/checkout/')) return { kind: 'return', token };
  return { kind: 'pay', token, page: led.url, way };
}

async function pay(
  { browser }: Visitor,
  { token, page, way }: Extract<Deed, { kind: 'pay' }>,
  { said, amount }: { said: Acknowledged; amount: number },
): Promise<Deed> {
  const { origin, pathname, search } = new URL(page);
  const target = `${origin}${pathname}/pay${search}`;
  const answer = await browser.post(target, new URLSearchParams({ choice: way }));
  await answer.body?.cancel();
  if (answer.status !== 303) throw new Error(`the provider's page answered ${answer.status}`);
  // The same choice made again finds its page complete: however often it is made, it is made once.
  const complete = (answer.headers.get('location') ?? '').includes(`/pay/${token}`);
  if (!complete) return { kind: 'pay', token, page, way: 'now' };
  said.taken.set(pathname, { amount, times: way === 'twice' ? 2 : 1 });
  return { kind: 'return', token };
}
