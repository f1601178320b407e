import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WireReply } from '../../adapters/web/client/wire.ts';
import { readConfig } from '../../src/config.ts';
import { openMarket } from '../../src/market.ts';
import type { Intent } from '../../src/ports/intents.ts';
import type { Message } from '../../src/ports/messages.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createBrowser } from '../support/browser.ts';
import { blankForm } from '../support/catalog.ts';
import { startMarket, type TestMarket } from '../support/market.ts';
import { temporaryFolder } from '../support/stores.ts';
import { actionsOf, takeSeat, type Visitor } from '../support/visitor.ts';

const mine = { side: 'private' } as const;
const ROOT_KEY = 'a root key that nobody may see, of 45 characters';

async function handlesOf(visitor: Visitor): Promise<{ label: string; handle: string; kind: string }[]> {
  const own = (await visitor.messages()).filter((message) => message.chatId === null);
  return own.flatMap(({ view }) =>
    actionsOf(view).flatMap((action) =>
      action.kind === 'link' ? [] : [{ label: action.label, handle: action.handle, kind: action.kind }],
    ),
  );
}

const press = async (visitor: Visitor, body: object | string): Promise<WireReply> => {
  const path = `/seat/${visitor.seat}/press`;
  if (typeof body !== 'string') return (await visitor.browser.json(path, body)) as WireReply;
  const answer = await visitor.browser.post(path, body, { 'content-type': 'application/json' });
  return (await answer.json()) as WireReply;
};
const codeOf = (reply: WireReply): string | undefined => (reply.ok ? undefined : reply.fault.code);

/** A seller with goods, and a buyer with an open order and a paid one. */
async function busyMarket(): Promise<{ market: TestMarket; seller: Visitor; buyer: Visitor; admin: Visitor }> {
  const market = await startMarket();
  const seller = await market.visitor('Arif', { role: 'seller' });
  const admin = await market.visitor('Ana', { role: 'admin' });
  const buyer = await market.visitor('Mei');
  await seller.press('Sell: Digital goods', mine);
  const goods = { 'form.title': 'Codebook', 'form.price': '5', 'form.digitalCodes': 'ONE-CODE\nTWO-CODE' };
  const chat = (await seller.messages()).find((message) => message.chatId !== null)?.chatId ?? '';
  await seller.press('Fill in', mine, { ...goods, chatIds: [chat] });
  await buyer.press('Buy', { on: 'Codebook' });
  const bill = await buyer.openBill();
  market.sandbox.pay(await bill.checkout(), { mode: 'now' });
  await market.settle();
  await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
  return { market, seller, buyer, admin };
}

describe('a private button', () => {
  test('of anybody works for nobody else, wherever they say that they press it', async () => {
    const { market, seller, buyer, admin } = await busyMarket();
    const stranger = await market.visitor('Omar');
    const [message] = (await stranger.messages()).filter(({ chatId }) => chatId !== null);
    for (const owner of [seller, buyer, admin]) {
      const handles = await handlesOf(owner);
      expect(handles.length).toBeGreaterThan(5);
      for (const { label, handle } of handles)
        for (const chatId of [null, message?.chatId ?? null]) {
          const reply = await press(stranger, { handle, chatId, formId: 'a', values: {} });
          expect([owner.name, label, codeOf(reply)]).toEqual([owner.name, label, 'button_of_another']);
        }
    }
  });

  test('that nobody drew, or that is over, is refused the same', async () => {
    const { market, buyer } = await busyMarket();
    const [known] = await handlesOf(buyer);
    const handle = known?.handle ?? '';
    const forged = [
      `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`,
      `f${handle.slice(1)}`,
      '',
      '*',
      '__proto__',
    ];
    for (const one of forged)
      expect([one, codeOf(await press(buyer, { handle: one }))]).toEqual([one, 'button_expired']);
    market.clock.moveBy(181 * 24 * 60 * 60 * 1000);
    const late = await market.core.readHandle({ handle, personId: buyer.personId, chatId: null });
    expect(late).toMatchObject({ ok: false, fault: { code: 'button_expired' } });
  });

  test('says what it says: no value sent beside it changes a field that it fixed, and none is added', async () => {
    const { market, seller, buyer } = await busyMarket();
    const before = await market.store.read((reads) => reads.orders.ordersOf(buyer.personId, 10));
    const fields = ['kind', 'orderId', 'shopId', 'productId', 'listingId', 'message', 'message.orderId', 'personId'];
    const fixed = [
      ...fields,
      'communityId',
      'role',
      'approve',
      'form',
      'amount.amount',
      'constructor.prototype',
      'a.b.c',
    ];
    for (const visitor of [seller, buyer])
      for (const { label, handle } of await handlesOf(visitor))
        for (const field of fixed) {
          const reply = await press(visitor, {
            handle,
            formId: `p-${field.replaceAll('.', '-')}`,
            values: { [field]: 'x' },
          });
          expect([label, field, reply.ok]).toEqual([label, field, false]);
        }
    const after = await market.store.read((reads) => reads.orders.ordersOf(buyer.personId, 10));
    expect(after).toEqual(before);
    await market.verify();
  });

  test('reaches no prototype and breaks nothing, whatever JSON comes with it', async () => {
    const { buyer } = await busyMarket();
    const [known] = await handlesOf(buyer);
    const handle = known?.handle ?? '';
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const bodies = [
      `{"handle":"${handle}","__proto__":{"polluted":1}}`,
      `{"handle":"${handle}","formId":"a","values":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`,
      `{"handle":"${handle}","formId":"b","values":{"__proto__.polluted":"1","constructor.polluted":"1"}}`,
      `{"handle":"${handle}","formId":"c","values":{"a":${deep}}}`,
      `{"handle":"${handle}","formId":"d","values":${deep}}`,
      `{"handle":"${handle}","handle":"x"}`,
      `{"handle":"${handle}","values":{"n":1e999}}`,
    ];
    for (const body of bodies) {
      const reply = await press(buyer, body);
      if (!reply.ok) expect(['input_invalid', 'button_expired']).toContain(codeOf(reply));
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test('shares no form with another person: the same form id is each one’s own', async () => {
    const market = await startMarket();
    const [mei, omar] = [await market.visitor('Mei'), await market.visitor('Omar')];
    const formOf = async (visitor: Visitor) =>
      (await handlesOf(visitor)).find(({ label }) => label === 'Open a shop')?.handle ?? '';
    const formId = 'same-form-id';
    const send = async (visitor: Visitor, name: string) =>
      codeOf(await press(visitor, { handle: await formOf(visitor), formId, values: { name } }));
    expect(await send(mei, 'Mei’s')).toBeUndefined();
    expect(await send(omar, 'Omar’s')).toBeUndefined();
    expect(await send(mei, 'Mei’s')).toBeUndefined();
    expect(await send(mei, 'Another')).toBe('key_reused');
    const shops = await market.store.read((reads) => reads.people.shops(market.communityId));
    expect(shops.filter(({ ownerId }) => ownerId === mei.personId).map(({ name }) => name)).toEqual(['Mei’s']);
    expect(shops.filter(({ ownerId }) => ownerId === omar.personId).map(({ name }) => name)).toEqual(['Omar’s']);
  });
});

describe('what belongs to others', () => {
  test('cannot be touched or seen by a member who knows every id', async () => {
    const { market, seller, buyer } = await busyMarket();
    const stranger = await market.visitor('Omar');
    const orders = await market.store.read((reads) => reads.orders.ordersOf(buyer.personId, 10));
    const products = await market.store.read((reads) =>
      reads.catalog.products({ communityId: market.communityId, states: ['on_sale'], limit: 50 }),
    );
    const book = products.find(({ title }) => title === 'Codebook');
    const [productId, shopId] = [book?.id ?? '', book?.shopId ?? ''];
    const [variant] = await market.store.read((reads) => reads.catalog.variants(productId));
    const [variantId, chatId] = [variant?.id ?? '', 'any'];
    const { personId } = stranger;
    const perOrder = orders.flatMap(({ id: orderId }): Intent[] => [
      { kind: 'basket_set', orderId, variantId, quantity: 9 },
      { kind: 'basket_checkout', orderId },
      { kind: 'set_quantity', orderId, quantity: 9 },
      { kind: 'choose_delivery', orderId, method: 'ship' },
      { kind: 'set_address', orderId, recipient: 'x', lines: 'x', phone: '' },
      { kind: 'choose_channel', orderId, channel: 'cash' },
      { kind: 'cancel_order', orderId },
      { kind: 'received', orderId },
      { kind: 'ship', orderId, tracking: '' },
      { kind: 'hand_over', orderId },
      { kind: 'confirm_cash', orderId },
      { kind: 'refund', orderId, amount: '', lines: [], restock: false },
    ]);
    const intents: Intent[] = [
      ...perOrder,
      { kind: 'decide_shop', shopId, approve: false },
      { kind: 'freeze_shop', shopId, frozen: true },
      { kind: 'put_helper', shopId, personId, helps: true },
      { kind: 'post_product', shopId, chatIds: [chatId], productKind: 'physical', form: blankForm },
      { kind: 'edit_product', productId, form: blankForm },
      { kind: 'list_product', productId, chatId },
      { kind: 'set_stock', variantId, stock: '0' },
      { kind: 'set_price', variantId, price: '0' },
      { kind: 'add_codes', productId, codes: 'MY-CODE' },
      { kind: 'pause_product', productId, paused: true },
      { kind: 'withdraw_product', productId },
      { kind: 'freeze_product', productId, frozen: true },
      { kind: 'dismiss_reports', productId },
      { kind: 'configure', name: 'Mine', currency: 'USD', timeZone: 'UTC', locale: 'en' },
      { kind: 'resolve_case', caseId: 'any', decision: 'refund' },
      { kind: 'refund_paid_by_hand', refundId: 'any', proof: 'x' },
      { kind: 'answer_question', questionId: 'any', text: 'x' },
    ];
    const who = { communityId: market.communityId, personId, chatId: null };
    for (const [at, intent] of intents.entries()) {
      const reply = await market.core.handle({ ...who, key: `stranger-${at}`, intent });
      expect([intent.kind, reply.ok]).toEqual([intent.kind, false]);
      if (!reply.ok)
        expect([intent.kind, ['not_found', 'not_allowed']]).toEqual([
          intent.kind,
          expect.arrayContaining([reply.fault.code]),
        ]);
    }
    const messages = orders.flatMap(({ id: orderId }): Message[] => [
      { name: 'order', orderId },
      { name: 'sale', orderId },
      { name: 'timeline', orderId },
      { name: 'notice', kind: 'sold', objectId: orderId },
    ]);
    const others: Message[] = [{ name: 'edit_product', productId }, { name: 'admin' }, { name: 'cases' }];
    for (const message of [
      ...messages,
      ...others,
      { name: 'staff', shopId },
      { name: 'shop_orders', shopId },
    ] as const) {
      expect([message.name, await market.core.load(message, who)]).toMatchObject([message.name, { ok: false }]);
    }
    // The buyer's codes are the buyer's: not even the shop is shown what was handed over.
    const sale = await market.core.load(
      { name: 'sale', orderId: orders.at(-1)?.id ?? '' },
      { ...who, personId: seller.personId },
    );
    expect(JSON.stringify(sale)).not.toMatch(/(?:ONE|TWO)-CODE/);
    await market.verify();
  });
});

describe('whoever lies about where they come from', () => {
  test('takes no more seats than their address may, when no proxy is trusted', async () => {
    const settings = readConfig({
      PORT: '0',
      SANDBOX: 'off',
      DATABASE_URL: `sqlite:${join(temporaryFolder(), 'p.db')}`,
    });
    if (!settings.ok) throw new Error(settings.faults.join('\n'));
    const webLimits = { seats: { points: 3, windowS: 60 } };
    const market = await openMarket(settings.config, createLog({ level: 'silent' }), { timers: false, webLimits });
    onTestFinished(() => market.stop());
    const statuses: number[] = [];
    for (let n = 1; n <= 5; n++) {
      const headers = {
        'x-forwarded-for': `203.0.113.${n}`,
        'x-real-ip': `203.0.113.${n}`,
        forwarded: `for=203.0.113.${n}`,
      };
      const answer = await createBrowser(market.url).post('/seats', new URLSearchParams({ name: 'Mei' }), headers);
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([303, 303, 303, 429, 429]);
  });
});

describe('what people write', () => {
  test('stands readable in no file and no log line, and no card number stands anywhere', async () => {
    const folder = temporaryFolder();
    const settings = readConfig({
      ...{ PORT: '0', SANDBOX_PORT: '0', DATABASE_URL: `sqlite:${join(folder, 'p.db')}`, LOG_LEVEL: 'debug' },
      SECRET_KEY: ROOT_KEY,
    });
    if (!settings.ok) throw new Error(settings.faults.join('\n'));
    const lines: string[] = [];
    const logging = createLog({ level: 'debug', to: { write: (line) => void lines.push(line) } });
    const market = await openMarket(settings.config, logging, { timers: false, sandbox: { autoTick: false } });
    onTestFinished(() => market.stop());
    const afterwards = async () => {
      await market.sandbox?.idle();
      while ((await market.outbox.drain()) > 0);
    };
    const seat = (name: string, role: 'member' | 'seller' | 'admin') =>
      takeSeat({ url: market.url, name, wishes: { role }, afterwards });
    const [buyer, admin] = [await seat('KanariBuyer', 'member'), await seat('KanariAdmin', 'admin')];
    const seller = await seat('Salmah', 'seller');
    await buyer.say('Night Market', 'KanariChat hello');
    await buyer.say('Night Market', 'my card is 4242 4242 4242 4242');
    const chat = (await seller.messages()).find((message) => message.chatId !== null)?.chatId ?? '';
    const codes = 'KanariCodeOne\nKanariCodeTwo';
    await seller.press('Sell: Digital goods', mine);
    const book = { 'form.title': 'Codebook', 'form.price': '5', 'form.digitalCodes': codes, chatIds: [chat] };
    await seller.press('Fill in', mine, book);
    await seller.press('Sell: Goods', mine);
    const parcel = { 'form.title': 'Parcel', 'form.price': '5', 'form.stock': '9', 'form.shippingFee': '2' };
    await seller.press('Fill in', mine, { ...parcel, 'form.pickup': false, chatIds: [chat] });
    const tokens: string[] = [];
    const pay = async () => {
      const bill = await buyer.openBill(mine);
      tokens.push(bill.path.slice('/pay/'.length));
      expect(bill.html).not.toMatch(/Kanari/);
      market.sandbox?.pay(await bill.checkout(), { mode: 'now' });
      await afterwards();
      await bill.back();
    };
    await buyer.press('Buy', { on: 'Codebook' });
    await pay();
    await buyer.sees(/KanariCode(?:One|Two)/, mine);
    await buyer.press('Buy', { on: 'Parcel' });
    const address = { recipient: 'KanariRecipient', lines: 'KanariStreet 12', phone: 'KanariPhone' };
    await buyer.press(/ the address/, mine, address);
    await pay();
    await seller.sees(/KanariStreet/, mine);
    await seller.press('Mark as sent', mine, { tracking: 'KanariTracking' });
    await buyer.press(/^Ask/, { on: 'Parcel', side: 'Night Market' }, { text: 'KanariQuestion' });
    await buyer.press(/^Report/, { on: 'Parcel', side: 'Night Market' }, { reason: 'KanariReason' });
    await seller.press('Read the question', mine);
    await seller.press('Answer', mine, { text: 'KanariAnswer' });
    await buyer.sees('KanariAnswer', mine);
    await admin.press('Run the market', mine);
    const cookies = buyer.browser.cookies().map((pair) => pair.slice(pair.indexOf('=') + 1));

    const bytes = readdirSync(folder).map((file) => readFileSync(join(folder, file)).toString('latin1'));
    const stored = bytes.join('\n');
    const found = (text: string, words: RegExp) => [...new Set(text.match(words) ?? [])];
    expect(found(stored, /Kanari[A-Z]?[a-z]+/g)).toEqual([]);
    expect(stored).not.toMatch(/4242 ?4242 ?4242/);
    const logged = lines.join('');
    expect(lines.length).toBeGreaterThan(10);
    expect(found(logged, /Kanari[A-Z]?[a-z]+|4242 ?4242/g)).toEqual([]);
    const secrets = [
      ROOT_KEY,
      ...tokens,
      ...cookies,
      market.sandbox?.apiKey ?? '',
      market.sandbox?.webhookSecret ?? '',
    ];
    expect(secrets.length).toBeGreaterThan(5);
    expect(stored).not.toContain(ROOT_KEY);
    for (const secret of secrets) expect(secret !== '' && logged.includes(secret)).toBe(false);
  });
});
