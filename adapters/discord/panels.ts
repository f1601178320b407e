/**
 * A person's private side. In a server a panel answers them alone and can be changed for fifteen minutes; what must last stands in
 * their private chat as well, where they let us write. In the private chat a panel stands once and is edited where it stands.
 */
import type { Fault } from '../../src/domain/faults.ts';
import type { Sent } from '../../src/ports/chat.ts';
import type { Viewer } from '../../src/ports/core.ts';
import type { Message, MessageName } from '../../src/ports/messages.ts';
import type { Words } from '../../src/ports/words.ts';
import { draw } from '../../src/view/draw.ts';
import { faultView } from '../../src/view/fault.ts';
import { panelKey } from '../../src/view/panel-key.ts';
import type { View } from '../../src/view/view.ts';
import type { Called, DiscordApi } from './api.ts';
import type { FormMemory } from './form-memory.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';
import type { Met } from './people.ts';
import type { Refs } from './refs.ts';
import { drawScreen, type Screen } from './render/screen.ts';
import { sentOf, troubleOf } from './trouble.ts';

/** Where something was said or pressed, its first answer given. */
export type Origin = {
  readonly called: Called;
  /** Ours; null in private, and in a channel where nothing is sold. */
  readonly chatId: string | null;
  readonly inGuild: boolean;
  /** The answer changes the message that was pressed. */
  readonly inPlace: boolean;
};

type PanelPlace = { personId: string; communityId: string; key: string; locale: string; message: Message; view: View };

/** What a person must find again. */
const LASTING: ReadonlySet<MessageName> = new Set(['order', 'sale']);

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'handleKey' | 'words'> & {
  readonly api: DiscordApi;
  readonly refs: Refs;
  readonly memory: FormMemory;
};

export type Panels = {
  /** Answers with this panel. */
  show(met: Met, message: Message, origin: Origin): Promise<void>;
  /** Says why not; the panel that was pressed stays as it is. */
  refuse(met: Met, fault: Fault, origin: Origin): Promise<void>;
  /** Answers with a screen that is nobody's panel: a word of ours. */
  say(met: Met, screen: Screen, origin: Origin): Promise<void>;
  /** Answers with a view that is no message of its own; `message` is what its buttons lead back to. */
  answer(met: Met, shown: { readonly view: View; readonly message: Message }, origin: Origin): Promise<void>;
  /** For the outbox. */
  put(to: PanelPlace): Promise<Sent>;
  /** Writes to somebody first, in private. False: they are closed to us. */
  write(met: Met, shown: { readonly view: View; readonly message: Message }): Promise<boolean>;
};

export function createPanels(options: Options): Panels {
  const { core, api, refs } = options;
  const screenOf = createScreens(options);
  const side = createPrivateSide(options);
  const answer: Panels['answer'] = async (met, shown, { called }) => {
    await api.answer(called.token, await screenOf(met, { ...shown, words: met.words }));
  };
  const refuse: Panels['refuse'] = async (met, fault, { called, inPlace, inGuild }) => {
    const view = faultView(fault, met.words);
    const screen = await screenOf(met, { view, message: { name: 'home' }, words: met.words });
    if (inPlace) await api.followUp(called.token, screen, { aside: inGuild });
    else await api.answer(called.token, screen);
  };
  return {
    answer,
    refuse,
    async say(_met, screen, { called }) {
      await api.answer(called.token, screen);
    },
    put: createPut(options, { screenOf, side }),
    async show(met, message, origin) {
      const loaded = await core.load(message, met);
      if (!loaded.ok) return refuse(met, loaded.fault, origin);
      const view = draw(message, loaded.value, met.words);
      const screen = await screenOf(met, { view, message, words: met.words });
      const key = panelKey(message);
      const { id, channel_id: channel } = await api.answer(origin.called.token, screen);
      if (!origin.inGuild) return refs.keepPrivate(met.personId, key, { c: channel, m: id });
      await refs.keepAside(met.personId, key, { token: origin.called.token, message: id });
      if (LASTING.has(message.name) && met.open) await side.put(met, { key, screen, quiet: true });
    },
    async write(met, shown) {
      const screen = await screenOf(met, { ...shown, words: met.words });
      return (await side.put(met, { key: null, screen, quiet: false })).outcome === 'sent';
    },
  };
}

type Shown = { readonly view: View; readonly message: Message; readonly words: Words };
type Screens = (owner: Viewer & { readonly userId: string }, shown: Shown) => Promise<Screen>;

/** Buttons of private panels belong to one person and work wherever that person sees them. */
function createScreens({ core, handleKey, memory }: Options): Screens {
  return async ({ personId, userId }, { view, message, words }) => {
    const { screen, drawn, forms } = drawScreen(view, { chatId: null, personId, key: handleKey, message, words });
    if (drawn.length > 0) await core.drawHandles(drawn);
    memory.keep(forms, userId);
    return screen;
  };
}

type PrivateSide = {
  put(
    to: { readonly personId: string; readonly userId: string },
    panel: { readonly key: string | null; readonly screen: Screen; readonly quiet: boolean },
  ): Promise<Sent>;
};

function createPrivateSide({ api, refs }: Options): PrivateSide {
  const channels = new Map<string, string>();
  const channelOf = async (userId: string): Promise<string> => {
    const known = channels.get(userId) ?? (await api.privateChannel(userId));
    channels.set(userId, known);
    return known;
  };
  return {
    async put({ personId, userId }, { key, screen, quiet }) {
      try {
        const standing = key === null ? undefined : await refs.inPrivate(personId, key);
        if (standing && (await editedIn(api, standing, screen))) return { outcome: 'sent', ref: standing.m };
        const channel = await channelOf(userId);
        const { id } = await api.post(channel, screen, { quiet });
        if (key !== null) await refs.keepPrivate(personId, key, { c: channel, m: id });
        return { outcome: 'sent', ref: id };
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble.kind === 'closed' || trouble.kind === 'barred') {
          await refs.setOpen(personId, false);
          return { outcome: 'closed' };
        }
        return sentOf(trouble);
      }
    },
  };
}

async function editedIn(api: DiscordApi, place: { c: string; m: string }, screen: Screen): Promise<boolean> {
  try {
    await api.edit(place.c, place.m, screen);
    return true;
  } catch (error) {
    if (troubleOf(error).kind === 'gone') return false;
    throw error;
  }
}

/** First where they look at it now, then where it lasts. */
function createPut(options: Options, { screenOf, side }: { screenOf: Screens; side: PrivateSide }): Panels['put'] {
  const { store, api, refs, words } = options;
  return async ({ personId, communityId, key, locale, message, view }) => {
    const { address, community } = await store.read(async (reads) => ({
      address: await reads.platforms.address(personId, PLATFORM),
      community: await reads.people.community(communityId),
    }));
    if (!address) return { outcome: 'closed' };
    const { userId } = address;
    const shown = { view, message, words: words(locale, community?.timeZone ?? 'UTC') };
    const screen = await screenOf({ personId, communityId, userId }, shown);
    const aside = await refs.aside(personId, key);
    const here = aside !== undefined && (await answered(api, aside, screen));
    if (aside && !here) await refs.drop(personId, `${key}@`);
    if (!address.open) return here ? { outcome: 'sent', ref: key } : { outcome: 'closed' };
    const isNotice = message.name === 'notice';
    const sent = await side.put({ personId, userId }, { key: isNotice ? null : key, screen, quiet: here });
    return sent.outcome === 'closed' && here ? { outcome: 'sent', ref: key } : sent;
  };
}

async function answered(api: DiscordApi, aside: { t: string; m: string }, screen: Screen): Promise<boolean> {
  try {
    await api.answer(aside.t, screen, aside.m);
    return true;
  } catch (error) {
    // Its time is over or it is gone; what lasts is written elsewhere.
    const { kind } = troubleOf(error);
    return kind === 'unknown';
  }
}
