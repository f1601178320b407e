import { describe, expect, test } from 'vitest';
import { BillPage, createBrowser } from '../support/browser.ts';
import { startMarket, type TestMarket } from '../support/market.ts';
import type { Visitor } from '../support/visitor.ts';

async function bought(buyer: Visitor): Promise<BillPage> {
  await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
  return buyer.openBill();
}

const MINUTE = 60_000;

describe('looking at the link', () => {
  test('shows the shop, the lines and the sum, and nothing of the buyer', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei-Ling Wong');
    const page = await bought(buyer);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/TEST.*Mango box.*RM\s?25\.00.*Total/);
    expect(page.html).not.toContain('Mei-Ling');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-robots-tag')).toContain('noindex');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.headers.get('content-security-policy')).toMatch(
      new RegExp(`form-action 'self' ${market.sandbox.url}(;|$)`),
    );
  });

  test('acts on nothing, however often a scanner does it', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const { url } = await bought(buyer);
    const scanner = createBrowser(market.url);
    for (let look = 1; look <= 20; look++) await BillPage.open(scanner, url);
    await BillPage.open(scanner, `${url}/return`);
    expect(market.sandbox.events()).toEqual([]);
    expect((await BillPage.open(scanner, url)).html).toContain('data-auto="yes"');
  });

  test.each([
    '/pay/x',
    '/pay/AAAAAAAAAAAAAAAAAAAAAA',
    '/pay/..%2f..%2fetc%2fpasswd',
    '/pay/AAAAAAAAAAAAAAAAAAAAAA/return',
  ])('a link to no bill says so and takes no money: %s', async (path) => {
    const market = await startMarket();
    const page = await BillPage.open(createBrowser(market.url), path);
    expect(page.status).toBe(404);
    expect(page.text).toContain('There is no such bill. No money was taken.');
  });

  test('speaks the buyer’s language to the buyer and the browser’s to a stranger', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Layla', { locale: 'ar' });
    await buyer.press(/./, { on: 'Mango box', side: 'Night Market' });
    const order = (await buyer.messages())
      .flatMap((message) => message.view?.actions.flat() ?? [])
      .find((action) => action.kind === 'link');
    if (order?.kind !== 'link') throw new Error('no pay link');
    const page = await BillPage.open(buyer.browser, order.url);
    expect(page.html).toMatch(/<html lang="ar" dir="rtl">/);
    await page.checkout();
    const stranger = await createBrowser(market.url).get(order.url, { 'accept-language': 'es-MX,es;q=0.9' });
    expect(await stranger.text()).toContain('<html lang="es" dir="ltr">');
  });
});

describe('going on', () => {
  test('leads a browser without scripts to the channel by a redirect', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    const answer = await page.browser.post(page.url, new URLSearchParams());
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${market.sandbox.url}/checkout/`));
  });

  test('twice is one way to pay', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    const ids = await Promise.all([page.checkout(), page.checkout(), page.checkout()]);
    expect(new Set([...ids, await page.checkout()]).size).toBe(1);
  });

  test('is refused to another site’s page', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    const evil = { origin: 'https://evil.example' };
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      expect((await page.browser.post(page.url, new URLSearchParams(), headers)).status).toBe(403);
    }
    const old = await fetch(new URL(page.url, market.url), { method: 'POST', headers: evil });
    expect(old.status).toBe(403);
    expect((await fetch(new URL(page.url, market.url), { method: 'POST' })).status).toBe(403);
    expect(market.sandbox.events()).toEqual([]);
  });

  test('when the channel is away it says that no money was taken and can be tried again', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    market.sandbox.fault({ op: 'createCheckout', kind: '503', times: 50 });
    const led = await page.goOn();
    expect(led.ok).toBe(false);
    expect(led.text).toMatch(/could not be opened/);
    market.sandbox.clearFaults();
    await market.advance(MINUTE);
    expect(await page.checkout()).toMatch(/./);
  });
});

describe('whose bill it is', () => {
  test('the first browser that goes on is remembered, another is asked whether it is a gift', async () => {
    const market = await startMarket();
    const { url } = await bought(await market.visitor('Zuleikha'));
    const phone = createBrowser(market.url);
    await (await BillPage.open(phone, url)).checkout();
    expect(phone.cookies().join()).toMatch(/^pasar_pay=[\w-]{20,}$/);
    expect((await BillPage.open(phone, url)).html).toContain('data-auto="yes"');
    const friend = createBrowser(market.url);
    const asked = await BillPage.open(friend, url);
    expect(asked.text).toContain('Do you want to pay it as a gift?');
    expect(asked.html).not.toContain('data-auto="yes"');
    expect(asked.html).not.toContain('Zuleikha');
  });

  test('a stranger who does not say that it is a gift gets no way to pay', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    await page.checkout();
    const friend = await BillPage.open(createBrowser(market.url), page.url);
    expect(await friend.goOn()).toEqual({ ok: true, url: page.path });
    expect((await friend.browser.post(page.url, new URLSearchParams())).status).toBe(409);
    expect(await friend.checkout({ gift: 'yes' })).toMatch(/./);
    expect((await BillPage.open(friend.browser, `${page.url}?left=yes`)).text).toContain('Nothing was paid.');
  });

  test('whoever sits in a seat of their own is a stranger even before the buyer came', async () => {
    const market = await startMarket();
    const { url } = await bought(await market.visitor('Mei'));
    const other = await market.visitor('Arif');
    expect((await BillPage.open(other.browser, url)).text).toContain('pay it as a gift');
  });

  test('the buyer’s own seat needs no cookie, also after another browser went on', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    await (await BillPage.open(createBrowser(market.url), page.url)).checkout();
    expect((await BillPage.open(page.browser, page.url)).text).not.toContain('gift');
  });

  test('the goods of a gift go to the buyer', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const page = await bought(buyer);
    const friend = await market.visitor('Arif');
    const checkout = await (await BillPage.open(friend.browser, page.url)).checkout({ gift: 'yes' });
    market.sandbox.pay(checkout, { mode: 'now' });
    await market.settle();
    await buyer.sees('Receipt', { side: 'private' });
    await friend.seesNot('Receipt', { side: 'private' });
    expect((await BillPage.open(friend.browser, page.url)).text).toContain('the goods go to the buyer');
    expect((await BillPage.open(buyer.browser, page.url)).text).toContain('The receipt is in your chat');
    await market.verify();
  });
});

describe('coming back', () => {
  test('a refusal tells why, that no money was taken, and lets try again', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    const checkout = await page.checkout();
    market.sandbox.pay(checkout, { mode: 'decline', reason: 'insufficient_funds' });
    await market.settle();
    const back = await page.back();
    expect(back.text).toMatch(/not enough money.*No money was taken\..*Go on to pay/);
    expect(back.html).toContain('data-auto="no"');
    const again = await back.browser.get(page.url);
    expect(await again.text()).toContain('data-auto="no"');
  });

  test('closing the channel’s page leaves the bill open', async () => {
    const market = await startMarket();
    const page = await bought(await market.visitor('Mei'));
    await page.checkout();
    expect((await page.back()).text).toMatch(/has not arrived yet\..*No money was taken\..*Go on to pay/);
  });

  test('a slow payment comes again by itself until it is known', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const page = await bought(buyer);
    market.sandbox.pay(await page.checkout(), { mode: 'slow_success', afterMs: MINUTE });
    await market.settle();
    const back = await page.back();
    expect(back.text).toMatch(/being processed.*Please do not pay again/);
    expect(back.html).toMatch(new RegExp(`http-equiv="refresh" content="1; url=${page.path}/return\\?n=1"`));
    expect(await page.goOn()).toEqual({ ok: true, url: page.path });
    await market.advance(2 * MINUTE);
    expect((await page.back()).text).toContain('Your payment has arrived.');
    expect((await page.back()).html).not.toContain('http-equiv="refresh"');
    await market.verify();
  });

  test('the way back finds out by itself when the channel’s notice is lost', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const page = await bought(buyer);
    const checkout = await page.checkout();
    market.sandbox.setWebhookUrl(undefined);
    market.sandbox.pay(checkout, { mode: 'now' });
    expect((await page.back()).text).toContain('Your payment has arrived.');
    await market.settle();
    await buyer.sees('Receipt', { side: 'private' });
    await market.verify();
  });

  test.each([
    [
      'paid',
      async (market: TestMarket, page: BillPage) => {
        market.sandbox.pay(await page.checkout(), { mode: 'now' });
        await market.settle();
      },
      'This order is paid.',
    ],
    [
      'over',
      async (market: TestMarket) => market.advance(60 * MINUTE),
      'This bill is no longer open. No money was taken.',
    ],
    [
      'cancelled',
      async (_market: TestMarket, _page: BillPage, buyer: Visitor) => {
        await buyer.press(/^Cancel/, { side: 'private' });
      },
      'This order was cancelled. No money was taken.',
    ],
  ] as const)('a bill that is %s asks for nothing any more', async (_state, happens, said) => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const page = await bought(buyer);
    await happens(market, page, buyer);
    const later = await BillPage.open(page.browser, page.url);
    expect(later.text).toContain(said);
    expect(later.html).not.toContain('<form');
    expect(await page.goOn()).toEqual({ ok: true, url: page.path });
  });
});
