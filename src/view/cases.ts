import type { MessageData } from '../ports/messages.ts';
import type { TextParams, Words } from '../ports/words.ts';
import { joined, menu, open, press, rows } from './parts.ts';
import { bold, para, type Action, type ListItem, type View } from './view.ts';

type CaseData = MessageData['cases']['cases'][number];
const KINDS = ['payment_conflict', 'refund_failed', 'poison_event', 'unknown_outcome'] as const;

/** The few things that only a person can decide. */
export function cases({ cases: opened }: MessageData['cases'], words: Words): View {
  const { t } = words;
  const items = opened.map((one) => item(one, words));
  return {
    title: t('cases.title'),
    body: items.length === 0 ? [para(t('cases.empty'))] : [{ kind: 'list', items }],
    actions: rows([menu(t)]),
    tone: items.length === 0 ? 'good' : 'warning',
  };
}

function item(one: CaseData, words: Words): ListItem {
  const { t, fmt } = words;
  const kind = KINDS.find((known) => known === one.kind);
  return {
    text: [bold(kind ? t(`cases.${kind}`) : t('cases.unnamed', { kind: one.kind }))],
    detail: joined([
      one.order?.title,
      ...amounts(one.params, words),
      t('cases.opened', { time: fmt.dateTime(one.openedAt) }),
    ]),
    actions: [
      ...(one.order ? [open(t('do.order'), { name: 'sale', orderId: one.order.id })] : []),
      ...one.decisions.map((decision): Action =>
        press(
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
