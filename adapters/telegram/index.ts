/** Telegram: a platform for the outbox, and the updates of everybody who writes or taps there. */
import type { Router } from 'express';
import type { Update } from 'grammy/types';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { View } from '../../src/view/view.ts';
import { createApi, type TelegramApi } from './api.ts';
import { type Announcing, startAnnouncing } from './announce.ts';
import { createCommands } from './commands.ts';
import { createFormWire } from './form-wire.ts';
import { createForms } from './forms/forms.ts';
import { createSell } from './forms/sell.ts';
import { createInbound } from './inbound.ts';
import { createKeys } from './keys.ts';
import { startLeading } from './lead.ts';
import { introduce, keepTrying, type Me, signalFor, throwUnlessRefused, waitingPlatform } from './line.ts';
import { createInline, type Inline } from './inline.ts';
import { counted, createMessenger } from './messenger.ts';
import type { TelegramAdapterOptions } from './options.ts';
import { createPace } from './pace.ts';
import { createPanelRefs } from './panel-refs.ts';
import { createPanels } from './panels.ts';
import { createTelegramPayments } from './payments.ts';
import { createPeople } from './people.ts';
import { createDownload } from './photos.ts';
import { createPlatform } from './platform.ts';
import { ALLOWED_UPDATES, type Polling, startPolling } from './poll.ts';
import { createQr } from './qr.ts';
import { createSetup } from './setup.ts';
import { createTopics } from './topics.ts';
import { createTaps } from './taps.ts';
import { createUpdates, type Updates } from './updates.ts';
import { createVerify } from './verify.ts';
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

/** Throws when Telegram does not know the token. While it cannot be reached, everything for it waits. */
export async function createTelegramAdapter(options: TelegramAdapterOptions): Promise<TelegramAdapter> {
  const { log, mode, webhookSecret } = options;
  const { api, polling } = createApi(options);
  const ending = new AbortController();
  const signal = signalFor(ending.signal);
  const me = await introduce(api, log);
  let open = me && compose(options, api, me);
  let isResumed = false;
  let listening: Polling | undefined;
  let connecting: Promise<void> | undefined;
  let announcing: Announcing | undefined;
  const hurry = (news: readonly Update[]) => open?.updates.hurry(news) ?? news;
  const take = async (news: readonly Update[]) => {
    if (!open) throw new Error('An update came before we know who we are.');
    await open.updates.take(news);
  };
  const brought = (news: readonly Update[]) => take(hurry(news));
  const isOpen = () => open !== undefined;
  const poll = () => startPolling({ polling, log, hurry, take });
  const isShared = mode === 'polling' && !options.alone;
  /** Of several processes one asks Telegram, and takes up what the one before it left. */
  const lead = ({ updates }: ReturnType<typeof compose>, account: string) =>
    startLeading({
      ...options,
      name: `telegram:${account}`,
      begin: async () => {
        await updates.resume();
        const ours = poll();
        return {
          async stop() {
            await ours.stop();
            await updates.letGo();
          },
        };
      },
    });
  const webhook = { secret: webhookSecret ?? '', log, take: brought, isOpen };
  /** From where the last try stopped. Throws while Telegram does not answer. */
  const connect = async () => {
    open ??= compose(options, api, await api.getMe(signal));
    if (!isResumed && !isShared) await open.updates.resume();
    isResumed = true;
    await listen(options, api, signal);
    if (mode === 'polling') listening ??= isShared ? lead(open, open.account) : poll();
    announcing ??= startAnnouncing({ ...options, api, ending: ending.signal });
    log.info({ bot: open.username, mode }, 'listening on Telegram');
  };
  return {
    platform: waitingPlatform(() => open?.platform),
    router: mode === 'webhook' ? webhookRouter(webhook) : undefined,
    async start() {
      try {
        if (open) return await connect();
      } catch (error) {
        log.error({ err: error, mode }, 'Telegram could not be told how to bring updates; it is tried again');
      }
      connecting = keepTrying({ step: connect, log, ending: ending.signal });
    },
    async idle() {
      await announcing?.first;
      await open?.updates.idle();
    },
    async stop() {
      ending.abort();
      await connecting;
      await listening?.stop();
      await open?.updates.stop();
    },
  };
}

/** Tells Telegram how we want to hear; what waits for us is never dropped. Throws what is worth another try. */
async function listen(
  { mode, publicUrl, webhookSecret, log }: TelegramAdapterOptions,
  api: TelegramApi,
  signal: ReturnType<typeof signalFor>,
): Promise<void> {
  try {
    if (mode === 'polling') await api.deleteWebhook({}, signal);
    else {
      const secret = { secret_token: webhookSecret ?? '', allowed_updates: ALLOWED_UPDATES };
      await api.setWebhook(`${publicUrl}${WEBHOOK_PATH}`, secret, signal);
    }
  } catch (error) {
    // A webhook that stands from the last start goes on working.
    throwUnlessRefused(error, log, 'Telegram refuses to bring updates as we asked');
  }
}

function compose(options: TelegramAdapterOptions, api: TelegramApi, { id, username }: Me) {
  const me = { id, username };
  const account = String(id);
  const { core, store, clock, ids, log } = options;
  const pace = createPace(clock);
  const unpaced = createMessenger({ api, core });
  const messenger = counted(unpaced, pace);
  const people = createPeople(options);
  const refs = createPanelRefs(options);
  const keys = createKeys({ ...options, messenger, refs });
  const panels = createPanels({ ...options, people, messenger, username, refs, keys });
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
  const qr = createQr({ core, messenger, username });
  const taps = createTaps({ core, store, panels, forms, qr, handleKey: options.handleKey, clock: options.clock });
  const inline = createInline({ ...options, api, people, username });
  const verify = createVerify({ ...options, panels, username });
  const commands = createCommands({
    core,
    store,
    verify: verify.command,
    panels,
    setup,
    username,
    forms,
    sell,
    keys,
    refs,
    messenger,
    handleKey: options.handleKey,
  });
  const doing = { forms, taps, payments, inline, commands, verify, keys, topics: createTopics(options) };
  const inbound = createInbound({ people, panels, setup, store, messenger, username, ...doing });
  const updates: Updates = createUpdates({
    ...{ store, clock, ids, log, account },
    urgent: urgentWork({ api, payments, inline, log }),
    work: inbound.work,
    giveUp: inbound.giveUp,
  });
  const platform = createPlatform({
    ...options,
    messenger: unpaced,
    ...{ panels, pace, api, username },
    moved: (from, to) => setup.moved(from, to),
  });
  return { platform, updates, username, account };
}

type Urgent = Pick<TelegramAdapterOptions, 'log'> & {
  readonly api: TelegramApi;
  readonly payments: ReturnType<typeof createTelegramPayments>;
  readonly inline: Pick<Inline, 'onQuery'>;
};

/** What must not wait for a commit: the question before the money, and the spinner on a button. */
function urgentWork({ api, payments, inline, log }: Urgent): (update: Update) => boolean {
  const begun = (work: Promise<unknown>, what: string) => {
    work.catch((error: unknown) => log.warn({ err: error }, what));
  };
  return ({ pre_checkout_query: checkout, shipping_query: shipping, callback_query: tap, inline_query: asked }) => {
    // It can wait for nothing, and its question is over in ten seconds: there is nothing to keep.
    if (checkout) begun(payments.onPreCheckout(checkout), 'a pre-checkout was not answered');
    if (shipping) begun(payments.onShippingQuery(shipping), 'a shipping query was not answered');
    if (tap) begun(api.answerCallbackQuery(tap.id), 'a tap was not acknowledged');
    // Somebody is still typing it: the next letter asks again.
    if (asked) begun(inline.onQuery(asked), 'an inline query was not answered');
    return checkout !== undefined || shipping !== undefined || asked !== undefined;
  };
}
