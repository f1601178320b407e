// People in a real browser: each has a context of their own (cookies, language, screen) and acts by what is written on the page.
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { addressOf } from './env.ts';
import { startMarket, type TestMarket } from './market.ts';

// Chromium's own background traffic has nowhere to go in a test.
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];
const PUMP_MS = 50;
/** A guest who waits longer for anything has found a fault. */
const PATIENCE_MS = 10_000;

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: addressOf('chromium'), args: ARGUMENTS });
}

/** Whatever is due happens while the browser waits, on the market's test clock. Ends with the test. */
function keepGoing(market: TestMarket): void {
  let open = true;
  const run = async () => {
    while (open) {
      await market.sandbox.idle();
      await market.core.sweep();
      await market.outbox.drain();
      await new Promise((resolve) => setTimeout(resolve, PUMP_MS));
    }
  };
  const running = run().catch((error: unknown) => {
    if (open) throw error;
  });
  onTestFinished(async () => {
    open = false;
    await running;
  });
}

/** A market that goes on by itself, on a clock that the test moves; its books are checked when the test ends. */
export async function openGoing(): Promise<TestMarket> {
  const market = await startMarket();
  onTestFinished(() => market.verify());
  keepGoing(market);
  return market;
}

export type Guest = {
  readonly page: Page;
  /** A card in the group, by words on it. */
  card(words: string | RegExp): Locator;
  /** A panel on the private side, by words on it. */
  panel(words: string | RegExp): Locator;
  /** Presses Pay on the panel and lets our page go on to the provider's; answers that page. */
  toProvider(panel?: Locator): Promise<Page>;
  /** The same guest, looking at another page. */
  at(page: Page): Guest;
  /** Fails on findings that keep people out. */
  accessible(): Promise<void>;
  /** What the page's console complained about. */
  readonly complaints: readonly string[];
};

export type GuestWishes = {
  readonly role?: 'Member' | 'Seller' | 'Helper' | 'Admin' | 'Owner';
  readonly language?: string;
  readonly screen?: 'phone' | 'desktop';
  readonly context?: BrowserContextOptions;
};

const SCREENS = { phone: { width: 390, height: 780 }, desktop: { width: 1280, height: 900 } } as const;

/** Comes in by the front door, as people do. */
export async function guest(
  browser: Browser,
  market: TestMarket,
  name: string,
  wishes: GuestWishes = {},
): Promise<Guest> {
  const { role = 'Member', language = 'en', screen = 'desktop' } = wishes;
  const context = await browser.newContext({
    viewport: SCREENS[screen],
    locale: language,
    reducedMotion: 'reduce',
    ...wishes.context,
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${market.url}/?lang=${language}`);
  await page.locator('#name').fill(name);
  await page.locator(`input[name=role][value=${role.toLowerCase()}]`).check();
  await page.locator('form[action="/seats"] button[type=submit]').click();
  await page.waitForURL(/\/seat\/\d+$/);
  return dress(page, complaints);
}

function dress(page: Page, complaints: string[]): Guest {
  const panel = (words: string | RegExp) => page.locator('#panels > li').filter({ hasText: words }).first();
  return {
    page,
    complaints,
    card: (words) => page.locator('#logs [role=tabpanel]:not([hidden]) article.card').filter({ hasText: words }).last(),
    panel,
    toProvider: async (at = panel(/Pay/)) => {
      const [opened] = await Promise.all([
        page.context().waitForEvent('page'),
        at.getByRole('link', { name: /^Pay/ }).click(),
      ]);
      await opened.waitForURL(/\/checkout\//);
      return opened;
    },
    at: (other) => dress(other, complaints),
    accessible: async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
      const told = serious.map(
        (one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.target.join(' ')).join(', ')})`,
      );
      if (told.length > 0) throw new Error(told.join('\n'));
    },
  };
}
