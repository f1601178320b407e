/** A list of what is on sale, placed in a chat by those who run the market, and kept true from then on. */
import { may } from '../../domain/policy.ts';
import { audit } from '../audit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { send } from '../tell.ts';

/** A standing one stays the only one: asked for again it is drawn again where it stands. */
export const placeIndex: UseCase<'place_index'> = async (tx, at, { chatId }) => {
  if (!may(at.actor, 'community.configure', { communityId: at.community.id })) return refuse('not_allowed');
  const chat = await tx.people.chat(chatId);
  if (!chat || chat.communityId !== at.community.id) return refuse('not_found');
  const placed = { chatId, state: 'posting', messageRef: null, createdAt: at.now } as const;
  const isNew = await tx.selling.insertIndex(placed);
  const standing = isNew ? undefined : await tx.selling.index(chatId);
  const lost = standing?.state === 'removed' || standing?.state === 'unknown';
  if (lost) await tx.selling.updateIndex(chatId, { state: 'posting', messageRef: null });
  const lane = `index:${chatId}`;
  if (isNew || lost) await send(tx, at, lane, { name: 'index.post', chatId });
  else await send(tx, at, lane, { name: 'index.refresh', chatId }, 'index.refresh');
  await audit(tx, at, 'chat.index', chatId);
  return show({ name: 'notice', kind: 'index_placed', objectId: null, params: { title: chat.title } });
};
