/** Every way to be paid. A new channel gets its line here and a fixture in the contract suite. */
import type { Channels, PaymentChannel } from '../ports/payment-channel.ts';
import { createCashChannel } from './cash.ts';
import { createSandboxChannel, type SandboxSettings } from './sandbox/channel.ts';

export type ChannelSettings = {
  /** Absent: not offered. */
  readonly sandbox?: SandboxSettings | undefined;
};

/** By code, in the order in which they are offered. Throws RangeError on settings that would make a channel unsafe. */
export function createChannels({ sandbox }: ChannelSettings): Channels {
  const channels: PaymentChannel[] = [...(sandbox ? [createSandboxChannel(sandbox)] : []), createCashChannel()];
  return new Map(channels.map((channel) => [channel.code, channel]));
}
