// What visitors do and see in a real browser: post, buy, pay, receipt, and the card changing in somebody else's window.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guest, type Guest, openBrowser, openGoing } from '../support/chromium.ts';
import { describeWith } from '../support/env.ts';

const MINUTE = 60_000;

describeWith('chromium', 'in the browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** Sells one thing by the form, as a seller does. */
  async function post(seller: Guest, title: string, fields: Readonly<Record<string, string>> = {}) {
    const { page } = seller;
    await page.getByRole('button', { name: 'Menu' }).last().click();
    await seller
      .panel(/What would you like/)
      .getByRole('button', { name: /^Sell/ })
      .first()
      .click();
    await seller
      .panel(/New product/)
      .getByRole('button', { name: 'Fill in the form' })
      .click();
    const dialog = page.getByRole('dialog');
    const all = { 'What do you sell?': title, 'Price in': '12.50', 'How many are there?': '5', ...fields };
    for (const [label, value] of Object.entries(all))
      await dialog.getByLabel(label, { exact: false }).first().fill(value);
    await dialog.getByLabel('Buyers can pick it up').check();
    await dialog.getByRole('button', { name: /Post/ }).click();
    await seller.card(title).waitFor();
  }

  test('a seller posts, a buyer pays in three taps, and a second visitor sees the card change', async () => {
    const market = await openGoing();
    const [seller, buyer, watcher] = [
      await guest(browser, market, 'Rosa', { role: 'Seller' }),
      await guest(browser, market, 'Siti'),
      await guest(browser, market, 'Wei'),
    ];
    await post(seller, 'Pandan cake');
    await watcher.card('Pandan cake').getByText('5 left').waitFor();

    await buyer.card('Pandan cake').getByRole('button', { name: 'Buy' }).click();
    const provider = await buyer.toProvider(buyer.panel('Pandan cake'));
    await provider.getByRole('button', { name: /^Pay/ }).click();
    await provider.getByText('Your payment has arrived').waitFor();

    await buyer.panel('Receipt').getByText('Paid', { exact: true }).first().waitFor();
    await watcher.card('Pandan cake').getByText('4 left').waitFor();
    await seller.panel(/Sold! Order/).waitFor();
    for (const one of [seller, buyer, watcher]) expect(one.complaints).toEqual([]);
  });

  test('a form keeps in sight what is wrong with it, and what to do', async () => {
    const market = await openGoing();
    const seller = await guest(browser, market, 'Rosa', { role: 'Seller', screen: 'phone' });
    await seller.page.locator('#to-you').click();
    await seller.page.getByRole('button', { name: 'Menu' }).last().click();
    const menu = seller.panel(/What would you like/);
    await menu.getByRole('button', { name: /^Sell: Digital/ }).click();
    await seller
      .panel(/New product/)
      .getByRole('button', { name: 'Fill in the form' })
      .click();
    const dialog = seller.page.getByRole('dialog');
    await dialog.getByLabel('What do you sell?').fill('Game key');
    await dialog.getByLabel('Price in').first().fill('1,234');
    await dialog.getByRole('button', { name: /Post/ }).click();
    const fault = dialog.getByText(/can be read in two ways/);
    await fault.waitFor();
    const [box, foot] = [await fault.boundingBox(), await dialog.locator('footer').boundingBox()];
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0);
  });

  test('a phone shows the whole page, however long its words and the count of what is new', async () => {
    const market = await openGoing();
    const seller = await guest(browser, market, 'Rosa', { role: 'Seller' });
    const { page } = await guest(browser, market, 'Vik', { language: 'ms', screen: 'phone' });
    await page.locator('#to-you').click();
    await post(seller, 'Pandan cake');
    await page.locator('#to-group .unread').waitFor();
    const own = await page.locator('.top .me').boundingBox();
    expect((own?.x ?? Infinity) + (own?.width ?? 0)).toBeLessThanOrEqual(390);
  });

  test('the last one: sold out is shown to everybody, and the next buyer is told', async () => {
    const market = await openGoing();
    const [buyer, other] = [await guest(browser, market, 'Siti'), await guest(browser, market, 'Wei')];
    for (const one of [buyer, other]) await one.page.getByRole('tab', { name: /Bargain/ }).click();
    await buyer.card('Laksa kit').getByRole('button', { name: 'Buy' }).click();
    await buyer.panel('Laksa kit').getByText('Waiting for payment').waitFor();
    await other.card('Laksa kit').getByText('Sold out').first().waitFor();
    expect(await other.card('Laksa kit').getByRole('button', { name: 'Buy' }).isDisabled()).toBe(true);

    await buyer.panel('Laksa kit').getByRole('button', { name: 'Cancel the order' }).click();
    await buyer.page.getByRole('alertdialog').getByRole('button').last().click();
    await other.card('Laksa kit').getByText('1 left').waitFor();
  });

  test('a declined payment says what happened, that nothing was taken, and what to do; the second try pays', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    const provider = await buyer.toProvider(buyer.panel('Mango box'));
    await provider.getByText('Try what can go wrong').click();
    await provider.locator('button[value="decline:insufficient_funds"]').click();
    await provider.getByText(/No money was taken/).waitFor();

    const bill = buyer.panel(/Waiting for payment/);
    await bill.getByText(/not enough money/).waitFor();
    await bill.getByText(/No money was taken/).waitFor();
    await provider.getByRole('button', { name: /^Pay/ }).click();
    await buyer.panel('Receipt').waitFor();
  });

  test('a slow payment waits in words, and becomes the receipt by itself', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    const provider = await buyer.toProvider(buyer.panel('Mango box'));
    await provider.getByText('Try what can go wrong').click();
    await provider.locator('button[value=slow_success]').click();
    await buyer.panel(/being processed/).waitFor();
    market.sandboxClock.moveBy(20_000);
    market.clock.moveBy(20_000);
    await buyer.panel('Receipt').waitFor();
  });

  test('money after the end is delivered while stock is left, and the buyer is told', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    await buyer.card('Highland tea').getByRole('button', { name: 'Buy' }).click();
    const provider = await buyer.toProvider(buyer.panel('Highland tea'));
    await provider.getByText('Try what can go wrong').click();
    await provider.locator('button[value=late]').click();
    await market.advance(61_000);
    await buyer.panel(/was not paid in time/).waitFor();
    await buyer.card('Highland tea').getByText('3 left').waitFor();
    await market.advance(3 * MINUTE);
    await buyer.panel(/came late, but there was still stock/).waitFor();
    await buyer.panel('Receipt').waitFor();
    await buyer.card('Highland tea').getByText('2 left').waitFor();
  });

  test('money after the end goes back when somebody else has the last one, and the buyer is told', async () => {
    const market = await openGoing();
    const [seller, late, quick] = [
      await guest(browser, market, 'Rosa', { role: 'Seller' }),
      await guest(browser, market, 'Siti'),
      await guest(browser, market, 'Wei'),
    ];
    await post(seller, 'Only one', { 'How many are there?': '1' });
    await late.card('Only one').getByRole('button', { name: 'Buy' }).click();
    const provider = await late.toProvider(late.panel('Only one'));
    await provider.getByText('Try what can go wrong').click();
    await provider.locator('button[value=late]').click();
    await market.advance(16 * MINUTE);
    await quick.card('Only one').getByRole('button', { name: 'Buy' }).click();
    await (await quick.toProvider(quick.panel('Only one'))).getByRole('button', { name: /^Pay/ }).click();
    await quick.panel('Receipt').waitFor();
    await market.advance(2 * MINUTE);
    await late.panel(/came too late/).waitFor();
  });

  test('paying twice: one sale, and the second payment goes back once', async () => {
    const market = await openGoing();
    const buyer = await guest(browser, market, 'Siti');
    await buyer.card('Mango box').getByRole('button', { name: 'Buy' }).click();
    const provider = await buyer.toProvider(buyer.panel('Mango box'));
    await provider.getByText('Try what can go wrong').click();
    await provider.locator('button[value=twice]').click();
    await buyer.panel(/You paid order .* twice/).waitFor();
    await buyer.panel('Receipt').waitFor();
    await buyer.card('Mango box').getByText('11 left').waitFor();
  });

  test('a refund in part, then in full, shows on both sides', async () => {
    const market = await openGoing();
    const [seller, buyer] = [
      await guest(browser, market, 'Rosa', { role: 'Seller' }),
      await guest(browser, market, 'Siti'),
    ];
    await post(seller, 'Pandan cake');
    await buyer.card('Pandan cake').getByRole('button', { name: 'Buy' }).click();
    await (await buyer.toProvider(buyer.panel('Pandan cake'))).getByRole('button', { name: /^Pay/ }).click();
    await buyer.panel('Receipt').waitFor();

    const sale = seller.panel(/Sale [A-Z0-9]+/);
    await sale.getByRole('button', { name: 'Refund a part' }).click();
    const dialog = seller.page.getByRole('dialog');
    await dialog.getByLabel(/Amount/).fill('2.50');
    await dialog.getByRole('button', { name: 'Refund' }).click();
    await buyer.panel('Receipt').getByText(/2\.50/).first().waitFor();
    await sale.getByRole('button', { name: /Refund RM\s10\.00/ }).click();
    await seller.page.getByRole('alertdialog').getByRole('button').last().click();
    await buyer
      .panel(/[A-Z0-9]{8}/)
      .getByText(/10\.00/)
      .first()
      .waitFor();
    await seller.card('Pandan cake').getByText('5 left').waitFor();
  });

  test('a basket of three goes through one bill with one address', async () => {
    const market = await openGoing();
    const [seller, buyer] = [
      await guest(browser, market, 'Rosa', { role: 'Seller' }),
      await guest(browser, market, 'Siti'),
    ];
    for (const title of ['Kuih lapis', 'Onde-onde', 'Putu piring'])
      await post(seller, title, { 'Delivery fee': '8.00' });
    for (const title of ['Kuih lapis', 'Onde-onde', 'Putu piring']) {
      await buyer.card(title).getByRole('button', { name: 'Add to basket' }).click();
      await buyer.panel('Basket').getByText(title).first().waitFor();
    }
    await buyer
      .panel('Basket')
      .getByRole('button', { name: /Check out/ })
      .click();
    const bill = buyer.panel(/Waiting for payment/);
    await bill.getByRole('button', { name: 'Have it delivered' }).click();
    await bill.getByRole('button', { name: 'Enter the address' }).click();
    const dialog = buyer.page.getByRole('dialog');
    await dialog.getByLabel(/recipient/).fill('Siti');
    await dialog.getByLabel(/Street/).fill('1 Jalan Besar\n30000 Ipoh');
    await dialog.getByRole('button').last().click();
    await bill
      .getByText(/45\.50/)
      .first()
      .waitFor();
    await (await buyer.toProvider(bill)).getByRole('button', { name: /^Pay/ }).click();
    await buyer.panel('Receipt').waitFor();

    const sale = seller.panel(/Sale [A-Z0-9]+/);
    await sale.getByText('1 Jalan Besar').waitFor();
    await sale.getByRole('button', { name: 'Mark as sent' }).click();
    await seller.page
      .getByRole('dialog')
      .getByLabel(/Tracking/)
      .fill('MY 42');
    await seller.page.getByRole('dialog').getByRole('button').last().click();
    await buyer.panel('Receipt').getByText('MY 42').first().waitFor();
  });
});
