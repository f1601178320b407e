/** From what came over the wire to a command, and from its reply to the panel that answers. */
import { z } from 'zod';
import { fail, type Result } from '../../src/domain/faults.ts';
import type { Core, Viewer } from '../../src/ports/core.ts';
import type { IntentKind } from '../../src/ports/intents.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { WebMessage } from '../../src/ports/store/web.ts';
import type { Words } from '../../src/ports/words.ts';
import { draw } from '../../src/view/draw.ts';
import { parseIntent } from '../../src/view/intent.ts';
import { panelKey } from '../../src/view/panel-key.ts';
import type { WebPlatform } from './platform.ts';

const key = z.string().regex(/^[\w-]{1,64}$/);
const chatId = z.string().min(1).max(64);

/** What is said has at most 1,000 characters as people count them; a reader of card numbers looks at every one of these. */
const SAID_MAX = 8_000;

const said = z.strictObject({ chatId, text: z.string().max(SAID_MAX), key });
const pressed = z.strictObject({
  handle: z.string().max(64),
  chatId: chatId.nullable().default(null),
  /** Absent: this button and this person are the key, so that all its presses are one. */
  key: key.optional(),
  formId: key.optional(),
  values: z.record(z.string(), z.unknown()).optional(),
});

/** What changes the frame of the page itself. */
const REFRAMING: ReadonlySet<IntentKind> = new Set(['set_profile', 'choose_role', 'erase_me']);

export type Pressed = { readonly panel: WebMessage | null; readonly reload: boolean };

export type Presses = {
  readonly say: (viewer: Viewer, body: unknown) => Promise<Result<null>>;
  readonly press: (viewer: Viewer, body: unknown) => Promise<Result<Pressed>>;
  readonly show: (viewer: Viewer, message: Message) => Promise<Result<WebMessage>>;
};

type Options = {
  readonly core: Core;
  readonly platform: WebPlatform;
  readonly wordsOf: (viewer: Viewer) => Promise<Words>;
  readonly notify: () => void;
};

export function createPresses({ core, platform, wordsOf, notify }: Options): Presses {
  const show: Presses['show'] = async (viewer, message) => {
    const loaded = await core.load(message, viewer);
    if (!loaded.ok) return loaded;
    const words = await wordsOf(viewer);
    const view = draw(message, loaded.value, words);
    const to = { ...viewer, key: panelKey(message), locale: words.locale, message, view };
    return { ok: true, value: await platform.putPanel(to) };
  };
  return {
    show,
    say: async (viewer, body) => {
      const words = said.safeParse(body);
      if (!words.success) return fail('input_invalid');
      const { chatId: to, text } = words.data;
      const intent = { kind: 'say', chatId: to, text } as const;
      const reply = await core.handle({
        key: `web.say:${viewer.personId}:${words.data.key}`,
        ...viewer,
        chatId: to,
        intent,
      });
      notify();
      return reply.ok ? { ok: true, value: null } : reply;
    },
    press: async (viewer, body) => {
      const press = pressed.safeParse(body);
      if (!press.success) return fail('input_invalid');
      const { handle, chatId: from, values, formId } = press.data;
      const stored = await core.readHandle({ handle, personId: viewer.personId, chatId: from });
      if (!stored.ok) return stored;
      const intent = parseIntent(stored.value, values);
      if (!intent.ok) return intent;
      const once = formId === undefined ? `press:${handle}:${press.data.key ?? ''}` : `form:${formId}`;
      const command = { key: `web.${once}:${viewer.personId}`, ...viewer, chatId: from, intent: intent.value };
      const reply = await core.handle(command);
      notify();
      if (!reply.ok) return reply;
      const reload = REFRAMING.has(intent.value.kind);
      if (!reply.show) return { ok: true, value: { panel: null, reload } };
      const shown = await show(viewer, reply.show);
      return shown.ok ? { ok: true, value: { panel: shown.value, reload } } : shown;
    },
  };
}
