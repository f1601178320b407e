/** `/bill @person 80 deposit`: whom, how much, for what. Whatever is missing is asked for by the form. */
import type { MessageEntity, Message as TelegramMessage, User } from 'grammy/types';
import { isCurrency } from '../../src/domain/currency.ts';
import { fail, ok, type Result } from '../../src/domain/faults.ts';
import type { Core } from '../../src/ports/core.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Command } from './commands.ts';
import type { Messenger } from './messenger.ts';
import { troubleOf } from './api.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Mentioned, Origin } from './origin.ts';
import type { Panels } from './panels.ts';
import type { Met } from './people.ts';
import { compose, sourceOf } from './render/screen.ts';
import { plain } from '../../src/view/runs.ts';

type Options = Pick<TelegramAdapterOptions, 'handleKey'> & {
  readonly core: Pick<Core, 'handle' | 'drawHandles'>;
  readonly store: Store;
  readonly panels: Panels;
  readonly messenger: Messenger;
  readonly username: string;
  readonly shopOf: (met: Met) => Promise<string | undefined>;
};

export function createBillCommand(options: Options): Command {
  const { core, panels, store, shopOf } = options;
  return async (met, origin, rest) => {
    const shopId = await shopOf(met);
    if (shopId === undefined) return panels.show(met, { name: 'home' }, origin);
    const [named] = origin.update?.mentioned ?? [];
    const whom = named ?? origin.update?.repliedTo;
    const found = whom ? await personOf(store, met.communityId, whom) : ok(null);
    if (!found.ok) return panels.refuse(met, found.fault, origin);
    const wish = readWish(named ? rest.replace(named.text, ' ') : rest);
    const personId = found.value;
    if (personId === null || !wish || !origin.update) {
      return panels.show(met, { name: 'new_bill', shopId, personId }, origin);
    }
    const reply = await core.handle({
      key: `telegram.bill:${origin.update.name}:${met.personId}`,
      personId: met.personId,
      communityId: met.communityId,
      chatId: origin.group?.chatId ?? null,
      intent: { kind: 'bill_person', shopId, personId, productKind: 'service', ...wish },
    });
    if (!reply.ok) return panels.refuse(met, reply.fault, origin);
    if (reply.show?.name !== 'sale') return;
    await panels.show(met, reply.show, origin);
    await tellHow(options, { met, origin, personId, orderId: reply.show.orderId });
  };
}

/** A person is found among those who have met us in this community; nobody else can be written to. */
async function personOf(
  store: Store,
  communityId: string,
  { userId, username }: Mentioned,
): Promise<Result<string | null>> {
  return store.read(async (reads) => {
    const personId =
      userId === null
        ? await reads.platforms.personByName(PLATFORM, username ?? '')
        : await reads.people.personByIdentity(PLATFORM, userId);
    const known = personId !== undefined && (await reads.people.role(communityId, personId)) !== undefined;
    return known ? ok(personId) : fail('person_unknown');
  });
}

/** "80 deposit", "USD 80 deposit", "80 USD deposit". Undefined while the sum or the words are missing. */
export function readWish(rest: string): { amount: string; text: string } | undefined {
  const words = rest.trim().split(/\s+/);
  const isCode = (word: string | undefined) => word !== undefined && isCurrency(word.toUpperCase());
  const length = isCode(words[0]) || isCode(words[1]) ? 2 : 1;
  const amount = words.slice(0, length).join(' ');
  const text = words.slice(length).join(' ');
  return amount === '' || text === '' ? undefined : { amount, text };
}

type Billed = { readonly met: Met; readonly origin: Origin; readonly personId: string; readonly orderId: string };

/** Whoever has not opened a private chat with us reads their bill behind a link that is good for them alone. */
async function tellHow({ core, store, panels, messenger, handleKey, username }: Options, billed: Billed) {
  const { met, origin, personId, orderId } = billed;
  const { address, person } = await store.read(async (reads) => ({
    address: await reads.platforms.address(personId, PLATFORM),
    person: await reads.people.person(personId),
  }));
  if (!address || address.open) return;
  const source = sourceOf({ name: 'order', orderId }, { chatId: null, personId, key: handleKey });
  await core.drawHandles([source]);
  const { t, fmt } = met.words;
  const name = plain(person?.name ?? '', fmt.dir);
  const url = `https://t.me/${username}?start=${source.handle}`;
  if (!origin.group) {
    const said = compose([{ text: t('bot.bill_closed', { name, url }) }], { photo: null, keyboard: [], dir: fmt.dir });
    return panels.say(met, said, origin);
  }
  const keyboard = [[{ text: t('bot.continue'), url }]];
  const said = compose([{ text: t('bot.bill_waits', { name }) }], { photo: null, keyboard, dir: fmt.dir });
  try {
    await messenger.send(origin.group.chat, said, { quiet: true, topic: origin.group.topic });
  } catch (error) {
    // They find it under their orders all the same.
    troubleOf(error, 'send');
  }
}

/** Whom a message names: by a tap on a name that has no @, or by one that has. */
export function mentionedIn({ text, caption, entities, caption_entities: more }: TelegramMessage): Mentioned[] {
  const said = text ?? caption ?? '';
  const cut = ({ offset, length }: MessageEntity) => said.slice(offset, offset + length);
  return [...(entities ?? more ?? [])].flatMap((entity): Mentioned[] => {
    if (entity.type === 'mention') return [{ userId: null, username: cut(entity).slice(1), text: cut(entity) }];
    if (entity.type !== 'text_mention' || entity.user.is_bot) return [];
    return [{ ...byId(entity.user), text: cut(entity) }];
  });
}

/** Whom a message answers. The first message of a topic is what everything in it answers: that is nobody's word. */
export function repliedToBy({ reply_to_message: answered }: TelegramMessage): Mentioned | undefined {
  const from = answered?.from;
  return !from || from.is_bot || answered.forum_topic_created ? undefined : { ...byId(from), text: '' };
}

const byId = ({ id }: User) => ({ userId: String(id), username: null });
