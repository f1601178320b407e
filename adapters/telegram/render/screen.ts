/** A neutral view as one Telegram message. */
import type { Message } from '../../../src/ports/messages.ts';
import type { Words } from '../../../src/ports/words.ts';
import { drawHandle, type DrawnHandle, type HandleOptions, withHandles } from '../../../src/view/handles.ts';
import type { Document, View } from '../../../src/view/view.ts';
import { runsOf } from '../../../src/view/spoken.ts';
import { keyboardOf, type Keyboard } from './keyboard.ts';
import { directed, fitted, isBlank, plain, type Run } from '../../../src/view/runs.ts';
import { CAPTION_MAX, TEXT_MAX, toHtml } from './text.ts';

export type Screen = {
  /** For parse_mode HTML: a text, or the caption where there is a photo. */
  readonly html: string;
  /** Digest of an image of ours. */
  readonly photo: string | null;
  readonly keyboard: Keyboard;
  /** Something at the end found no place. */
  readonly cut: boolean;
  /** What stands beside it in the private chat: a document of the view, or else all of a text that found no place. */
  readonly file?: { readonly name: string; readonly text: string };
  /** Sent as a file, with the rest as its caption. Such a message is never edited: each is a new one. */
  readonly document?: Document;
};

export type ScreenOptions = HandleOptions & {
  /** What the view was drawn from: its forms and questions draw it again. */
  readonly message: Message;
  readonly words: Words;
  /** Words of ours under everything else: commands in them stay commands. */
  readonly foot?: string;
};

/** `drawn` is stored (core.drawHandles) before the screen is shown. */
export function drawScreen(given: View, options: ScreenOptions): { screen: Screen; drawn: DrawnHandle[] } {
  const { message, words, foot } = options;
  const { view, file } = apart(given);
  const { view: handled, drawn } = withHandles(view, options);
  const source = sourceOf(message, options);
  const { keyboard, links, dropped } = keyboardOf(handled, words, source.handle);
  const note: Run[] =
    dropped === 0
      ? []
      : [{ text: `\n\n${plain(words.t('telegram.screen.dropped', { count: dropped }), words.fmt.dir)}` }];
  const more: Run[] = [{ text: `\n\n${plain(words.t('telegram.screen.cut'), words.fmt.dir)}` }];
  const under: Run[] = foot === undefined ? [] : [{ text: `\n\n${foot}` }];
  const again = keyboard.flat().some((button) => 'callback_data' in button && button.callback_data.includes(':'));
  const beside: Run[] = file ? [...more] : [];
  const screen = compose([...runsOf(handled, words.fmt), ...beside, ...note, ...links, ...under], {
    photo: view.image?.digest ?? null,
    keyboard,
    dir: words.fmt.dir,
    more,
    document: view.document,
  });
  return {
    screen: file ? { ...screen, file } : screen,
    drawn: again ? [...drawn, source] : drawn,
  };
}

/** A document of a view is no part of its text. */
function apart(view: View): { view: View; file: Screen['file'] } {
  const document = view.body.find((block) => block.kind === 'copy' && block.file !== undefined);
  if (document?.kind !== 'copy' || document.file === undefined) return { view, file: undefined };
  const body = view.body.filter((block) => block !== document);
  return { view: { ...view, body }, file: { name: document.file, text: document.text } };
}

/** The button that shows a message again. */
export function sourceOf(message: Message, options: HandleOptions): DrawnHandle {
  return drawHandle({ kind: 'show', message }, 'u', options);
}

type Rest = {
  readonly photo: string | null;
  readonly keyboard: Keyboard;
  readonly dir: 'ltr' | 'rtl';
  /** What stands at the end of a text that is not all of it. */
  readonly more?: readonly Run[];
  readonly document?: Document | undefined;
};

/** What keeps words from being links, and lines in their direction, has no use in a file. */
const UNSEEN = /[\u2060\u2066-\u2069\u200e\u200f]/g;

/** A picture is left out where its caption would have to end before the text does. */
export function compose(runs: readonly Run[], { photo, keyboard, dir, more = [], document }: Rest): Screen {
  const all = directed(runs, dir);
  if (document) {
    const { runs: under, cut } = fitted(all, CAPTION_MAX);
    return { html: toHtml(under), photo: null, keyboard, cut, document };
  }
  const caption = photo === null ? undefined : fitted(all, CAPTION_MAX);
  if (caption && !caption.cut) return { html: toHtml(caption.runs), photo, keyboard, cut: false };
  const text = fitted(all, TEXT_MAX);
  // Telegram refuses a message with nothing to see.
  if (!text.cut) return { html: isBlank(text.runs) ? '…' : toHtml(text.runs), photo: null, keyboard, cut: false };
  const room = TEXT_MAX - more.reduce((sum, run) => sum + run.text.length, 0);
  const whole = runs.map((run) => run.text.replaceAll(UNSEEN, '')).join('');
  const html = toHtml([...fitted(all, room).runs, ...more]);
  return { html, photo: null, keyboard, cut: true, file: { name: '', text: whole } };
}
