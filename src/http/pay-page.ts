/** What the pay link shows. Whole documents that work without scripts; never the buyer's name or address. */
import { html } from 'hono/html';
import type { Bill } from '../ports/core.ts';
import type { TextKey, Words } from '../ports/words.ts';
import { bill as billBlock } from '../view/bill.ts';
import { declined } from '../view/remedy.ts';

type Html = ReturnType<typeof html>;
type Tone = 'plain' | 'good' | 'warning' | 'bad';

export type Around = { readonly words: Words; readonly css: string; readonly script: string };

type Shell = Around & {
  readonly title: string;
  readonly test?: boolean;
  readonly scripted?: boolean;
  /** Comes again by itself, scripts or not. */
  readonly again?: { readonly url: string; readonly afterS: number };
  readonly body: Html;
};

export async function shell({
  words,
  css,
  script,
  title,
  test = false,
  scripted = false,
  again,
  body,
}: Shell): Promise<string> {
  const { t } = words;
  const page = await html`<!doctype html>
<html lang="${words.locale}" dir="${words.fmt.dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex, nofollow">
    <meta name="color-scheme" content="light dark">
    ${again ? html`<meta http-equiv="refresh" content="${again.afterS}; url=${again.url}">` : ''}
    <title>${title}</title>
    <link rel="stylesheet" href="${css}">
    ${scripted ? html`<script type="module" src="${script}"></script>` : ''}
  </head>
  <body>
    ${test ? html`<p class="test">${t('pay.test')}</p>` : ''}
    <main>${body}</main>
  </body>
</html>`;
  return String(page);
}

export type PayLinks = {
  /** The link itself: what it is posted to as well. */
  readonly self: string;
  /** Where the conversation is. */
  readonly chat: string;
};

/** `go`: goes on by itself. `stay`: by a press. `gift`: asks a stranger first. */
export type PayMode = 'go' | 'stay' | 'gift';

/** A bill that can be paid. `told`: what went before. */
export function payablePage(around: Around, bill: Bill, links: PayLinks, mode: PayMode): Promise<string> {
  const { words } = around;
  const { t, fmt } = words;
  const amount = fmt.money({ amount: bill.quote.due, currency: bill.quote.currency });
  const gift = mode === 'gift';
  const body = html`${head(bill, words)} ${lines(bill, words)} ${expiry(bill, words)}
    ${gift ? told('warning', [t('pay.gift'), t('pay.gift_question')]) : before(bill, words, mode)}
    <form id="pay" method="post" action="${links.self}" data-auto="${mode === 'go' ? 'yes' : 'no'}"
      data-moving="${t('pay.moving')}" data-failed="${t('pay.failed')}">
      ${gift ? html`<input type="hidden" name="gift" value="yes">` : ''}
      <button class="button primary" type="submit">${gift ? t('pay.gift_yes') : t('pay.continue', { amount })}</button>
    </form>
    <p id="status" role="status" hidden></p>
    ${gift ? html`<a class="button" href="${links.self}?left=yes">${t('pay.gift_no')}</a>` : html`<a class="button" href="${links.chat}">${t('pay.back')}</a>`}
    <p class="small">${t('pay.safe')}</p>`;
  return shell({ ...around, title: titleOf(bill, words), test: bill.testMoney, scripted: true, body });
}

/** Back from the channel's page, or on the way there: what was refused, or that nothing has arrived. */
function before(bill: Bill, words: Words, mode: PayMode): Html | '' {
  const { t } = words;
  if (bill.declineCode !== null) {
    const { what, now } = declined(bill.declineCode, t);
    return told('bad', [what, t('money.no'), now]);
  }
  return mode === 'stay' ? told('warning', [t('pay.return_open'), t('money.no')]) : html`<p>${t('pay.intro')}</p>`;
}

const OVER = {
  paid: { tone: 'good', texts: ['pay.paid', 'pay.paid_now'] },
  over: { tone: 'warning', texts: ['pay.over', 'pay.over_now'] },
  cancelled: { tone: 'warning', texts: ['pay.cancelled', 'pay.cancelled_now'] },
} as const satisfies Record<string, { tone: Tone; texts: readonly TextKey[] }>;

/** A bill that asks for nothing any more. */
export function endPage(
  around: Around,
  bill: Bill & { state: keyof typeof OVER },
  links: PayLinks,
  { back, another }: { back: boolean; another: boolean },
): Promise<string> {
  const { words } = around;
  const { t } = words;
  const { tone, texts } = OVER[bill.state];
  const said = texts.map((key) => t(key));
  if (back && bill.state === 'paid') said[0] = t('pay.return_paid');
  if (another && bill.state === 'paid') said[1] = t('pay.paid_gift_now');
  const body = html`${head(bill, words)} ${told(tone, said)} ${lines(bill, words)} ${wayBack(links, words)}`;
  return shell({ ...around, title: titleOf(bill, words), test: bill.testMoney, body });
}

/** Money may be on its way: comes again by itself until it is known. */
export function workingPage(
  around: Around,
  bill: Bill,
  links: PayLinks,
  again: { url: string; afterS: number } | undefined,
): Promise<string> {
  const { words } = around;
  const { t } = words;
  const body = html`${head(bill, words)}
    ${told('warning', [t('pay.working'), t('pay.working_now'), ...(again ? [t('pay.return_checking_now')] : [])])}
    ${lines(bill, words)} ${wayBack(links, words)}`;
  return shell({ ...around, title: titleOf(bill, words), test: bill.testMoney, body, ...(again ? { again } : {}) });
}

/** Something to read and a way back: no such bill, a gift left alone, a page that could not be opened. */
export function sayPage(
  around: Around,
  texts: readonly string[],
  links: PayLinks,
  options: { tone: Tone; retry?: boolean },
): Promise<string> {
  const { words } = around;
  const { t } = words;
  const [title = ''] = texts;
  const retry = options.retry ? html`<a class="button primary" href="${links.self}">${t('pay.retry')}</a>` : '';
  return shell({ ...around, title, body: html`${told(options.tone, texts)} ${retry} ${wayBack(links, words)}` });
}

const titleOf = (bill: Bill, { t }: Words): string => t('pay.title', { code: bill.code });

function head(bill: Bill, words: Words): Html {
  return html`<header>
    <p class="market"><bdi>${bill.communityName}</bdi></p>
    <h1><bdi>${bill.shopName}</bdi></h1>
    <p class="small">${words.t('pay.title', { code: bill.code })}</p>
  </header>`;
}

function lines(bill: Bill, words: Words): Html {
  const block = billBlock(bill.quote, null, words);
  const rows = block.kind === 'quote' ? block.rows : [];
  return html`<table class="bill">
    <tbody>
      ${rows.map(
        ({ label, detail, amount, strong }) => html`<tr class="${strong ? 'sum' : ''}">
          <th scope="row"><bdi>${label}</bdi>${detail === undefined ? '' : html`<small><bdi>${detail}</bdi></small>`}</th>
          <td><bdi>${amount}</bdi></td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function expiry(bill: Bill, { t, fmt }: Words): Html | '' {
  return bill.expiresAt === null
    ? ''
    : html`<p class="small">${t('pay.expires', { time: fmt.time(bill.expiresAt) })}</p>`;
}

function told(tone: Tone, [what = '', ...rest]: readonly string[]): Html {
  return html`<section class="told ${tone}" role="status"><p><strong>${what}</strong></p>${rest.map((text) => html`<p>${text}</p>`)}</section>`;
}

function wayBack(links: PayLinks, { t }: Words): Html {
  return html`<a class="button primary" href="${links.chat}">${t('pay.back')}</a><p class="small">${t('pay.close')}</p>`;
}
