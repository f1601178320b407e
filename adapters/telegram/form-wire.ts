/** The private chat as forms need it: questions that are asked, drawn again and retired. */
import { troubleOf, TryLater } from './api.ts';
import type { FormWire } from './forms/options.ts';
import type { Messenger } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';

type Options = Pick<TelegramAdapterOptions, 'store'> & { readonly messenger: Messenger };

export function createFormWire({ store, messenger }: Options): FormWire {
  const chatOf = async (personId: string): Promise<string | undefined> => {
    const address = await store.read((reads) => reads.platforms.address(personId, PLATFORM));
    return address?.open ? address.userId : undefined;
  };
  const close = async (personId: string) => {
    await store.transact(null, async (tx) => {
      await tx.platforms.setOpen(personId, PLATFORM, false);
      return null;
    });
  };
  return {
    async ask(personId, screen) {
      const chat = await chatOf(personId);
      if (chat === undefined) return null;
      try {
        return (await messenger.send(chat, screen)).message_id;
      } catch (error) {
        const trouble = troubleOf(error, 'send');
        if (trouble.kind === 'later') throw new TryLater(trouble.afterMs, 'a question');
        if (trouble.kind === 'closed') await close(personId);
        return null;
      }
    },
    async redraw(personId, message, screen) {
      const chat = await chatOf(personId);
      if (chat === undefined) return false;
      try {
        return (await messenger.edit({ chat, message, photo: null }, screen)) !== undefined;
      } catch (error) {
        const trouble = troubleOf(error, 'edit');
        if (trouble.kind === 'later') throw new TryLater(trouble.afterMs, 'a question');
        return false;
      }
    },
    async retire(personId, message) {
      const chat = await chatOf(personId);
      if (chat !== undefined) await messenger.strip({ chat, message });
    },
  };
}
