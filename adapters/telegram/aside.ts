/** What one member alone sees in a group. It may vanish at any time, and nobody is told. */
import { TryLater, troubleOf } from './api.ts';
import type { Aside, Messenger, SendOptions } from './messenger.ts';
import type { Origin } from './origin.ts';
import type { Met } from './people.ts';
import type { Screen } from './render/screen.ts';

/** Undefined when the chat does not allow it. */
export type SayAside = (met: Pick<Met, 'userId'>, screen: Screen, origin: Origin) => Promise<Aside | undefined>;

export function createAsides({ messenger }: { readonly messenger: Messenger }): SayAside {
  return async (met, screen, { group, queryId, pressed, command }) => {
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
      const sent = await messenger.send(group.chat, screen, sending);
      return { ...place, ephemeral: sent.ephemeral_message_id ?? 0, photo: screen.photo };
    } catch (error) {
      const trouble = troubleOf(error, 'send');
      // It may stand there; a second one would be read twice, and what lasts is in private.
      if (trouble.kind === 'later') throw new TryLater(trouble.afterMs, 'an ephemeral message');
      return undefined;
    }
  };
}

export async function editAsideIn(messenger: Messenger, aside: Aside, screen: Screen): Promise<Aside | undefined> {
  try {
    return await messenger.editAside(aside, screen);
  } catch (error) {
    // Ephemeral messages vanish: nothing is lost, and nothing is to be repeated for it.
    troubleOf(error, 'edit');
    return undefined;
  }
}
