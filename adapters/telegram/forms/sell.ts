/** A product in one line: `/sell Mango box | 12.50 | 20 | Ripe today`, with a photo if there is one. What is missing is asked for. */
import { fail, type Result } from '../../../src/domain/faults.ts';
import type { Core, Viewer } from '../../../src/ports/core.ts';
import type { Words } from '../../../src/ports/words.ts';
import type { ProductKind } from '../../../src/domain/product.ts';
import { draw } from '../../../src/view/draw.ts';
import { drawFault } from '../../../src/view/fault.ts';
import type { Action } from '../../../src/view/view.ts';
import type { Forms, Opened } from './forms.ts';
import type { Download } from './options.ts';
import { keepPhoto } from './photo.ts';
import type { Answer } from './state.ts';

const NAMES = ['form.title', 'form.price', 'form.stock', 'form.description'] as const;
/** A bar of any keyboard. */
const bar = /[|｜¦│]/u;

/** The line's parts by the names of the form's fields; whatever comes after the third bar is description, bars and all. */
export function parseSell(args: string): Record<string, string> {
  const parts = args.split(bar).map((part) => part.trim());
  const last = NAMES.length - 1;
  const taken = [...parts.slice(0, last), parts.slice(last).join(' | ')];
  return Object.fromEntries(NAMES.flatMap((name, index) => (taken[index] ? [[name, taken[index]] as const] : [])));
}

export type Sell = {
  readonly viewer: Viewer;
  readonly shopId: string;
  readonly productKind?: ProductKind;
  /** Where it was written: the card is posted there. Null in private. */
  readonly chatId: string | null;
  /** What follows the command. */
  readonly args: string;
  /** Telegram's file id of the photo that came with it. */
  readonly fileId: string | null;
  /** Names the update that brought it: [A-Za-z0-9_-], at most 32. */
  readonly updateName: string;
};

type SellOptions = {
  readonly core: Pick<Core, 'load' | 'saveImage'>;
  readonly forms: Pick<Forms, 'open'>;
  readonly download: Download;
  readonly wordsOf: (viewer: Viewer) => Promise<Words>;
};

/** Posts it at once when nothing is missing; else the guided form goes on from what was written. A fault: they may not sell here. */
export function createSell(options: SellOptions): (sell: Sell) => Promise<Result<Opened>> {
  const { core, forms, wordsOf } = options;
  return async ({ viewer, shopId, productKind = 'physical', chatId, args, fileId, updateName }) => {
    const message = { name: 'new_product', shopId, productKind, chatId } as const;
    const loaded = await core.load(message, viewer);
    if (!loaded.ok) return loaded;
    const words = await wordsOf(viewer);
    const asked = draw(message, loaded.value, words).actions.flat().find(isPosting);
    if (!asked) return fail('not_allowed');
    const written = parseSell(args);
    const photo = fileId === null ? undefined : await keepPhoto(options, fileId);
    const answers: Record<string, Answer> = { ...written, ...(photo?.ok ? { 'form.imageDigest': photo.value } : {}) };
    const start = { viewer, chatId, do: asked.do, form: asked.form, answers };
    const isWhole = written['form.title'] !== undefined && written['form.price'] !== undefined;
    // Half a line is a beginning, and no line at all asks for the form.
    const isHalf = !isWhole && args.trim() !== '';
    const complaint =
      photo?.ok === false ? drawFault(photo.fault, words) : isHalf ? words.t('telegram.form.sell') : undefined;
    const opened = await forms.open({
      ...start,
      ...(complaint === undefined ? {} : { complaint }),
      ...(isWhole ? { submitAs: updateName } : {}),
    });
    return { ok: true, value: opened };
  };
}

type FormAction = Extract<Action, { kind: 'form' }>;
const isPosting = (action: Action): action is FormAction => action.kind === 'form' && action.do.kind === 'post_product';
