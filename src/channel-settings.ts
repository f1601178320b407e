/** What the payment channels are given. Plain data: the channels are made in the thread that has the core. */
import type { Sandbox } from '../sandbox/server.ts';
import type { Config } from './config.ts';
import { browsable } from './http/server.ts';
import type { ChannelSettings } from './payments/registry.ts';

export function channelSettings(config: Config, sandbox: Sandbox | undefined): ChannelSettings {
  const { stripe } = config;
  return {
    sandbox: sandbox && sandboxSettings(config, sandbox),
    stripe: stripe ?? undefined,
    telegram: botPayments(config),
  };
}

/** What the sandbox's payment channel needs: its API on this machine, its page under the name that people use. */
function sandboxSettings({ host }: Config, { apiKey, webhookSecret, port, url }: Sandbox) {
  return { baseUrl: `http://${browsable(host)}:${port}`, pageUrl: url, apiKey, webhookSecret };
}

/** What the bot itself can be paid with. */
function botPayments({ telegram }: Config) {
  if (!telegram) return undefined;
  const { token, apiRoot, providerToken } = telegram;
  return { token, apiRoot: apiRoot ?? undefined, providerToken: providerToken ?? undefined };
}
