/**
 * The keys under the private chat's field for typing: always there, whatever stands above them. Some apps ignore a link into a chat
 * that is open already; whoever was led here by one goes on with the first key.
 */
import type { Words } from '../../src/ports/words.ts';
import { troubleOf } from './api.ts';
import type { Messenger } from './messenger.ts';
import type { TelegramAdapterOptions } from './options.ts';
import type { PanelRefs } from './panel-refs.ts';
import type { Met } from './people.ts';
import { label } from '../../src/view/runs.ts';
import { toHtml } from './render/text.ts';

/** Rows of commands. */
const KEYS = [['continue'], ['shop', 'orders', 'menu']] as const;
type Key = (typeof KEYS)[number][number];

const REF = 'keys';

export type Keys = {
  /** Lays them out, once, and again when the person's language has changed. */
  lay(met: Met): Promise<void>;
  /** The command of a key, in whichever language it was laid out. */
  commandOf(text: string): Key | undefined;
};

type Options = Pick<TelegramAdapterOptions, 'locales' | 'words'> & {
  readonly messenger: Pick<Messenger, 'sendKeys'>;
  readonly refs: Pick<PanelRefs, 'find' | 'keep'>;
};

const nameOf = (key: Key, { t }: Pick<Words, 't'>): string => label(t(`bot.key.${key}`));

export function createKeys({ locales, words, messenger, refs }: Options): Keys {
  const commands = new Map(
    locales.flatMap((locale) => {
      const spoken = words(locale, 'UTC');
      return KEYS.flat().map((key) => [nameOf(key, spoken), key] as const);
    }),
  );
  return {
    commandOf: (text) => commands.get(text.trim()),
    async lay({ personId, userId, words: spoken }) {
      const rows = KEYS.map((row) => row.map((key) => nameOf(key, spoken)));
      const laid = rows.flat().join('\n');
      if ((await refs.find(personId, REF))?.p === laid) return;
      try {
        const { message_id: m } = await messenger.sendKeys(
          String(userId),
          toHtml([{ text: spoken.t('bot.key.why') }]),
          rows,
        );
        await refs.keep(personId, REF, { m, p: laid });
      } catch (error) {
        // Without them everything works by commands; the next start lays them again.
        troubleOf(error, 'send');
      }
    },
  };
}
