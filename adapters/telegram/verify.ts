/** `/verify`: is this link, this bot or this seller ours? What is asked about is judged and forgotten. */
import type { Message as TelegramMessage } from 'grammy/types';
import type { Core } from '../../src/ports/core.ts';
import type { Claim } from '../../src/ports/claim.ts';
import type { Store } from '../../src/ports/store.ts';
import { draw } from '../../src/view/draw.ts';
import { plain } from '../../src/view/runs.ts';
import type { Command } from './commands.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Origin } from './origin.ts';
import type { Panels } from './panels.ts';
import type { Met } from './people.ts';
import { drawScreen } from './render/screen.ts';

export type Verify = {
  readonly command: Command;
  readonly judge: (met: Met, origin: Origin, claim: Claim) => Promise<void>;
};

type Options = Pick<TelegramAdapterOptions, 'publicUrl' | 'handleKey'> & {
  readonly core: Pick<Core, 'load' | 'drawHandles'>;
  readonly store: Store;
  readonly panels: Panels;
  /** Without the @. */
  readonly username: string;
};

export function createVerify({ core, store, panels, publicUrl, handleKey, username }: Options): Verify {
  const judge: Verify['judge'] = async (met, origin, claim) => {
    const { t, fmt } = met.words;
    const community = await store.read((reads) => reads.people.community(met.communityId));
    const loaded = await core.load({ name: 'verified', claim }, met);
    if (!loaded.ok) return panels.refuse(met, loaded.fault, origin);
    const view = draw({ name: 'verified' }, loaded.value, met.words);
    const name = plain(community?.name ?? '', fmt.dir);
    const foot = t('bot.verify.about', { bot: `@${username}`, community: name, url: publicUrl });
    const place = { chatId: null, personId: met.personId, key: handleKey, message: { name: 'help' } } as const;
    const { screen, drawn } = drawScreen(view, { ...place, words: met.words, foot });
    if (drawn.length > 0) await core.drawHandles(drawn);
    await panels.say(met, screen, origin);
  };
  return {
    judge,
    command: (met, origin, rest) => judge(met, origin, claimIn(rest, origin, username)),
  };
}

function claimIn(text: string, { update }: Origin, username: string): Claim {
  const [said = ''] = text.trim().split(/\s+/);
  const whom = update?.mentioned.find(({ userId }) => userId !== null) ?? (said === '' ? update?.repliedTo : undefined);
  if (whom?.userId) return { kind: 'sender', platform: PLATFORM, platformUserId: whom.userId };
  if (said === '') return { kind: 'nothing' };
  const name = /^@(\w{4,32})$/.exec(said)?.[1] ?? nameInLink(said);
  if (name === undefined) return { kind: 'link', url: withScheme(said) };
  return name.toLowerCase() === username.toLowerCase() ? { kind: 'bot' } : { kind: 'name', platform: PLATFORM, name };
}

const withScheme = (text: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);

/** The bot, person or group that a link of Telegram's own leads to; undefined for every other link. */
function nameInLink(text: string): string | undefined {
  const link = URL.parse(withScheme(text));
  if (!link || link.username !== '' || link.password !== '' || link.port !== '') return undefined;
  const named = (name: string | null | undefined) => (/^\w{4,32}$/.test(name ?? '') ? (name ?? undefined) : undefined);
  if (link.protocol === 'tg:') return link.hostname === 'resolve' ? named(link.searchParams.get('domain')) : undefined;
  if (link.protocol !== 'https:' && link.protocol !== 'http:') return undefined;
  if (/^(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)$/.test(link.hostname)) return named(link.pathname.split('/')[1]);
  return named(/^(\w+)\.t\.me$/.exec(link.hostname)?.[1]);
}

/** Who wrote a message that was passed on to us, as far as Telegram tells; undefined for one that was not. */
export function claimOfForwarded({ forward_origin: from }: TelegramMessage, username: string): Claim | undefined {
  if (!from) return undefined;
  if (from.type === 'hidden_user') return { kind: 'hidden' };
  if (from.type !== 'user') return { kind: 'name', platform: PLATFORM, name: '' };
  const { id, is_bot: isBot, username: name } = from.sender_user;
  const isOurs = isBot && name?.toLowerCase() === username.toLowerCase();
  return isOurs ? { kind: 'bot' } : { kind: 'sender', platform: PLATFORM, platformUserId: String(id) };
}
