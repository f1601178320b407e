// Stripe as a whole market meets it: settings from the environment, the pay link's redirect, a webhook by HTTP, the account's own page.
import { onTestFinished, expect, test } from 'vitest';
import { startMarket, testClock } from '../support/market.ts';
import { startFakeStripe } from '../support/stripe/fake.ts';

async function open(env: Record<string, string> = {}) {
  const clock = testClock();
  const fake = await startFakeStripe({ clock });
  onTestFinished(() => fake.close());
  const stripe = {
    STRIPE_SECRET_KEY: fake.secretKey,
    STRIPE_WEBHOOK_SECRET: `whsec_the_one_before_this,${fake.webhookSecret}`,
    STRIPE_API_BASE: fake.url,
    SANDBOX: 'on',
  };
  const market = await startMarket({ env: { ...stripe, ...env }, overrides: { clock } });
  return { market, fake, clock };
}

const sameOrigin = (url: string) => ({ origin: url, 'sec-fetch-site': 'same-origin' });

test('a webhook is answered 200 when it is Stripe’s, once and again, and 401 when it is not', async () => {
  const { market, fake } = await open();
  const body = JSON.stringify({
    ...{ id: 'evt_1', object: 'event', type: 'customer.created', created: 1, livemode: false },
    data: { object: { id: 'cus_1', object: 'customer' } },
  });
  const post = (headers: Record<string, string>) =>
    fetch(`${market.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
    });
  const signed = { 'stripe-signature': fake.header(body, market.deps.clock.now()) };
  expect((await post({})).status).toBe(401);
  expect((await post({ 'stripe-signature': signed['stripe-signature'].replace(/.$/, 'g') })).status).toBe(401);
  expect([(await post(signed)).status, (await post(signed)).status]).toEqual([200, 200]);
});

test('a shop’s account has a page of ours, which acts only when its button is pressed and leads to Stripe alone', async () => {
  const { market, fake } = await open({ STRIPE_ACCOUNTS: 'shops' });
  const [shop] = await market.store.read((reads) => reads.people.shops(market.communityId, 'approved'));
  if (!shop) throw new Error('no shop');
  const viewer = { personId: shop.ownerId, communityId: market.communityId };
  const loaded = await market.core.load({ name: 'connect', shopId: shop.id }, viewer);
  if (!loaded.ok || loaded.value.url === null) throw new Error('no link');
  const { url } = loaded.value;
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain(
    `form-action 'self' https://connect.stripe.com ${fake.url}`,
  );
  expect(await page.text()).toContain('method="post"');
  expect(fake.books.accounts.size).toBe(0);
  expect((await fetch(url, { method: 'POST', redirect: 'manual' })).status).toBe(403);
  const gone = await fetch(url, { method: 'POST', headers: sameOrigin(market.url), redirect: 'manual' });
  expect(gone.status).toBe(303);
  expect(gone.headers.get('location')).toMatch(new RegExp(`^${fake.url}/setup/acct_`));
  const [accountRef = ''] = [...fake.books.accounts.keys()];
  fake.buyers.onboard(accountRef, 'active');
  expect((await fetch(`${url}/return`)).status).toBe(200);
  const after = await market.core.load({ name: 'connect', shopId: shop.id }, viewer);
  expect(after.ok && after.value.state).toBe('active');
  expect((await fetch(`${url}x`)).status).toBe(410);
});
