import type { Fault } from '../domain/faults.ts';
import type { Words } from '../ports/words.ts';
import { para, type View } from './view.ts';

/** A refusal as one text: what happened, and what to do. For an alert, a page or a view. */
export function drawFault({ code, params = {} }: Fault, { t }: Pick<Words, 't'>): string {
  switch (code) {
    case 'amount_ambiguous':
      return t('fault.amount_ambiguous', { grouped: params['grouped'] ?? '', decimal: params['decimal'] ?? '' });
    case 'amount_too_precise':
      return t('fault.amount_too_precise', { count: Number(params['digits'] ?? 0) });
    case 'text_too_long':
      return params['max'] === undefined
        ? t('fault.text_too_long')
        : t('fault.text_too_long_max', { max: params['max'] });
    case 'stock_short':
      return t('fault.stock_short', { count: Number(params['left'] ?? 0) });
    case 'limit_per_person':
      return t('fault.limit_per_person', { count: Number(params['max'] ?? 1) });
    case 'coupon_min_spend':
      return t('fault.coupon_min_spend', {
        missing: params['missing'] ?? '',
        currency: params['currency'] ?? '',
      });
    default:
      return t(`fault.${code}`);
  }
}

export function faultView(fault: Fault, words: Words): View {
  return {
    title: words.t('fault.title'),
    body: [para(drawFault(fault, words), 'warning')],
    actions: [],
    tone: 'warning',
  };
}

/** A bug: the person gets a number by which the log can be found. */
export function bugText(incident: string, { t }: Pick<Words, 't'>): string {
  return t('bug', { incident });
}
