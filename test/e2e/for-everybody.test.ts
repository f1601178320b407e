// The market for people who use a keyboard, a screen reader, a phone, a right-to-left language, or a bad connection.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guest, type Guest, openBrowser, openGoing } from '../support/chromium.ts';
import { describeWith } from '../support/env.ts';

const TABS_MAX = 80;

/** Walks with Tab until the focus is on something with this name, as a keyboard user does. */
async function tabTo({ page }: Guest, name: RegExp): Promise<void> {
  for (let step = 0; step < TABS_MAX; step += 1) {
    const at = page.locator(':focus');
    const label = (await at.count()) === 0 ? '' : ((await at.getAttribute('aria-label')) ?? (await at.innerText()));
    if (name.test(label.trim())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${name}`);
}

describeWith('chromium', 'the market for everybody', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test('a purchase by keyboard alone', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    const { page } = buyer;
    const buy = buyer.card('Mango box').getByRole('button', { name: 'Buy' });
    await buy.focus();
    await page.keyboard.press('Enter');
    await buyer.panel('Mango box').waitFor();
    await tabTo(buyer, /^Pay RM/);
    const [provider] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
    await provider.waitForURL(/\/checkout\//);
    await provider.getByRole('button', { name: /^Pay/ }).focus();
    await provider.keyboard.press('Enter');
    await buyer.panel('Receipt').waitFor();
  });

  test('a form opens, keeps the focus inside, names what is missing, and closes with Escape', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    const { page } = buyer;
    const ask = buyer.card('Mango box').getByRole('button', { name: 'Ask the seller' });
    await ask.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByRole('button').last().click();
    await dialog.getByText('Please fill this in.').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.locator(':focus').innerText()).toBe('Ask the seller');
  });

  test.each(['desktop', 'phone'] as const)('no serious finding of an accessibility check, on a %s', async (screen) => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti', { screen });
    await buyer.card('Mango box').waitFor();
    await buyer.accessible();
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    await buyer.panel('Mango box').waitFor();
    await buyer.accessible();
    const provider = await buyer.toProvider(buyer.panel('Mango box'));
    await buyer.at(provider).accessible();
    await provider.getByRole('button', { name: /^Pay/ }).click();
    await provider.getByText('Your payment has arrived').waitFor();
    await buyer.at(provider).accessible();
    await buyer.page.goto(market.url);
    await buyer.accessible();
  });

  test('in the dark, every text still has contrast enough', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti', { context: { colorScheme: 'dark' } });
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    await buyer.panel('Mango box').waitFor();
    await buyer.accessible();
  });

  test('in Arabic the page runs from right to left, and a purchase works', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'ليلى', { language: 'ar' });
    expect(await buyer.page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await buyer.page.locator('html').getAttribute('lang')).toBe('ar');
    await buyer.card('Mango box').locator('button.primary').first().click();
    const bill = buyer.panel('Mango box');
    await bill.waitFor();
    expect(await bill.locator('article').getAttribute('dir')).toBe('rtl');
    const [provider] = await Promise.all([
      buyer.page.context().waitForEvent('page'),
      bill.locator('a.primary').click(),
    ]);
    await provider.waitForURL(/\/checkout\//);
    await provider.getByRole('button', { name: /^Pay/ }).click();
    await buyer.panel('Mango box').locator('.badge.good').waitFor();
    await buyer.accessible();
  });

  test('on a phone nothing is wider than the screen, and a press brings the private side', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti', { screen: 'phone' });
    const { page } = buyer;
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    await buyer.panel('Mango box').waitFor();
    expect(await buyer.panel('Mango box').isVisible()).toBe(true);
    const root = 'document.documentElement';
    const overflow = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
    expect(overflow).toBe(0);
    await page.goBack();
    await buyer.card('Mango box').waitFor();
  });

  test('a connection that was cut comes back by itself; nothing is lost and nothing doubled', async () => {
    const market = await openGoing();
    const [reader, writer] = [await guest(browser, market, 'Siti'), await guest(browser, market, 'Wei')];
    const say = async (text: string) => {
      await writer.page.locator('#say').fill(text);
      await writer.page.locator('#send').click();
      await writer.page.getByText(text).first().waitFor();
    };
    await say('before the cut');
    await reader.page.getByText('before the cut').waitFor();
    await reader.page.context().setOffline(true);
    await say('while it was cut');
    await say('and once more');
    expect(await reader.page.getByText('while it was cut').count()).toBe(0);
    await reader.page.context().setOffline(false);
    await reader.page.getByText('and once more').waitFor({ timeout: 30_000 });
    for (const text of ['before the cut', 'while it was cut', 'and once more']) {
      expect(await reader.page.getByText(text, { exact: true }).count()).toBe(1);
    }
  });

  test('a card number typed into the chat is dropped, and the person is warned', async () => {
    const market = await openGoing();
    const [buyer, other] = [await guest(browser, market, 'Siti'), await guest(browser, market, 'Wei')];
    await buyer.page.locator('#say').fill('my card is 4242 4242 4242 4242');
    await buyer.page.locator('#send').click();
    await buyer.panel(/card number/).waitFor();
    expect(await other.page.getByText('4242').count()).toBe(0);
  });

  test('words that look like markup stay words', async () => {
    const market = await openGoing();
    const [buyer, other] = [await guest(browser, market, '<b>Siti</b>'), await guest(browser, market, 'Wei')];
    const text = '<img src=x onerror=alert(1)> **bold** @everyone';
    await buyer.page.locator('#say').fill(text);
    await buyer.page.locator('#send').click();
    await other.page.getByText(text).waitFor();
    await other.page.getByText('<b>Siti</b>').first().waitFor();
    expect(other.complaints).toEqual([]);
  });
});
