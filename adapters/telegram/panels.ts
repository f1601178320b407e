/**
 * A person's private side. In their private chat a panel stands once and is edited where it stands; in a group it is shown to them
 * alone, as an ephemeral message that may vanish at any time: what must last stands in the private chat as well, or is one tap away.
 */
import type { Fault } from '../../src/domain/faults.ts';
import type { Sent } from '../../src/ports/chat.ts';
import type { Viewer } from '../../src/ports/core.ts';
import type { Message, MessageName } from '../../src/ports/messages.ts';
import { draw } from '../../src/view/draw.ts';
import { faultView } from '../../src/view/fault.ts';
import { panelKey } from '../../src/view/panel-key.ts';
import type { View } from '../../src/view/view.ts';
import { sentOf, troubleOf, TryLater } from './api.ts';
import { createAsides, editAsideIn, type SayAside } from './aside.ts';
import type { Keys } from './keys.ts';
import type { Aside, Messenger } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Origin } from './origin.ts';
import type { PanelRefs } from './panel-refs.ts';
import type { Met, People } from './people.ts';
import { createPrivateSide, editIn, further, type PrivateSide } from './private-side.ts';
import { compose, type Screen } from './render/screen.ts';

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
  readonly people: Pick<People, 'known'>;
  readonly refs: PanelRefs;
  readonly keys: Pick<Keys, 'lay'>;
  /** Without the @. */
  readonly username: string;
};

type Parts = Options & { readonly side: PrivateSide; readonly sayAside: SayAside };

export function createPanels(options: Options): Panels {
  const side = createPrivateSide(options);
  const parts = { ...options, side, sayAside: createAsides(options) };
  const saying = createSaying(parts);
  const show = createShow(parts, saying);
  return {
    ...saying,
    show,
    put: createPut(parts),
    async after(viewer, message) {
      const met = await options.people.known(viewer);
      if (!met) return;
      await show(met, message, { group: null });
    },
  };
}

/** A word of ours. */
const wordOf = ({ words }: Pick<Met, 'words'>, text: string): Screen =>
  compose([{ text }], { photo: null, keyboard: [], dir: words.fmt.dir });

type Saying = Pick<Panels, 'refuse' | 'say' | 'redraw' | 'lead'> & {
  /** The last means: a word in the group that tells nothing. */
  readonly nudge: (met: Met, url: string, origin: Origin) => Promise<void>;
};

function createShow({ core, refs, keys, side, sayAside }: Parts, { refuse, nudge }: Saying): Panels['show'] {
  const { privately, screenOf, linkTo, putPrivate } = side;
  return async (met, message, origin) => {
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
    if (stands) await keys.lay(met);
    // What is not all of it is all there in private.
    const leads = (lasts && !stands) || screen.file !== undefined;
    const url = leads ? await linkTo(met.personId, message) : '';
    // A file goes to their own chat: it would be gone from here when Telegram is restarted.
    const here = screen.document ? undefined : await sayAside(met, leads ? further(met, screen, url) : screen, origin);
    if (here && lasts) await refs.keep(met.personId, `${key}@`, { c: here.chat, m: here.ephemeral, p: here.photo });
    if (here || stands) return;
    const sent = met.open && (await privately(met, () => putPrivate(to, { key, screen }, { inPlace: false })));
    if (!sent) await nudge(met, await linkTo(met.personId, message), origin);
  };
}

function createSaying({ messenger, side, sayAside, username }: Parts): Saying {
  const { privately, screenOf, linkTo } = side;
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
    const url = `https://t.me/${username}${asked ? '' : `?start=${start}`}`;
    const said = met.words.t(asked ? 'bot.asked_in_private' : 'bot.continue_why');
    const here = await sayAside(met, further(met, wordOf(met, said), url), { ...origin, pressed: undefined });
    if (!here && !asked) await nudge(met, url, origin);
  };
  const nudge: Saying['nudge'] = async (met, url, { group, command }) => {
    if (!group) return;
    const screen = wordOf(met, met.words.t('bot.continue_why'));
    const reply = command && command.ephemeral === undefined ? { message_id: command.message } : undefined;
    try {
      await messenger.send(group.chat, further(met, screen, url), { quiet: true, topic: group.topic, reply });
    } catch (error) {
      // A word that tells nothing is not worth a second try.
      troubleOf(error, 'send');
    }
  };

  return { refuse, say, redraw, lead, nudge };
}

function createPut(parts: Parts): Panels['put'] {
  const { store, refs, side, words } = parts;
  const { screenOf, linkTo, putPrivate } = side;
  return async ({ personId, key, locale, message, view, communityId }) => {
    const { address, community } = await store.read(async (reads) => ({
      address: await reads.platforms.address(personId, PLATFORM),
      community: await reads.people.community(communityId),
    }));
    if (!address) return { outcome: 'closed' };
    const shown = { message, view, words: words(locale, community?.timeZone ?? 'UTC') };
    const screen = await screenOf(personId, shown);
    const there = await refs.find(personId, `${key}@`);
    if (there?.c !== undefined) {
      const shownThere = address.open ? screen : further(shown, screen, await linkTo(personId, message));
      const standing = { chat: there.c, userId: Number(address.userId), ephemeral: there.m, photo: there.p };
      const aside = await putAside(parts, standing, { screen: shownThere, anew: !address.open });
      if (typeof aside === 'number') return { outcome: 'later', afterMs: aside };
      if (aside) await refs.keep(personId, `${key}@`, { c: aside.chat, m: aside.ephemeral, p: aside.photo });
      else await refs.drop(personId, `${key}@`);
      if (aside && !address.open) return { outcome: 'sent', ref: key, fleeting: true };
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
  };
}

/**
 * Where it stood in a group for their eyes alone. `anew`: it is put there again when it is gone, which a bot may do that is an
 * administrator. Undefined: it does not stand there. A number: the ms after which to try again.
 */
async function putAside(
  { messenger, sayAside }: Pick<Parts, 'messenger' | 'sayAside'>,
  standing: Aside,
  { screen, anew }: { screen: Screen; anew: boolean },
): Promise<Aside | number | undefined> {
  const edited = await editAsideIn(messenger, standing, screen);
  if (edited || !anew) return edited;
  try {
    return await sayAside(standing, screen, { group: { chat: standing.chat, chatId: '', topic: undefined } });
  } catch (error) {
    if (error instanceof TryLater) return error.afterMs;
    throw error;
  }
}
