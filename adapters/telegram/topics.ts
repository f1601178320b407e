/** Forum topics: each that was sold in is a chat of its own to the market, named by its group and its thread. */
import type { Message } from 'grammy/types';
import type { Ids } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import { PLATFORM } from './options.ts';

/** A chat as Telegram sends to it. */
export type Target = { readonly chat: string; readonly topic: number | undefined };

/** "-1001" is a group, "-1001:17" the topic 17 in it. */
export function targetOf(platformChatId: string): Target {
  const [chat = '', topic] = platformChatId.split(':');
  return { chat, topic: topic === undefined ? undefined : Number(topic) };
}

const nameOf = ({ chat, topic }: Target): string => (topic === undefined ? chat : `${chat}:${topic}`);

export const isTopic = (platformChatId: string): boolean => platformChatId.includes(':');

export type Topics = {
  /** The market's own id of the topic, where it has one; else that of its group. */
  find(groupId: string, target: Target): Promise<string>;
  /** Makes a topic a chat of the market, once. `message` stands in it: it tells the topic's name. */
  learn(groupId: string, target: Target, message: Message): Promise<string>;
};

export function createTopics({ store, ids }: { readonly store: Store; readonly ids: Pick<Ids, 'next'> }): Topics {
  const find: Topics['find'] = async (groupId, target) => {
    if (target.topic === undefined) return groupId;
    const known = await store.read((reads) => reads.people.chatByPlatform(PLATFORM, nameOf(target)));
    return known?.id ?? groupId;
  };
  return {
    find,
    async learn(groupId, target, message) {
      if (target.topic === undefined) return groupId;
      const platformChatId = nameOf(target);
      await store.transact(null, async (tx) => {
        const group = await tx.people.chat(groupId);
        if (!group) return null;
        const { communityId } = group;
        const title = `${group.title} › ${titleIn(message) ?? `#${target.topic}`}`;
        await tx.people.insertChat({ id: ids.next(), communityId, platform: PLATFORM, platformChatId, title });
        // Back in a group that had sent us away.
        const known = await tx.people.chatByPlatform(PLATFORM, platformChatId);
        const place = known && (await tx.platforms.chatPlace(known.id));
        if (place && !place.present) await tx.platforms.putChatPlace({ ...place, present: true });
        return null;
      });
      return find(groupId, target);
    },
  };
}

/** Everything said in a topic answers the message that opened it, unless it answers another. */
const titleIn = ({ forum_topic_created: opened, reply_to_message: answered }: Message): string | undefined =>
  opened?.name ?? answered?.forum_topic_created?.name;
