import { html } from 'hono/html';
import type { Terms } from './bank.ts';
import type { CheckoutLine, CheckoutRow } from './checkouts.ts';
import { DECLINE_CODES, type CheckoutObject, type DisputeObject } from './objects.ts';
import { DECLINES, showAmount, showSeconds, showTime } from './page-text.ts';

type Html = ReturnType<typeof html>;

export type PageData = {
  checkout: CheckoutObject;
  row: CheckoutRow;
  lines: CheckoutLine[];
  /** The buyer chose to pay after the expiry. */
  scheduled: boolean;
  terms: Terms;
  /** What banks took up of its payments, oldest first. */
  disputes: DisputeObject[];
};

/** The hosted checkout: a whole document, works without scripts, carries none. */
export function checkoutPage(data: PageData): Html {
  const { checkout, lines } = data;
  const shop = checkout.metadata['shop'] ?? checkout.account;
  return shell(
    `Pay ${showAmount(checkout.amount, checkout.currency)}`,
    html`
    <header class="merchant">
      <p class="to">Payment to</p>
      <h1 dir="auto">${shop}</h1>
      ${checkout.description === '' ? '' : html`<p class="about" dir="auto">${checkout.description}</p>`}
    </header>
    <table class="bill">
      <caption class="hidden">What you pay for</caption>
      <tbody>
        ${lines.map((line) => lineRow(line, checkout.currency))}
      </tbody>
      <tfoot>
        <tr><th scope="row">Total</th><td>${showAmount(checkout.amount, checkout.currency)}</td></tr>
      </tfoot>
    </table>
    ${stateOf(data)}
    <p class="reference">Reference <bdi>${checkout.reference}</bdi></p>
  `,
  );
}

export function missingPage(): Html {
  return shell(
    'No such payment',
    html`
    <header class="merchant"><h1>This link does not open a payment</h1></header>
    <p class="note">It may have been cut short. Go back to the chat and open it from there again. No money was taken.</p>
  `,
  );
}

function shell(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <meta name="color-scheme" content="light dark">
    <title>${title} – Sandbox</title>
    <link rel="stylesheet" href="/assets/page.css">
  </head>
  <body>
    <header class="banner"><strong>SANDBOX</strong> — no real money</header>
    <main class="card">${content}</main>
  </body>
</html>`;
}

function lineRow(line: CheckoutLine, currency: string): Html {
  const times = line.quantity === 1 ? '' : html`<span class="times">${line.quantity} × </span>`;
  return html`<tr><th scope="row" dir="auto">${times}${line.title}</th><td>${showAmount(line.amount, currency)}</td></tr>`;
}

function stateOf(data: PageData): Html {
  const { checkout, scheduled } = data;
  if (checkout.paymentStatus === 'paid') {
    const twice = checkout.payments.filter(({ status }) => status === 'succeeded').length > 1;
    const said = twice ? 'This was paid twice.' : 'Thank you. You can go back to the shop.';
    return html`${outcome(data, 'good', 'Paid', said)} ${afterwards(data)}`;
  }
  if (checkout.paymentStatus === 'pending') {
    return outcome(data, 'wait', 'On its way', 'The bank is still working on it. You do not need to stay here.');
  }
  if (checkout.paymentStatus === 'failed') {
    const code = checkout.declines.at(-1)?.code;
    const said = code === undefined ? '' : DECLINES[code].said;
    return outcome(data, 'bad', 'Not paid', `${said} No money was taken. Go back to try again.`);
  }
  if (scheduled) {
    const said = `It will pay by itself ${showSeconds(data.terms.lateMs)} after this checkout has expired.`;
    return outcome(data, 'wait', 'Paying late', said);
  }
  if (checkout.status === 'expired') {
    return outcome(data, 'bad', 'Expired', 'The time to pay is over. No money was taken. Go back and start again.');
  }
  return choices(data);
}

function outcome({ row }: PageData, tone: 'good' | 'wait' | 'bad', title: string, said: string): Html {
  return html`<section class="outcome ${tone}" role="status"><h2>${title}</h2><p>${said}</p></section>
    <p><a class="button plain" href="${row.return_url}">Back to the shop</a></p>`;
}

function choices({ checkout, row, terms }: PageData): Html {
  const action = `/checkout/${checkout.id}/pay?k=${row.token}`;
  const declined = checkout.declines.at(-1);
  return html`
    ${
      declined
        ? html`<section class="outcome bad" role="alert"><h2>Payment declined</h2>
          <p>${DECLINES[declined.code].said} No money was taken. You can try again.</p></section>`
        : ''
    }
    <form method="post" action="${action}">
      <button class="button pay" name="choice" value="now">
        <span>Pay ${showAmount(checkout.amount, checkout.currency)}</span>
        <small>saved card ••42</small>
      </button>
    </form>
    <p class="actions"><a class="button plain" href="${row.cancel_url}">Close without paying</a></p>
    <p class="note">Open until ${showTime(checkout.expiresAt)}.</p>
    <details>
      <summary>Try what can go wrong</summary>
      <form method="post" action="${action}" class="trials">
        <fieldset>
          <legend>Declined by the bank</legend>
          ${DECLINE_CODES.map((code) => trial(`decline:${code}`, DECLINES[code].choice))}
        </fieldset>
        <fieldset>
          <legend>Slow or strange</legend>
          ${trial('slow_success', `Slow, succeeds after ${showSeconds(terms.slowMs)}`)}
          ${trial('slow_fail', `Slow, fails after ${showSeconds(terms.slowMs)}`)}
          ${trial('late', `Pay ${showSeconds(terms.lateMs)} after it has expired`)}
          ${trial('twice', 'Pay twice')}
        </fieldset>
      </form>
    </details>`;
}

/** What banks do later: here one presses it. */
function afterwards({ checkout, row, disputes }: PageData): Html {
  const dispute = disputes.find(({ status }) => STEPS[status].length > 0);
  const steps = dispute ? STEPS[dispute.status] : BEGINNINGS;
  const heading = dispute ? `Dispute of ${showAmount(dispute.amount, dispute.currency)}` : 'The payer goes to the bank';
  return html`<details>
      <summary>Try what can happen later</summary>
      <form method="post" action="/checkout/${checkout.id}/later?k=${row.token}" class="trials">
        <fieldset>
          <legend>${heading}</legend>
          ${steps.map(([value, label]) => trial(value, label))}
        </fieldset>
      </form>
    </details>`;
}

const BEGINNINGS = [
  ['warning', 'The bank warns of fraud'],
  ['inquiry', 'The bank asks, and takes nothing yet'],
  ['dispute', 'The bank takes the money back'],
] as const;
const DECISIONS = [
  ['won', 'The bank decides for the shop'],
  ['lost', 'The bank decides for the payer'],
] as const;
const ANSWERS = [
  ['answer', 'The shop answers'],
  ['accept', 'The shop accepts'],
] as const;

const STEPS: Readonly<Record<DisputeObject['status'], readonly (readonly [string, string])[]>> = {
  inquiry: [['take', 'The bank takes the money back'], ...ANSWERS, ...DECISIONS],
  needs_response: [...ANSWERS, ...DECISIONS],
  under_review: DECISIONS,
  won: [],
  lost: [],
  accepted: [],
};

function trial(value: string, label: string): Html {
  return html`<button class="button trial" name="choice" value="${value}">${label}</button>`;
}
