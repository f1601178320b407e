import { expect, test } from 'vitest';
import { showAmount } from '../../../sandbox/page-text.ts';
import { bench, press } from './support.ts';

const XSS = `<script>alert(1)</script><img src=x onerror="alert(2)">"'`;

test('the page shows the bill and one button to pay, without scripts, inline styles or foreign content', async () => {
  const { api } = await bench();
  const lines = [
    { title: 'Sambal', quantity: 2, amount: 2_400 },
    { title: 'Delivery', quantity: 1, amount: 150 },
  ];
  const { url } = await api.checkout({ amount: 2_550, lines });
  const response = await fetch(url);
  const page = await response.text();
  expect(response.status).toBe(200);
  for (const shown of ['SANDBOX', 'no real money', 'Kitchen', 'Order 1', '2 × ', '€24.00', 'Pay €25.50', '••42']) {
    expect(page).toContain(shown);
  }
  expect(page).toContain('<html lang="en" dir="ltr">');
  expect(page.match(/value="now"/g)).toHaveLength(1);
  expect(page).toContain('href="http://127.0.0.1:9/cancel"');
  expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
  expect(
    page.match(/(src|href)="[^"]*"/g)?.filter((link) => link.includes('//') && !link.includes('127.0.0.1:9')),
  ).toEqual([]);

  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).toContain(`form-action 'self' http://127.0.0.1:9;`);
  expect(policy).toContain(`frame-ancestors 'none'`);
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
});

test('what a seller wrote is shown as text, never run', async () => {
  const { api } = await bench();
  const { url } = await api.checkout({
    description: XSS,
    lines: [{ title: XSS, quantity: 1, amount: 1_250 }],
    metadata: { shop: XSS },
  });
  const page = await (await fetch(url)).text();
  expect(page).not.toContain('<script');
  expect(page).not.toContain('<img');
  expect(page.match(/&lt;script&gt;/g)).toHaveLength(3);
});

test('one press on Pay pays and leads back to the shop; a second press pays nothing', async () => {
  const { sandbox, api } = await bench();
  const { id, url } = await api.checkout();
  for (let time = 1; time <= 2; time++) {
    const response = await press(url, 'now');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('http://127.0.0.1:9/return');
  }
  expect((await api.read(id)).payments).toHaveLength(1);
  expect(sandbox.book('shop-1')).toHaveLength(2);
  const page = await (await fetch(url)).text();
  expect(page).toContain('Paid');
  expect(page).not.toContain('value="now"');
});

test('looking at the page never pays', async () => {
  const { sandbox, api } = await bench();
  const { url } = await api.checkout();
  await fetch(url);
  await fetch(`${url.replace('?', '/pay?')}&choice=now`);
  expect(sandbox.events()).toEqual([]);
});

test('a decline is shown with its reason and the button to try again', async () => {
  const { api } = await bench();
  const { id, url } = await api.checkout();
  const response = await press(url, 'decline:insufficient_funds');
  expect(response.status).toBe(303);
  const page = await (await fetch(new URL(response.headers.get('location') ?? '', url))).text();
  expect(page).toContain('Payment declined');
  expect(page).toContain('does not have enough money');
  expect(page).toContain('No money was taken');
  expect(page).toContain('value="now"');
  expect(await api.read(id)).toMatchObject({ status: 'open', declines: [{ code: 'insufficient_funds' }] });
});

test.each([
  ['slow_success', 'On its way'],
  ['slow_fail', 'On its way'],
  ['late', 'Paying late'],
  ['twice', 'paid twice'],
])('the choice %s leads back to the shop, and the page then says "%s"', async (choice, said) => {
  const { api } = await bench();
  const { url } = await api.checkout();
  expect((await press(url, choice)).headers.get('location')).toBe('http://127.0.0.1:9/return');
  expect(await (await fetch(url)).text()).toContain(said);
});

test('an expired checkout says so and offers nothing to pay with', async () => {
  const { sandbox, clock, api } = await bench();
  const { url, expiresAt } = await api.checkout();
  clock.at = expiresAt;
  const page = await (await fetch(url)).text();
  expect(page).toContain('Expired');
  expect(page).toContain('No money was taken');
  expect(page).not.toContain('<button');
  await press(url, 'now');
  expect(sandbox.book('shop-1')).toEqual([]);
});

test('a link with a wrong or missing token opens nothing and pays nothing', async () => {
  const { sandbox, api } = await bench();
  const { url } = await api.checkout();
  const [bare = ''] = url.split('?');
  const short = url.slice(0, -1);
  for (const wrong of [bare, `${bare}?k=`, `${bare}?k=a&k=b`, short, `${bare}x?k=1`]) {
    const response = await fetch(wrong);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('does not open a payment');
    expect((await press(wrong, 'now')).status).toBe(404);
  }
  expect((await press(url, 'gift')).status).toBe(400);
  expect(sandbox.events()).toEqual([]);
});

test.each([
  [1_250, 'EUR', '€12.50'],
  [-300, 'EUR', '-€3.00'],
  [5, 'USD', 'US$0.05'],
  [1_250, 'JPY', 'JPY 1,250'],
  [1_250, 'KWD', 'KWD 1.250'],
  [50, 'XTR', 'XTR 50'],
  [12_000, 'BTC', 'BTC 0.00012000'],
  [Number.MAX_SAFE_INTEGER, 'EUR', '€90,071,992,547,409.91'],
])('%i minor units of %s read %s', (amount, currency, shown) => {
  expect(showAmount(amount, currency)).toBe(shown);
});
