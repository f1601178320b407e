/** The web chat as the outbox sees it: a message is a row, and a row that is there was sent. */
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { Json } from '../../src/ports/runtime.ts';
import type { WebAudience, WebMessage } from '../../src/ports/store/web.ts';
import { drawHandle, withHandles } from '../../src/view/handles.ts';
import type { View } from '../../src/view/view.ts';
import type { WebAdapterOptions } from './options.ts';
import { render } from './render.ts';

type PanelPlace = {
  personId: string;
  communityId: string;
  key: string;
  locale: string;
  message: Message;
  view: View;
};

export type WebPlatform = ChatPlatform<View> & {
  /** As `panel`, and answers the stored message. */
  readonly putPanel: (to: PanelPlace) => Promise<WebMessage>;
};

type Options = Pick<WebAdapterOptions, 'core' | 'store' | 'clock' | 'ids' | 'handleKey' | 'words'> & {
  readonly notify: (personId?: string) => void;
};

export function createPlatform(options: Options): WebPlatform {
  const { core, store, clock, ids, notify, words } = options;

  const put = async (
    audience: WebAudience,
    key: string,
    { view, locale, message: about }: { view: View; locale: string; message: Message },
  ): Promise<WebMessage> => {
    const place =
      'chatId' in audience
        ? { chatId: audience.chatId, personId: null }
        : { chatId: null, personId: audience.personId };
    const { view: handled, drawn } = withHandles(view, { ...place, key: options.handleKey });
    // A button is known before it can be seen.
    const source =
      view.document && drawHandle({ kind: 'show', message: about }, 'u', { ...place, key: options.handleKey });
    if (source) drawn.push(source);
    if (drawn.length > 0) await core.drawHandles(drawn);
    const message = {
      id: ids.next(),
      audience,
      key,
      authorId: null,
      text: null,
      view: render(handled, { locale, dir: words(locale, 'UTC').fmt.dir, source: source?.handle }) as Json,
    };
    const stored = await store.transact<StoredMessage>(null, (tx) => tx.web.put(message, clock.now()));
    notify(place.personId ?? undefined);
    return stored;
  };
  const putPanel: WebPlatform['putPanel'] = ({ personId, communityId, key, ...drawn }) =>
    put({ personId, communityId }, key, drawn);

  return {
    platform: 'web',
    can: { ephemeral: true, edit: true, forms: true, privateFirst: true, keyed: true },
    // The key is unique in its chat: sent twice it stands there once.
    post: async ({ chat, key, ...drawn }) => ({
      outcome: 'sent',
      ref: (await put({ chatId: chat.id }, key, drawn)).id,
    }),
    edit: async ({ chat, ref, locale, message, view }) => {
      const known = await store.read((reads) => reads.web.message(ref));
      if (!known || !('chatId' in known.audience) || known.audience.chatId !== chat.id) return { outcome: 'gone' };
      await put(known.audience, known.key, { view, locale, message });
      return { outcome: 'sent', ref };
    },
    panel: async (to) => ({ outcome: 'sent', ref: (await putPanel(to)).id }),
    putPanel,
  };
}

/** A stored message is plain data; its type has no index signature to say so. */
type StoredMessage = WebMessage & Json;
