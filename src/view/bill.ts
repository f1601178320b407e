/** The itemised bill, and what it is about in the viewer's own currency. */
import type { Quote } from '../domain/pricing/quote-shape.ts';
import type { About } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { named, price } from './parts.ts';
import type { Block, QuoteRow } from './view.ts';

export function bill(quote: Quote, about: About | null, words: Words): Block {
  const { t, fmt } = words;
  const say = (amount: number) => fmt.money({ amount, currency: quote.currency });
  const rows: QuoteRow[] = quote.lines.map((line) => ({
    label: named(line),
    detail: t('quantity', {
      count: line.quantity,
      price: price({ amount: line.unitPrice, currency: quote.currency }, words),
    }),
    amount: say(line.subtotal),
  }));
  for (const less of quote.applied) rows.push({ label: less.label, amount: say(-less.amount) });
  const { method, fee, waived } = quote.delivery;
  if (method === 'ship') {
    rows.push({ label: waived ? t('bill.delivery_free') : t('bill.delivery'), amount: say(waived ? 0 : fee) });
  }
  if (quote.tax.mode === 'exclusive') {
    for (const tax of quote.tax.rates) rows.push({ label: tax.label, amount: say(tax.amount) });
  }
  const { points } = quote;
  if (points) rows.push({ label: t('bill.points', { points: points.spent }), amount: say(-points.amount) });
  for (const stored of quote.tenders) rows.push({ label: t('bill.stored'), amount: say(-stored.amount) });
  rows.push({ label: t('bill.total'), amount: say(quote.due), strong: true });
  return about ? { kind: 'quote', rows, about: aboutText(about, quote.currency, words) } : { kind: 'quote', rows };
}

/** "about US$2.65 · 1 MYR ≈ 0.212 USD (ECB, 20 Nov 2026) · You pay exactly ...": only the charge is exact. */
function aboutText(about: About, from: string, { t, fmt }: Words): string {
  const rate = {
    from,
    to: about.money.currency,
    rate: fmt.rate(about.rate),
    source: about.source,
    date: fmt.date(about.asOf),
  };
  return [
    t('about.line', { amount: fmt.money(about.money) }),
    about.stale ? t('about.stale', rate) : t('about.rate', rate),
    t('about.exact', { currency: from }),
  ].join(' · ');
}
