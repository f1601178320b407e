/** The question that stands between a button and an irreversible step. */
import type { Words } from '../../../src/ports/words.ts';
import type { Behind } from '../../../src/view/behind.ts';
import { label, plain } from '../../../src/view/runs.ts';
import { againData } from './data.ts';
import { fold } from './keyboard.ts';
import { compose, type Screen } from './screen.ts';

/**
 * An irreversible step asks first, in the message it stands on: "yes" is the button itself, "no" shows the message again. Stored
 * nowhere, so that it is as true after a restart as before.
 */
export function drawQuestion(
  { view, action }: Behind,
  tap: { readonly handle: string; readonly source: string },
  { words }: { readonly words: Words },
): Screen {
  const { t, fmt } = words;
  const { confirm = '', style } = action.kind === 'press' ? action : { style: action.style };
  const title =
    view.title === undefined ? [] : ([{ text: plain(view.title, fmt.dir), mark: 'b' }, { text: '\n\n' }] as const);
  const yes = {
    text: label(action.label),
    style: style === 'danger' ? 'danger' : 'success',
    callback_data: tap.handle,
  } as const;
  const no = { text: label(t('telegram.screen.no')), callback_data: againData(tap.source) };
  return compose([...title, { text: `⚠️ ${plain(confirm, fmt.dir)}` }], {
    photo: view.image?.digest ?? null,
    keyboard: fold([yes, no]),
    dir: fmt.dir,
  });
}
