/** Telegram: a platform for the outbox, and the updates of everybody who writes or taps there. */
import type { Router } from 'express';
import type { Update } from 'grammy/types';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { View } from '../../src/view/view.ts';
import { createApi, type TelegramApi, troubleOf } from './api.ts';
import { announceCommands, createCommands } from './commands.ts';
import { createFormWire } from './form-wire.ts';
import { createForms } from './forms/forms.ts';
import { createSell } from './forms/sell.ts';
import { createInbound } from './inbound.ts';
import { counted, createMessenger } from './messenger.ts';
import type { TelegramAdapterOptions } from './options.ts';
import { createPace } from './pace.ts';
import { createPanels } from './panels.ts';
import { createTelegramPayments } from './payments.ts';
import { createPeople } from './people.ts';
import { createDownload } from './photos.ts';
import { createPlatform } from './platform.ts';
import { ALLOWED_UPDATES, type Polling, startPolling } from './poll.ts';
import { createSetup } from './setup.ts';
import { createTaps } from './taps.ts';
import { createUpdates, type Updates } from './updates.ts';
import { WEBHOOK_PATH, webhookRouter } from './webhook.ts';

export type TelegramAdapter = {
  readonly platform: ChatPlatform<View>;
  /** Takes updates that Telegram brings; undefined when we get them. Mounted before everything that reads bodies. */
  readonly router: Router | undefined;
  /** Takes up what was left, and listens. */
  start(): Promise<void>;
  /** When everything that came in is worked on. */
  idle(): Promise<void>;
  /** Listens no more, and finishes what is begun. */
  stop(): Promise<void>;
};

/** Throws when Telegram does not know the token, or cannot be reached. */
export async function createTelegramAdapter(options: TelegramAdapterOptions): Promise<TelegramAdapter> {
  const { log, mode, webhookSecret } = options;
  const { api, polling } = createApi(options);
  const { id, username } = await api.getMe();
  const { platform, updates } = compose(options, api, { id, username });
  const hurry = (news: readonly Update[]) => updates.hurry(news);
  const take = (news: readonly Update[]) => updates.take(news);
  const brought = (news: readonly Update[]) => take(hurry(news));
  const router = mode === 'webhook' ? webhookRouter({ secret: webhookSecret ?? '', log, take: brought }) : undefined;
  let listening: Polling | undefined;
  return {
    platform,
    router,
    async start() {
      await updates.resume();
      await listen(options, api);
      if (mode === 'polling') listening = startPolling({ polling, log, hurry, take });
      announceCommands(api, { locales: options.locales, words: (locale) => options.words(locale, 'UTC') }).catch(
        (error: unknown) => log.warn({ err: error }, 'the list of commands could not be announced'),
      );
      log.info({ bot: username, mode }, 'listening on Telegram');
    },
    idle: () => updates.idle(),
    async stop() {
      await listening?.stop();
      await updates.stop();
    },
  };
}

/** Tells Telegram how we want to hear; what waits for us is never dropped. */
async function listen(
  { mode, publicUrl, webhookSecret, log }: TelegramAdapterOptions,
  api: TelegramApi,
): Promise<void> {
  try {
    if (mode === 'polling') await api.deleteWebhook();
    else {
      const secret = { secret_token: webhookSecret ?? '', allowed_updates: ALLOWED_UPDATES };
      await api.setWebhook(`${publicUrl}${WEBHOOK_PATH}`, secret);
    }
  } catch (error) {
    // The poll tries again by itself; a webhook that stands from the last start goes on working.
    troubleOf(error, 'edit');
    log.error({ err: error, mode }, 'Telegram could not be told how to bring updates');
  }
}

function compose(options: TelegramAdapterOptions, api: TelegramApi, me: { id: number; username: string }) {
  const { core, store, clock, ids, log, publicUrl } = options;
  const { username } = me;
  const pace = createPace(clock);
  const unpaced = createMessenger({ api, core });
  const messenger = counted(unpaced, pace);
  const people = createPeople(options);
  const panels = createPanels({ ...options, messenger, username });
  const setup = createSetup({ ...options, api, messenger, panels, people, me });
  const payments = createTelegramPayments({ core, api, log, words: options.words, negotiate: options.negotiate });
  const wordsOf = async (viewer: { communityId: string; personId: string }) => {
    const profile = await core.profile(viewer);
    const community = await store.read((reads) => reads.people.community(viewer.communityId));
    return options.words(profile?.locale ?? 'en', community?.timeZone ?? 'UTC');
  };
  const download = createDownload({ ...options, api });
  const forms = createForms({
    ...{ core, store, clock, ids, download, wordsOf },
    wire: createFormWire({ store, messenger }),
    show: (viewer, message) => panels.after(viewer, message),
  });
  const sell = createSell({ core, forms, download, wordsOf });
  const taps = createTaps({ core, panels, forms, handleKey: options.handleKey });
  const commands = createCommands({ core, store, publicUrl, panels, setup, username, forms, sell });
  const inbound = createInbound({ people, panels, setup, forms, taps, payments, messenger, commands, username });
  const updates: Updates = createUpdates({
    ...{ store, clock, ids, log, account: String(me.id) },
    urgent: urgentWork({ api, payments, log }),
    work: inbound.work,
    giveUp: inbound.giveUp,
  });
  const platform = createPlatform({
    ...options,
    messenger: unpaced,
    panels,
    pace,
    moved: (from, to) => setup.moved(from, to),
  });
  return { platform, updates };
}

type Urgent = Pick<TelegramAdapterOptions, 'log'> & {
  readonly api: TelegramApi;
  readonly payments: ReturnType<typeof createTelegramPayments>;
};

/** What must not wait for a commit: the question before the money, and the spinner on a button. */
function urgentWork({ api, payments, log }: Urgent): (update: Update) => boolean {
  const begun = (work: Promise<unknown>, what: string) => {
    work.catch((error: unknown) => log.warn({ err: error }, what));
  };
  return ({ pre_checkout_query: checkout, shipping_query: shipping, callback_query: tap }) => {
    // It can wait for nothing, and its question is over in ten seconds: there is nothing to keep.
    if (checkout) begun(payments.onPreCheckout(checkout), 'a pre-checkout was not answered');
    if (shipping) begun(payments.onShippingQuery(shipping), 'a shipping query was not answered');
    if (tap) begun(api.answerCallbackQuery(tap.id), 'a tap was not acknowledged');
    return checkout !== undefined || shipping !== undefined;
  };
}
