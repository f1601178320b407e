import { describe, expect, test } from 'vitest';
import { refusalOf, setStage } from './kit.ts';

const STARS = {
  title: 'E-book',
  description: 'A book',
  payload: 'order:1',
  currency: 'XTR',
  prices: [{ label: 'Book', amount: 50 }],
};
const CARD = {
  ...{ title: 'Mango box', description: 'Ten mangos', payload: 'order:2', currency: 'SGD' },
  ...{
    prices: [{ label: 'Box', amount: 1250 }],
    provider_token: '284685063:TEST:NzY1',
    need_shipping_address: true,
    is_flexible: true,
  },
};

type Stage = Awaited<ReturnType<typeof setStage>>;

const sendStars = (api: Stage['api'], chatId: number, startParameter?: string) =>
  api.sendInvoice(chatId, STARS.title, STARS.description, STARS.payload, 'XTR', STARS.prices, {
    ...(startParameter === undefined ? {} : { start_parameter: startParameter }),
  });

/** Answers the next question of a checkout. */
async function agree({ api, poll, fake }: Stage, answer: { ok: boolean; error?: string } = { ok: true }) {
  await fake.until(() => fake.updates.at(-1)?.pre_checkout_query, 'the last question');
  const update = (await poll()).at(-1);
  const id = update?.pre_checkout_query?.id ?? '';
  await api.answerPreCheckoutQuery(id, answer.ok, answer.error === undefined ? {} : { error_message: answer.error });
  return update?.pre_checkout_query;
}

describe('Stars', () => {
  test('an invoice is paid when the bot agrees, and stands in the statement under its charge id', async () => {
    const stage = await setStage();
    const { api, ana, poll, skip, fake } = stage;
    ana.starts();
    await sendStars(api, ana.id);
    await skip();
    const invoice = await ana.waitsFor('private', 'E-book');
    expect(invoice.labels).toEqual(['Pay']);
    const paying = ana.pays(invoice);
    expect(await agree(stage)).toMatchObject({
      currency: 'XTR',
      total_amount: 50,
      invoice_payload: 'order:1',
      from: ana.user,
    });
    const outcome = await paying;
    if (!outcome.paid) throw new Error(outcome.error);
    const [update] = await poll();
    expect(update?.message?.successful_payment).toEqual({
      ...{ currency: 'XTR', total_amount: 50, invoice_payload: 'order:1' },
      telegram_payment_charge_id: outcome.chargeId,
      provider_payment_charge_id: outcome.providerChargeId,
    });
    expect((await api.getStarTransactions()).transactions).toMatchObject([
      { id: outcome.chargeId, amount: 50, source: { type: 'user', invoice_payload: 'order:1' } },
    ]);
    expect(fake.invalidRequests).toEqual([]);
  });

  test('a refund is full, happens once, and is a service message and an entry of its own', async () => {
    const stage = await setStage();
    const { api, ana, bob, poll, skip } = stage;
    ana.starts();
    const paying = ana.pays(
      await api.createInvoiceLink(STARS.title, STARS.description, STARS.payload, '', 'XTR', STARS.prices),
    );
    await agree(stage);
    const outcome = await paying;
    if (!outcome.paid) throw new Error(outcome.error);
    await skip();
    expect(await refusalOf(api.refundStarPayment(bob.id, outcome.chargeId))).toContain('CHARGE_ID_INVALID');
    await api.refundStarPayment(ana.id, outcome.chargeId);
    expect((await poll())[0]?.message?.refunded_payment).toMatchObject({
      telegram_payment_charge_id: outcome.chargeId,
      total_amount: 50,
    });
    expect(await refusalOf(api.refundStarPayment(ana.id, outcome.chargeId))).toContain('CHARGE_ALREADY_REFUNDED');
    const { transactions } = await api.getStarTransactions();
    expect(transactions.map((one) => [one.id, one.source !== undefined])).toEqual([
      [outcome.chargeId, true],
      [outcome.chargeId, false],
    ]);
    expect(await api.getMyStarBalance()).toEqual({ amount: 0 });
  });

  test('a no of the bot is read by the person and nothing is taken', async () => {
    const stage = await setStage();
    const { api, ana, skip, fake } = stage;
    ana.starts();
    await sendStars(api, ana.id);
    await skip();
    const paying = ana.pays(await ana.waitsFor('private', 'E-book'));
    await agree(stage, { ok: false, error: 'Sold out a moment ago' });
    expect(await paying).toEqual({ paid: false, stage: 'pre_checkout', error: 'Sold out a moment ago' });
    expect(fake.payments).toEqual([]);
  });

  test('an answer after ten seconds is too late', async () => {
    const stage = await setStage({ checkoutMs: 50 });
    const { api, ana, poll, clock } = stage;
    ana.starts();
    await sendStars(api, ana.id);
    await poll();
    const paying = ana.pays(await ana.waitsFor('private', 'E-book'));
    const [update] = await poll();
    clock.passes(10_001);
    expect(await refusalOf(api.answerPreCheckoutQuery(update?.pre_checkout_query?.id ?? '', true))).toContain(
      'query is too old',
    );
    expect(await paying).toEqual({ paid: false, stage: 'pre_checkout', error: 'BOT_PRECHECKOUT_TIMEOUT' });
  });

  test('a forwarded copy can be paid only while there is no start parameter', async () => {
    const stage = await setStage();
    const { api, ana, bob, skip, poll } = stage;
    ana.starts();
    await sendStars(api, ana.id, 'order_1');
    const own = await ana.waitsFor('private', 'E-book');
    await expect(bob.pays(own, { forwarded: true })).rejects.toThrow('no Pay button');
    await expect(bob.pays(own)).rejects.toThrow('does not see the invoice');
    await sendStars(api, ana.id);
    await skip();
    const paying = bob.pays(await ana.waitsFor('private', 'E-book'), { forwarded: true });
    await agree(stage);
    expect(await paying).toMatchObject({ paid: true });
    expect((await poll())[0]?.message).toMatchObject({
      chat: { id: bob.id },
      successful_payment: { total_amount: 50 },
    });
  });
});

describe('provider payments', () => {
  test('shipping options add to the total, and the address comes along', async () => {
    const stage = await setStage();
    const { api, ana, poll, fake } = stage;
    ana.starts();
    const { title, description, payload, provider_token: token, currency, prices, ...other } = CARD;
    const link = await api.createInvoiceLink(title, description, payload, token, currency, prices, other);
    await poll();
    const paying = ana.pays(link, { shippingOption: 'fast', address: { city: 'Penang' } });
    const [asked] = await poll();
    expect(asked?.shipping_query).toMatchObject({ invoice_payload: 'order:2', shipping_address: { city: 'Penang' } });
    await api.answerShippingQuery(asked?.shipping_query?.id ?? '', true, {
      shipping_options: [
        { id: 'slow', title: 'Post', prices: [{ label: 'Post', amount: 200 }] },
        { id: 'fast', title: 'Rider', prices: [{ label: 'Rider', amount: 700 }] },
      ],
    });
    expect(await agree(stage)).toMatchObject({ total_amount: 1950, shipping_option_id: 'fast' });
    expect(await paying).toMatchObject({ paid: true, totalAmount: 1950 });
    expect(fake.payments[0]).toMatchObject({ currency: 'SGD', orderInfo: { shipping_address: { city: 'Penang' } } });
    expect(fake.starTransactions).toEqual([]);
  });

  test('a declined card takes nothing though the bot agreed', async () => {
    const stage = await setStage();
    const { api, ana, skip, fake } = stage;
    ana.starts();
    await sendStars(api, ana.id);
    await skip();
    const paying = ana.pays(await ana.waitsFor('private', 'E-book'), { declined: true });
    await agree(stage);
    expect(await paying).toMatchObject({ paid: false, stage: 'provider' });
    expect(fake.payments).toEqual([]);
  });

  test.each([
    ['no provider token', { currency: 'SGD' }, 'PAYMENT_PROVIDER_INVALID'],
    ['two prices in Stars', { prices: [STARS.prices[0], STARS.prices[0]] }, 'exactly one price'],
    ['a payload of 129 bytes', { payload: 'é'.repeat(65) }, 'INVOICE_PAYLOAD_INVALID'],
    ['a title of 33 characters', { title: 'x'.repeat(33) }, 'invalid invoice title'],
    ['nothing to pay', { prices: [{ label: 'Free', amount: 0 }] }, 'CURRENCY_TOTAL_AMOUNT_INVALID'],
    [
      'falling tips',
      { currency: 'SGD', provider_token: '1:TEST:x', max_tip_amount: 9, suggested_tip_amounts: [3, 2] },
      'TIP_AMOUNTS_INVALID',
    ],
  ])('an invoice with %s is invalid', async (_what, change, words) => {
    const { api, fake } = await setStage();
    const call = api.raw.createInvoiceLink({ ...STARS, ...change } as Parameters<typeof api.raw.createInvoiceLink>[0]);
    expect(await refusalOf(call)).toContain(words);
    expect(fake.invalidRequests).toHaveLength(1);
  });
});
