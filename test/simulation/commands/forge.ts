import { constantFrom, nat, record } from 'fast-check';
import type { BankEvent, BankPayment } from '../bank/bank.ts';
import { BANK, signed } from '../bank/channel.ts';
import { define, pick } from '../engine/command.ts';
import type { Stage } from '../engine/stage.ts';

const LIES = ['signature', 'amount', 'currency', 'account', 'order'] as const;

export const command = define({
  weight: 3,
  input: record({ page: nat({ max: 4 }), lie: constantFrom(...LIES) }),
  tell: ({ page, lie }) => `a notice says that page ${page} was paid; its ${lie} is wrong`,
  async run(stage, { page, lie }) {
    const checkout = pick(stage.bank.checkouts().toReversed(), page);
    if (!checkout || !stage.isUp()) return;
    const { account, reference, orderId, amount, currency } = checkout;
    const name = `forged_${stage.schedule.now()}_${lie}_${page}`;
    const money = { amount: lie === 'amount' ? amount + 1 : amount, currency: lie === 'currency' ? 'USD' : currency };
    const object: BankPayment = {
      ...{ id: name, checkout: checkout.id, account, reference, ...money, state: 'succeeded', fee: 0, refunded: 0 },
      ...{ orderId: lie === 'order' ? `${orderId}x` : orderId, at: stage.schedule.now() },
    };
    const event = { id: name, type: 'payment.succeeded', account: lie === 'account' ? `${account}x` : account, object };
    if (lie === 'signature') return refuseUnsigned(stage, event);
    // News of another's account touches nothing of ours.
    if (lie !== 'account') stage.memory.taint(orderId);
    stage.post.again(event);
  },
});

/** Nothing may be written on the word of somebody who is not the bank. */
async function refuseUnsigned(stage: Stage, event: BankEvent): Promise<void> {
  const { body, headers } = signed(event, stage.schedule.now());
  const forged = { body, headers: { ...headers, 'bank-signature': 'x'.repeat(43) }, receivedAt: stage.clock.now() };
  const before = stage.version();
  const { status } = await stage.core().onProviderNotice(BANK, forged);
  if (status !== 401 || stage.version() !== before) throw new Error(`a forged notice was answered with ${status}`);
}
