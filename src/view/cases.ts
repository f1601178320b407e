import type { MessageData } from '../ports/messages.ts';
import type { TextParams, Translate, Words } from '../ports/words.ts';
import { channelName, field, form, joined, menu, open, press, rows } from './parts.ts';
import { bold, para, type Action, type ListItem, type View } from './view.ts';

type CaseData = MessageData['cases']['cases'][number];
const KINDS = ['payment_conflict', 'refund_failed', 'poison_event', 'unknown_outcome'] as const;
const BREAKS = [
  ...(['missing_internal', 'missing_channel', 'amount_mismatch', 'currency_mismatch'] as const),
  ...(['fee_mismatch', 'status_mismatch', 'duplicate'] as const),
] as const;

/** The few things that only a person can decide. */
export function cases({ cases: opened }: MessageData['cases'], words: Words): View {
  const { t } = words;
  const items = opened.map((one) => item(one, words));
  return {
    title: t('cases.title'),
    body: items.length === 0 ? [para(t('cases.empty'))] : [{ kind: 'list', items }],
    actions: rows([reconcileForm(t), menu(t)]),
    tone: items.length === 0 ? 'good' : 'warning',
  };
}

/** By itself it happens every day; a person may not want to wait. */
function reconcileForm(t: Translate): Action {
  const day = field('text', 'day', t('cases.day'), { required: true, hint: t('cases.day_hint'), maxLength: 10 });
  const asked = { title: t('cases.reconcile_title'), submit: t('cases.reconcile'), fields: [day] };
  return form(t('cases.reconcile'), { kind: 'reconcile' }, asked);
}

function item(one: CaseData, words: Words): ListItem {
  const { t, fmt } = words;
  const kind = KINDS.find((known) => known === one.kind);
  return {
    text: [bold(kind ? t(`cases.${kind}`) : (broken(one, t) ?? t('cases.unnamed', { kind: one.kind })))],
    detail: joined([
      one.order?.title,
      ...where(one.params, t),
      ...amounts(one.params, words),
      t('cases.opened', { time: fmt.dateTime(one.openedAt) }),
    ]),
    actions: [
      ...(one.order ? [open(t('do.order'), { name: 'sale', orderId: one.order.id })] : []),
      ...one.decisions.map((decision): Action =>
        one.kind === 'recon_break'
          ? decideWithReason(one, decision, t)
          : press(
              t(`decision.${decision}`),
              { kind: 'resolve_case', caseId: one.id, decision },
              {
                confirm: t(`cases.${decision}_confirm`),
                style: decision === 'dismiss' ? 'plain' : 'primary',
              },
            ),
      ),
    ],
  };
}

function broken({ kind, params }: CaseData, t: Translate): string | undefined {
  const what = kind === 'recon_break' ? BREAKS.find((one) => one === params['what']) : undefined;
  return what && t(`cases.break.${what}`);
}

/** Which channel's day it is of. */
const where = ({ channel, day }: TextParams, t: Translate): string[] =>
  typeof channel === 'string' && typeof day === 'string' ? [channelName(channel, t), day] : [];

function decideWithReason(one: CaseData, decision: CaseData['decisions'][number], t: Translate): Action {
  const reason = field('lines', 'reason', t('cases.reason'), { required: true, maxLength: 300 });
  const asked = { title: t(`cases.${decision}_confirm`), submit: t(`decision.${decision}`), fields: [reason] };
  const intent = { kind: 'resolve_case', caseId: one.id, decision } as const;
  return form(t(`decision.${decision}`), intent, asked, decision === 'dismiss' ? 'plain' : 'primary');
}

/** Minor units: what came (`amount`, `currency`), and what should have come (`expected`, `expectedCurrency`). */
function amounts(params: TextParams, { t, fmt }: Words): string[] {
  const { amount, currency, expected, expectedCurrency = currency } = params;
  const money = (value: string | number | undefined, of: string | number | undefined) =>
    typeof value === 'number' && typeof of === 'string' ? fmt.money({ amount: value, currency: of }) : undefined;
  const due = money(expected, expectedCurrency);
  const came = money(amount, currency);
  return [
    ...(due ? [t('cases.expected', { amount: due })] : []),
    ...(came ? [t('cases.arrived', { amount: came })] : []),
  ];
}
