/** The chat platforms that there are. A new one is one line here; the contract suite then runs on it. */
import type { DiscordAdapter } from './discord/index.ts';
import type { DiscordAdapterOptions } from './discord/options.ts';
import type { TelegramAdapter } from './telegram/index.ts';
import type { TelegramAdapterOptions } from './telegram/options.ts';
import { createWebAdapter } from './web/index.ts';

export const chatAdapters = { web: createWebAdapter } as const;

/** Platforms of others: their libraries are loaded only when they are configured. */
export const outsideAdapters = {
  telegram: async (options: TelegramAdapterOptions): Promise<TelegramAdapter> => {
    const { createTelegramAdapter } = await import('./telegram/index.ts');
    return createTelegramAdapter(options);
  },
  discord: async (options: DiscordAdapterOptions): Promise<DiscordAdapter> => {
    const { createDiscordAdapter } = await import('./discord/index.ts');
    return createDiscordAdapter(options);
  },
} as const;
