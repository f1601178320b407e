/**
 * A person's private side. In their private chat a panel stands once and is edited where it stands; in a group it is shown to them
 * alone, as an ephemeral message that may vanish at any time: what must last stands in the private chat as well, or is one tap away.
 */
import type { Message as TelegramMessage } from 'grammy/types';
import type { Sent } from '../../src/ports/chat.ts';
import type { Viewer } from '../../src/ports/core.ts';
import type { Message, MessageName } from '../../src/ports/messages.ts';
import type { Clock } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import { draw } from '../../src/view/draw.ts';
import { faultView } from '../../src/view/fault.ts';
import { panelKey } from '../../src/view/panel-key.ts';
import type { View } from '../../src/view/view.ts';
import type { Fault } from '../../src/domain/faults.ts';
import { sentOf, TryLater, troubleOf, Refused } from './api.ts';
import type { Aside, Messenger, Place, SendOptions } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Met } from './people.ts';
import { drawScreen, type Screen, sourceOf } from './render/screen.ts';

/** Where something was said or pressed. */
export type Origin = {
  /** Null in private. */
  readonly group: {
    readonly chat: string;
    /** Ours. */
    readonly chatId: string;
    readonly topic: number | undefined;
  } | null;
  /** Of a tap; good for fifteen seconds. */
  readonly queryId?: string;
  /** The message that was tapped. */
  readonly pressed?:
    | undefined
    | { readonly message: number; readonly ephemeral: number | undefined; readonly photo: boolean };
  /** A command in a group: what an answer may reply to. */
  readonly command?: { readonly message: number; readonly ephemeral: number | undefined };
  /** The message that brought it: a name for its wish, and the photo that came with it. */
  readonly update?: { readonly name: string; readonly fileId: string | null };
};

export type Panels = {
  /** Answers with this panel, by the best means there are. */
  show(met: Met, message: Message, origin: Origin): Promise<void>;
  refuse(met: Met, fault: Fault, origin: Origin): Promise<void>;
  /** In the private chat, after a form was filled in there. */
  after(viewer: Viewer, message: Message): Promise<void>;
  /** A screen that is nobody's panel: a word of ours. */
  say(met: Met, screen: Screen, origin: Origin): Promise<void>;
  /** Changes the message that was tapped; where that is everybody's, it is said to them alone. */
  redraw(met: Met, screen: Screen, origin: Origin): Promise<void>;
  /** From a group into the private chat, where something goes on. */
  lead(met: Met, origin: Origin, to: { start: string; asked: boolean }): Promise<void>;
  /** For the outbox. */
  put(to: PanelPlace): Promise<Sent>;
};

type PanelPlace = { personId: string; communityId: string; key: string; locale: string; message: Message; view: View };

/** What a person must find again. */
const LASTING: ReadonlySet<MessageName> = new Set(['order', 'sale']);

/** Beside what is shown in the group at the same moment. */
const QUIETLY = { inPlace: true, quiet: true } as const;

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'clock' | 'handleKey' | 'words'> & {
  readonly messenger: Messenger;
  /** Without the @. */
  readonly username: string;
};

export function createPanels(options: Options): Panels {
  const { core, messenger, words } = options;
  const refs = createRefs(options);

  /** For answers to people: who cannot be written to reads it elsewhere; what may have been sent is not sent again. */
  const privately = async <T>({ personId }: Viewer, send: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await send();
    } catch (error) {
      const trouble = troubleOf(error, 'send');
      if (trouble.kind === 'later') throw new TryLater(trouble.afterMs, 'an answer');
      if (trouble.kind === 'refused') throw new Refused(trouble.why);
      if (trouble.kind === 'closed') await refs.close(personId);
      return undefined;
    }
  };
  /** Buttons of private panels belong to one person and work wherever that person sees them. */
  const screenOf = async (personId: string, shown: { message: Message; view: View; words: Met['words'] }) => {
    const place = { chatId: null, personId, key: options.handleKey };
    const { screen, drawn } = drawScreen(shown.view, { ...place, message: shown.message, words: shown.words });
    if (drawn.length > 0) await core.drawHandles(drawn);
    return screen;
  };
  /** A link into the private chat that shows this message there. */
  const linkTo = async (personId: string, message: Message): Promise<string> => {
    const source = sourceOf(message, { chatId: null, personId, key: options.handleKey });
    await core.drawHandles([source]);
    return `https://t.me/${options.username}?start=${source.handle}`;
  };
  const further = (met: Pick<Met, 'words'>, screen: Screen, url: string): Screen => ({
    ...screen,
    keyboard: [...screen.keyboard, [{ text: met.words.t('bot.continue'), url }]],
  });

  /** The panel in the private chat. `inPlace`: it is edited wherever it stands, else it comes to the end of the chat. */
  const putPrivate = async (
    to: { personId: string; userId: string },
    { key, screen }: { key: string; screen: Screen },
    how: { inPlace: boolean; pressed?: Origin['pressed'] | undefined; quiet?: boolean },
  ): Promise<true> => {
    const known = key.startsWith('notice:') ? undefined : await refs.find(to.personId, key);
    const standing = known && { chat: to.userId, message: known.m, photo: known.p };
    if (standing && (how.inPlace || how.pressed?.message === standing.message)) {
      const edited = await editIn(messenger, standing, screen);
      if (edited) {
        await refs.keep(to.personId, key, { m: edited.message, p: edited.photo });
        return true;
      }
    }
    const { message_id: message } = await messenger.send(to.userId, screen, how.quiet ? { quiet: true } : {});
    if (!key.startsWith('notice:')) await refs.keep(to.personId, key, { m: message, p: screen.photo });
    if (standing) await messenger.remove(standing);
    return true;
  };

  const sayAside = asideTo(options);
  const show: Panels['show'] = async (met, message, origin) => {
    const loaded = await core.load(message, met);
    if (!loaded.ok) return refuse(met, loaded.fault, origin);
    const key = panelKey(message);
    const screen = await screenOf(met.personId, {
      message,
      view: draw(message, loaded.value, met.words),
      words: met.words,
    });
    const to = { personId: met.personId, userId: String(met.userId) };
    if (!origin.group) {
      await privately(met, () => putPrivate(to, { key, screen }, { inPlace: false, pressed: origin.pressed }));
      return;
    }
    const lasts = LASTING.has(message.name);
    // First what stays: whether it stands there decides what is said here.
    const stands = lasts && met.open && (await privately(met, () => putPrivate(to, { key, screen }, QUIETLY)));
    const leads = lasts && !stands;
    const url = leads ? await linkTo(met.personId, message) : '';
    const here = await sayAside(met, leads ? further(met, screen, url) : screen, origin);
    if (here && lasts) await refs.keep(met.personId, `${key}@`, { c: here.chat, m: here.ephemeral, p: here.photo });
    if (here || stands) return;
    const sent = met.open && (await privately(met, () => putPrivate(to, { key, screen }, { inPlace: false })));
    if (!sent) await nudge(met, await linkTo(met.personId, message), origin);
  };
  const refuse: Panels['refuse'] = async (met, fault, origin) => {
    const view = faultView(fault, met.words);
    const screen = await screenOf(met.personId, { message: { name: 'home' }, view, words: met.words });
    await say(met, screen, origin);
  };
  const say: Panels['say'] = async (met, screen, origin) => {
    if (!origin.group) return void (await privately(met, () => messenger.send(String(met.userId), screen)));
    if (await sayAside(met, screen, origin)) return;
    if (met.open && (await privately(met, () => messenger.send(String(met.userId), screen)))) return;
    await nudge(met, await linkTo(met.personId, { name: 'home' }), origin);
  };
  const redraw: Panels['redraw'] = async (met, screen, origin) => {
    const { pressed, group } = origin;
    if (group || !pressed) return say(met, screen, origin);
    const place = { chat: String(met.userId), message: pressed.message, photo: pressed.photo ? 'some' : null };
    const edited = await privately(met, () => editIn(messenger, place, screen));
    if (!edited) await say(met, screen, origin);
  };
  const lead: Panels['lead'] = async (met, origin, { start, asked }) => {
    const url = `https://t.me/${options.username}${asked ? '' : `?start=${start}`}`;
    const word = {
      html: met.words.t(asked ? 'bot.asked_in_private' : 'bot.continue_why'),
      photo: null,
      keyboard: [],
      cut: false,
    };
    const here = await sayAside(met, further(met, word, url), { ...origin, pressed: undefined });
    if (!here && !asked) await nudge(met, url, origin);
  };
  /** The last means: a word in the group that tells nothing. */
  const nudge = async (met: Met, url: string, { group, command }: Origin): Promise<void> => {
    if (!group) return;
    const screen = { html: met.words.t('bot.continue_why'), photo: null, keyboard: [], cut: false };
    const reply = command && command.ephemeral === undefined ? { message_id: command.message } : undefined;
    try {
      await messenger.send(group.chat, further(met, screen, url), { quiet: true, topic: group.topic, reply });
    } catch (error) {
      // A word that tells nothing is not worth a second try.
      troubleOf(error, 'send');
    }
  };

  return {
    show,
    refuse,
    async after(viewer, message) {
      const { address, profile, community } = await whoIs(options, viewer);
      if (!address || !profile) return;
      const met = {
        ...viewer,
        userId: Number(address.userId),
        words: words(profile.locale, community?.timeZone ?? 'UTC'),
      };
      await show({ ...met, open: address.open }, message, { group: null });
    },
    say,
    redraw,
    lead,
    async put({ personId, key, locale, message, view, communityId }) {
      const { address, community } = await options.store.read(async (reads) => ({
        address: await reads.platforms.address(personId, PLATFORM),
        community: await reads.people.community(communityId),
      }));
      if (!address) return { outcome: 'closed' };
      const shown = { message, view, words: words(locale, community?.timeZone ?? 'UTC') };
      const screen = await screenOf(personId, shown);
      const aside = await refs.find(personId, `${key}@`);
      if (aside?.c !== undefined) {
        const there = { chat: aside.c, userId: Number(address.userId), ephemeral: aside.m, photo: aside.p };
        const shownThere = address.open ? screen : further(shown, screen, await linkTo(personId, message));
        const edited = await editAsideIn(messenger, there, shownThere);
        if (!edited) await refs.drop(personId, `${key}@`);
        else if (!address.open) return { outcome: 'sent', ref: key };
      }
      if (!address.open) return { outcome: 'closed' };
      try {
        await putPrivate({ personId, userId: address.userId }, { key, screen }, { inPlace: true });
        return { outcome: 'sent', ref: key };
      } catch (error) {
        const trouble = troubleOf(error, 'send');
        if (trouble.kind === 'same') return { outcome: 'sent', ref: key };
        return sentOf(trouble, 'private');
      }
    },
  };
}

async function whoIs({ core, store }: Pick<Options, 'core' | 'store'>, viewer: Viewer) {
  const profile = await core.profile(viewer);
  const known = await store.read(async (reads) => ({
    address: await reads.platforms.address(viewer.personId, PLATFORM),
    community: await reads.people.community(viewer.communityId),
  }));
  return { profile, ...known };
}

/** What only this member sees in the group; undefined when the chat does not allow it. */
function asideTo({ messenger }: Pick<Options, 'messenger'>) {
  return async (met: Met, screen: Screen, { group, queryId, pressed, command }: Origin): Promise<Aside | undefined> => {
    if (!group) return undefined;
    const place = { chat: group.chat, userId: met.userId };
    const standing = pressed?.ephemeral;
    if (standing !== undefined) {
      const aside = { ...place, ephemeral: standing, photo: pressed?.photo ? 'some' : null };
      const edited = await editAsideIn(messenger, aside, screen);
      if (edited) return edited;
      await messenger.removeAside(aside);
    }
    const sending: SendOptions = {
      topic: group.topic,
      aside: { receiver_user_id: met.userId, ...(queryId === undefined ? {} : { callback_query_id: queryId }) },
      reply: command?.ephemeral === undefined ? undefined : { ephemeral_message_id: command.ephemeral },
    };
    try {
      const sent: TelegramMessage = await messenger.send(group.chat, screen, sending);
      return { ...place, ephemeral: sent.ephemeral_message_id ?? 0, photo: screen.photo };
    } catch (error) {
      const trouble = troubleOf(error, 'send');
      // It may stand there; a second one would be read twice, and what lasts is in private.
      if (trouble.kind === 'later') throw new TryLater(trouble.afterMs, 'an ephemeral message');
      return undefined;
    }
  };
}

/** Undefined: it is not there any more, or cannot become this. */
async function editIn(messenger: Messenger, place: Place, screen: Screen): Promise<Place | undefined> {
  try {
    return await messenger.edit(place, screen);
  } catch (error) {
    const trouble = troubleOf(error, 'edit');
    if (trouble.kind === 'gone' || trouble.kind === 'refused') return undefined;
    throw error;
  }
}

async function editAsideIn(messenger: Messenger, aside: Aside, screen: Screen): Promise<Aside | undefined> {
  try {
    return await messenger.editAside(aside, screen);
  } catch (error) {
    // Ephemeral messages vanish: nothing is lost, and nothing is to be repeated for it.
    troubleOf(error, 'edit');
    return undefined;
  }
}

/** `c` is the group of an ephemeral message, `m` its id or the private message's, `p` the picture it shows. */
type Ref = { readonly c?: string; readonly m: number; readonly p: string | null };

function createRefs({ store, clock }: { store: Store; clock: Clock }) {
  return {
    find: async (personId: string, key: string): Promise<Ref | undefined> => {
      const row = await store.read((reads) => reads.platforms.panelRef(PLATFORM, personId, key));
      return row && (JSON.parse(row.ref) as Ref);
    },
    keep: async (personId: string, key: string, ref: Ref): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.putPanelRef({
          platform: PLATFORM,
          personId,
          key,
          ref: JSON.stringify(ref),
          at: clock.now(),
        });
        return null;
      });
    },
    /** They cannot be written to, until they write to us. */
    close: async (personId: string): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.setOpen(personId, PLATFORM, false);
        return null;
      });
    },
    drop: async (personId: string, key: string): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.dropPanelRef(PLATFORM, personId, key);
        return null;
      });
    },
  };
}
