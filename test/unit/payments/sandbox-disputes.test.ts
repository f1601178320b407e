import { expect, test } from 'vitest';
import { readNotice } from '../../../src/payments/sandbox/notice.ts';
import { requestTo, sandboxRig } from '../../support/payment-channels.ts';

async function paid() {
  const one = await sandboxRig();
  await one.channel.createPayment(requestTo(one));
  await one.provider.pay('attempt-1', 'now');
  const ref = { account: one.account, reference: 'attempt-1', channelRef: null };
  const [payment] = (await one.channel.retrievePayment(ref)).payments;
  if (!payment) throw new Error('nothing was paid');
  const told = (type: string) => {
    const event = one.sandbox.events().findLast((known) => known.type === type);
    return readNotice(one.provider.sign(JSON.stringify(event)), one.settings.webhookSecret);
  };
  return { ...one, payment, told };
}

test('a dispute is told whole: by its notice, and when it is asked about', async () => {
  const { channel, sandbox, account, payment, told } = await paid();
  const { id } = sandbox.dispute(payment.channelRef, { amount: 700, reason: 'not_received' });
  const dispute = {
    ...{ channelRef: id, state: 'needs_response', amount: 700, currency: 'EUR', reason: 'not_received' },
    ...{ withdrawn: 700, fee: 500 },
  };
  expect(told('dispute.opened')?.about).toMatchObject({
    ...{ kind: 'dispute', reference: 'attempt-1', orderId: 'order-1', paymentRef: payment.channelRef },
    dispute,
  });
  expect(await channel.retrieveDispute?.({ account, channelRef: id })).toMatchObject(dispute);
  sandbox.stepDispute(id, 'won');
  expect(told('dispute.closed')?.about).toMatchObject({ dispute: { state: 'won', withdrawn: 0, respondBy: null } });
});

test('a dispute that cannot be read clearly is no answer, and one of another account is refused', async () => {
  const { channel, sandbox, account, payment } = await paid();
  const { id } = sandbox.dispute(payment.channelRef);
  const ask = (of = account) => Promise.resolve(channel.retrieveDispute?.({ account: of, channelRef: id }));
  for (const kind of ['garbage_200', 'drop_before'] as const) {
    sandbox.fault({ op: 'retrieveDispute', kind });
    expect(await ask()).toBeUndefined();
  }
  await expect(ask({ ...account, accountRef: 'another' })).rejects.toMatchObject({ retryable: false });
});

test('a warning names the payment; a payout is news that moves nothing here', async () => {
  const { sandbox, account, payment, told } = await paid();
  sandbox.warn(payment.channelRef);
  const about = { kind: 'warning', paymentRef: payment.channelRef, reason: 'suspected_fraud', orderId: 'order-1' };
  expect(told('warning.opened')?.about).toMatchObject(about);
  sandbox.payOut(account.accountRef);
  expect(told('payout.created')).toMatchObject({ account: account.accountRef, about: { kind: 'other' } });
});

test('the statement tells of disputes and payouts, and with which payout a line left', async () => {
  const { channel, sandbox, account, payment, now } = await paid();
  sandbox.stepDispute(sandbox.dispute(payment.channelRef, { amount: 100 }).id, 'won');
  const [payout] = sandbox.payOut(account.accountRef);
  const lines = (await channel.fetchStatement?.({ account, from: 0, to: now() + 1 })) ?? [];
  expect(lines.map((line) => [line.kind, line.payoutRef === payout?.id])).toEqual([
    ['payment', true],
    ['fee', true],
    ['dispute', true],
    ['fee', true],
    ['dispute_reversed', true],
    ['payout', true],
  ]);
  expect(lines.reduce((total, line) => total + line.amount - line.fee, 0)).toBe(0);
  expect(lines.at(-1)).toMatchObject({ objectId: payout?.id, reference: payout?.id, availableAt: payout?.arrivesAt });
});
