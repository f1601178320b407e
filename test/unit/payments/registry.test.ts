import { expect, test } from 'vitest';
import { createChannels } from '../../../src/payments/registry.ts';
import { accountAt } from '../../support/payment-channels.ts';

test('cash is always there, the sandbox only with settings', () => {
  expect([...createChannels({}).keys()]).toEqual(['cash']);
  const sandbox = { baseUrl: 'http://127.0.0.1:3001', apiKey: 'sk_1', webhookSecret: 'w'.repeat(40) };
  expect([...createChannels({ sandbox }).keys()]).toEqual(['sandbox', 'cash']);
  expect([...createChannels({ sandbox: undefined }).keys()]).toEqual(['cash']);
});

test('unsafe settings stop the start instead of hiding the channel', () => {
  const sandbox = { baseUrl: 'http://127.0.0.1:3001', apiKey: 'sk_1', webhookSecret: '' };
  expect(() => createChannels({ sandbox })).toThrow(RangeError);
});

test('cash never tells of money, in or out', async () => {
  const channel = createChannels({}).get('cash');
  const ref = { account: accountAt('cash'), reference: 'attempt-1', channelRef: null };
  expect(await channel?.retrievePayment(ref)).toEqual({ state: 'open', nextAction: { kind: 'wait' }, payments: [] });
  expect(await channel?.cancelPayment(ref)).toEqual({ state: 'ended', payments: [] });
  const refund = { ...ref, idempotencyKey: 'k', paymentRef: 'receipt-1', amount: { amount: 1, currency: 'EUR' } };
  expect(await channel?.createRefund(refund)).toEqual({ state: 'pending' });
});
