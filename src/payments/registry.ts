/** Every way to be paid. A new channel gets its line here and a fixture in the contract suite. */
import type { Channels, PaymentChannel } from '../ports/payment-channel.ts';
import { createCashChannel } from './cash.ts';
import { createSandboxChannel, type SandboxSettings } from './sandbox/channel.ts';
import { createStripeChannel } from './stripe/channel.ts';
import type { StripeSettings } from './stripe/client.ts';
import type { TelegramSettings } from './telegram/api.ts';
import { createProviderChannel } from './telegram/provider.ts';
import { createStarsChannel } from './telegram/stars.ts';

export type ChannelSettings = {
  /** Absent: not offered. */
  readonly sandbox?: SandboxSettings | undefined;
  /** Absent: not offered. Stripe's own package is loaded only with it. */
  readonly stripe?: StripeSettings | undefined;
  /** The bot's own payments: Stars always, cards with the token of a provider. Absent: not offered. */
  readonly telegram?: (TelegramSettings & { readonly providerToken?: string | undefined }) | undefined;
};

/** By code, in the order in which they are offered. Throws RangeError on settings that would make a channel unsafe. */
export function createChannels({ sandbox, stripe, telegram }: ChannelSettings): Channels {
  const channels: PaymentChannel[] = [
    ...(stripe ? [createStripeChannel(stripe)] : []),
    ...(sandbox ? [createSandboxChannel(sandbox)] : []),
    ...telegramChannels(telegram),
    createCashChannel(),
  ];
  return new Map(channels.map((channel) => [channel.code, channel]));
}

function telegramChannels(settings: ChannelSettings['telegram']): PaymentChannel[] {
  if (!settings) return [];
  const { providerToken, ...bot } = settings;
  const cards = providerToken === undefined ? [] : [createProviderChannel({ ...bot, providerToken })];
  return [createStarsChannel(bot), ...cards];
}
