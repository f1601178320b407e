import { constantFrom, record } from 'fast-check';
import { define, pick, pickBill, whichBill } from '../engine/command.ts';
import type { Stage } from '../engine/stage.ts';

const WAYS = [
  ...(['now', 'now', 'at the last moment', 'slowly', 'twice', 'by transfer'] as const),
  ...(['slowly, and it fails', 'declined', 'too little'] as const),
] as const;
const SLOW_MS = [5_000, 40_000, 4 * 60_000, 14 * 60_000] as const;
const LATE_MS = [1_000, 60_000, 16 * 60_000, 26 * 60_000] as const;
const TYPING_MS = { least: 1_000, most: 30_000 };

export const command = define({
  weight: 14,
  input: record({ order: whichBill, old: constantFrom(false, false, false, true), way: constantFrom(...WAYS) }),
  tell: ({ order, old, way }) =>
    `somebody pays ${way}, ${old ? 'on a page that was opened before' : `by the link of bill ${order}`}`,
  async run(stage, { order, old, way }) {
    const bill = pickBill(stage, order);
    const page = old ? pick(stage.memory.pages().toReversed(), order) : bill && (await stage.openBill(bill.orderId));
    if (page === undefined) return;
    const afterMs = stage.schedule.luck().between(TYPING_MS.least, TYPING_MS.most);
    stage.later(afterMs, `a buyer pays ${way}`, () => pay(stage, page, way));
  },
});

/** What the buyer does on the bank's page, and writes down. */
function pay({ bank, memory, schedule, later }: Stage, page: string, way: (typeof WAYS)[number]): void {
  const luck = schedule.luck();
  const note = (made: readonly { readonly amount: number }[], afterMs = 0) => {
    for (const { amount } of made) memory.paid(page, { amount, at: schedule.now() + afterMs });
  };
  switch (way) {
    case 'now':
      return note(bank.pay(page));
    case 'at the last moment': {
      const end = bank.checkouts().find((one) => one.id === page)?.expiresAt ?? 0;
      const afterMs = end - schedule.now() - luck.between(1_500, 8_000);
      return afterMs < 0 ? undefined : later(afterMs, 'a buyer pays just in time', () => note(bank.pay(page)));
    }
    case 'twice':
      return note(bank.pay(page, { times: 2 }));
    case 'too little': {
      const made = bank.pay(page, { amount: 1 });
      if (made.length > 0) memory.taintPage(page);
      return note(made);
    }
    case 'declined':
      return bank.decline(page);
    case 'slowly':
    case 'slowly, and it fails': {
      const afterMs = SLOW_MS[luck.below(SLOW_MS.length)] ?? 0;
      const fails = way === 'slowly, and it fails';
      const made = bank.paySlowly(page, fails ? 'fails' : 'succeeds', afterMs);
      return made && !fails ? note([made], afterMs) : undefined;
    }
    case 'by transfer': {
      const afterMs = LATE_MS[luck.below(LATE_MS.length)] ?? 0;
      return later(afterMs, 'a transfer arrives', () => note([bank.transfer(page)].filter((one) => one !== undefined)));
    }
    default:
      return way satisfies never;
  }
}
