/** A person's private chat: panels that stand there once, and words that do not. */
import { createHash } from 'node:crypto';
import type { Viewer } from '../../src/ports/core.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { View } from '../../src/view/view.ts';
import { Refused, TryLater, troubleOf } from './api.ts';
import type { Messenger, Place } from './messenger.ts';
import type { TelegramAdapterOptions } from './options.ts';
import type { Origin } from './origin.ts';
import type { PanelRefs } from './panel-refs.ts';
import type { Met } from './people.ts';
import { productStart, productUrl, shareUrl } from './product-link.ts';
import { qrData } from './render/data.ts';
import { drawScreen, type Screen, sourceOf } from './render/screen.ts';

export type PrivateOptions = Pick<TelegramAdapterOptions, 'core' | 'handleKey'> & {
  readonly messenger: Messenger;
  readonly refs: PanelRefs;
  /** Without the @. */
  readonly username: string;
};

export type PrivateSide = ReturnType<typeof createPrivateSide>;

export function createPrivateSide({ core, messenger, refs, handleKey, username }: PrivateOptions) {
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
    const place = { chatId: null, personId, key: handleKey };
    const { screen, drawn } = drawScreen(shown.view, { ...place, message: shown.message, words: shown.words });
    if (drawn.length > 0) await core.drawHandles(drawn);
    return shown.message.name === 'edit_product' ? passedOn(screen, username, shown) : screen;
  };
  /** A link into the private chat that shows this message there. */
  const linkTo = async (personId: string, message: Message): Promise<string> => {
    const source = sourceOf(message, { chatId: null, personId, key: handleKey });
    await core.drawHandles([source]);
    await refs.lead(personId, message);
    return `https://t.me/${username}?start=${source.handle}`;
  };
  /** The panel in the private chat. `inPlace`: it is edited wherever it stands, else it comes to the end of the chat. */
  const putPrivate = async (
    to: { personId: string; userId: string },
    { key, screen }: { key: string; screen: Screen },
    how: { inPlace: boolean; pressed?: Origin['pressed'] | undefined; quiet?: boolean },
  ): Promise<true> => {
    const isNew = key.startsWith('notice:') || screen.document !== undefined;
    const known = isNew ? undefined : await refs.find(to.personId, key);
    const standing = known && { chat: to.userId, message: known.m, photo: known.p };
    if (standing && (how.inPlace || how.pressed?.message === standing.message)) {
      const edited = await editIn(messenger, standing, screen);
      if (edited) {
        await refs.keep(to.personId, key, { m: edited.message, p: edited.photo });
        await putWhole(to, key, screen);
        return true;
      }
    }
    const { message_id: message } = await messenger.send(to.userId, screen, how.quiet ? { quiet: true } : {});
    if (!isNew) await refs.keep(to.personId, key, { m: message, p: screen.photo });
    if (standing) await messenger.remove(standing);
    await putWhole(to, key, screen);
    return true;
  };
  /** Under a panel that is not all of it stands a file that is; once for every text. */
  const putWhole = async (to: { personId: string; userId: string }, key: string, { file }: Screen): Promise<void> => {
    if (file === undefined) return;
    const ref = `${key}#`;
    const digest = createHash('sha256').update(file.text).digest('base64url');
    const known = await refs.find(to.personId, ref);
    if (known?.p === digest) return;
    const [panel = 'text'] = key.split(':');
    const name = file.name === '' ? `${panel}.txt` : file.name;
    const { message_id: m } = await messenger.sendFile(to.userId, { name, text: file.text });
    await refs.keep(to.personId, ref, { m, p: digest });
    if (known) await messenger.remove({ chat: to.userId, message: known.m });
  };

  return { privately, screenOf, linkTo, putPrivate };
}

/** The same with a way into the private chat under it. */
export function further({ words }: Pick<Met, 'words'>, screen: Screen, url: string): Screen {
  return { ...screen, keyboard: [...screen.keyboard, [{ text: words.t('bot.continue'), url }]] };
}

/** Undefined: it is not there any more, or cannot become this. */
export async function editIn(messenger: Messenger, place: Place, screen: Screen): Promise<Place | undefined> {
  try {
    return await messenger.edit(place, screen);
  } catch (error) {
    const trouble = troubleOf(error, 'edit');
    if (trouble.kind === 'gone' || trouble.kind === 'refused') return undefined;
    throw error;
  }
}

type Shown = { readonly message: Message; readonly words: Met['words'] };

/** A seller's product with its link to pass on, and a picture of it to print. */
function passedOn(screen: Screen, username: string, { message, words: { t } }: Shown): Screen {
  if (message.name !== 'edit_product') return screen;
  const { productId } = message;
  const share = { text: t('bot.share'), url: shareUrl(productUrl(username, productId)) };
  const qr = { text: t('bot.qr'), callback_data: qrData(productStart(productId)) };
  return { ...screen, keyboard: [...screen.keyboard, [share, qr]] };
}
