/** What the forms are given by the adapter around them. */
import type { Result } from '../../../src/domain/faults.ts';
import type { Core, Viewer } from '../../../src/ports/core.ts';
import type { Message } from '../../../src/ports/messages.ts';
import type { Clock, Ids } from '../../../src/ports/runtime.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { Words } from '../../../src/ports/words.ts';
import type { Screen } from '../render/screen.ts';

/** The private chat with a person, as far as a form needs it. None of these throws for a chat that is closed. */
export type FormWire = {
  /** A new message; its id, or null when this person cannot be written to. */
  readonly ask: (personId: string, screen: Screen) => Promise<number | null>;
  /** Draws a question where it stands ("not modified" is fine); false when it stands there no more. */
  readonly redraw: (personId: string, messageId: number, screen: Screen) => Promise<boolean>;
  /** Takes the buttons off a question that was answered. */
  readonly retire: (personId: string, messageId: number) => Promise<void>;
};

/** A photo that was sent to the bot, by Telegram's file id: `image_too_large` and the like. */
export type Download = (fileId: string) => Promise<Result<Uint8Array>>;

export type FormsOptions = {
  readonly core: Pick<Core, 'handle' | 'saveImage'>;
  readonly store: Pick<Store, 'read' | 'transact'>;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'token'>;
  readonly wire: FormWire;
  readonly download: Download;
  readonly wordsOf: (viewer: Viewer) => Promise<Words>;
  /** The panel that answers a form. */
  readonly show: (viewer: Viewer, message: Message) => Promise<void>;
};
