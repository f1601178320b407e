import { timingSafeEqual } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Bank } from './bank.ts';
import { findCheckout, viewCheckout, type CheckoutLine, type CheckoutRow } from './checkouts.ts';
import { disputesOf, openDispute, stepDispute, warn } from './disputes.ts';
import { DECLINE_CODES } from './objects.ts';
import { checkoutPage, missingPage } from './page.ts';
import { isScheduled, pay, type PayChoice } from './payments.ts';
import { Problem } from './problem.ts';

const STYLE_FILE = fileURLToPath(new URL('page.css', import.meta.url));

const simpleModes = ['now', 'twice', 'slow_success', 'slow_fail', 'late'] as const;
const choiceForm = z.object({
  choice: z.union([
    z.enum(simpleModes).transform((mode): PayChoice => ({ mode })),
    z
      .templateLiteral(['decline:', z.enum(DECLINE_CODES)])
      .transform((text): PayChoice => ({ mode: 'decline', reason: z.enum(DECLINE_CODES).parse(text.slice(8)) })),
  ]),
});

const laterForm = z.object({
  choice: z.enum(['warning', 'inquiry', 'dispute', 'take', 'answer', 'accept', 'won', 'lost']),
});

/** The hosted page. A GET shows and changes nothing but an expiry that is due anyway; only the form's POST pays. */
export function createPages(bank: Bank): Router {
  const pages = express.Router();
  pages.get('/favicon.ico', (_req, res) => void res.sendStatus(204));
  pages.get('/assets/page.css', (_req, res) => res.sendFile(STYLE_FILE));

  pages.get('/checkout/:id', async (req, res) => {
    const found = bank.book.transact(() => {
      const row = checkoutOf(bank, req);
      if (!row) return undefined;
      const lines = JSON.parse(row.lines) as CheckoutLine[];
      const scheduled = isScheduled(bank, row.id);
      const disputes = disputesOf(bank, row.id);
      return { checkout: viewCheckout(bank, row), row, lines, scheduled, terms: bank.terms, disputes };
    });
    bank.nudge();
    protect(res, found ? [found.row.return_url] : []);
    res
      .status(found ? 200 : 404)
      .type('html')
      .send(String(await (found ? checkoutPage(found) : missingPage())));
  });

  pages.post('/checkout/:id/pay', express.urlencoded({ limit: '4kb', extended: false }), async (req, res) => {
    const form = choiceForm.safeParse(req.body);
    const outcome = bank.book.transact(() => {
      const row = checkoutOf(bank, req);
      if (!row || !form.success) return { status: row ? 400 : 404 };
      const here = `/checkout/${row.id}?k=${row.token}`;
      // A second tap on Pay, or a tap after the end: nothing is paid, the page or the shop says how things stand.
      if (row.status === 'complete') return { location: row.return_url };
      if (row.status === 'expired') return { location: here };
      pay(bank, row.id, form.data.choice);
      return { location: form.data.choice.mode === 'decline' ? here : row.return_url };
    });
    bank.nudge();
    protect(res, []);
    if (outcome.location !== undefined) return res.redirect(303, outcome.location);
    res
      .status(outcome.status)
      .type('html')
      .send(String(await missingPage()));
  });
  pages.post('/checkout/:id/later', express.urlencoded({ limit: '4kb', extended: false }), async (req, res) => {
    const form = laterForm.safeParse(req.body);
    const location = bank.book.transact(() => {
      const row = checkoutOf(bank, req);
      if (!row || !form.success) return undefined;
      later(bank, row.id, form.data.choice);
      return `/checkout/${row.id}?k=${row.token}`;
    });
    bank.nudge();
    protect(res, []);
    if (location !== undefined) return res.redirect(303, location);
    res
      .status(404)
      .type('html')
      .send(String(await missingPage()));
  });
  return pages;
}

/** A press that came too late, or twice, finds nothing to move: the page shows how things stand. */
function later(bank: Bank, checkoutId: string, choice: z.infer<typeof laterForm>['choice']): void {
  const checkout = viewCheckout(bank, findCheckout(bank, { id: checkoutId }));
  const payment = checkout.payments.find(({ status }) => status === 'succeeded');
  const open = disputesOf(bank, checkoutId).find(({ status }) => !['won', 'lost', 'accepted'].includes(status));
  if (!payment) return;
  switch (choice) {
    case 'warning':
      warn(bank, payment.id);
      return;
    case 'inquiry':
    case 'dispute':
      if (!open) openDispute(bank, payment.id, { inquiry: choice === 'inquiry' });
      return;
    default:
      if (open) stepDispute(bank, open.id, choice);
  }
}

/** The checkout behind a link: its id alone opens nothing, the token must fit. */
function checkoutOf(bank: Bank, req: Request): CheckoutRow | undefined {
  const { id } = req.params;
  const { k } = req.query;
  if (typeof id !== 'string' || typeof k !== 'string') return undefined;
  try {
    const row = findCheckout(bank, { id });
    const [given, wanted] = [Buffer.from(k), Buffer.from(row.token)];
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? row : undefined;
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** A browser follows the redirect after a form only to an origin that form-action names. */
function protect(res: Response, returnUrls: string[]): void {
  const origins = returnUrls.map((url) => new URL(url).origin);
  res.set({
    'content-security-policy': [
      `default-src 'none'`,
      `style-src 'self'`,
      `form-action ${["'self'", ...origins].join(' ')}`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
}
