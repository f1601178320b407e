import { may } from '../../domain/policy.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from '../catalog/fields.ts';

/** The platform whose conversations are kept in our own database. */
const WEB = 'web';

/** A member writes into a group of the built-in chat. On other platforms they write there. */
export const say: UseCase<'say'> = async (tx, at, { chatId, text }) => {
  const chat = await tx.people.chat(chatId);
  if (!chat || chat.communityId !== at.community.id) return refuse('not_found');
  if (!may(at.actor, 'chat.write', { communityId: chat.communityId })) return refuse('not_allowed');
  if (chat.platform !== WEB) return refuse('not_allowed');
  const words = textField('text', text, { max: 1000, lines: true });
  if (!words.ok) return words;

  const id = at.deps.ids.next();
  const message = { id, audience: { chatId }, key: id, authorId: at.actor.personId, text: words.value, view: null };
  await tx.web.put(message, at.now);
  return show(null);
};
