/** From a tap to its answer: shown as working at once, sent under one key until an answer came, never blocking the page. */
import { Lost, newKey, type Api } from './api.ts';
import { confirmFirst } from './dialog.ts';
import { openForm } from './form.ts';
import type { Page } from './page.ts';
import type { Act } from './view.ts';
import type { WireMessage, WirePress, WireReply } from './wire.ts';

/** A second tap this soon after an answer is the same wish. */
const DOUBLE_TAP_MS = 350;

export type ActsOptions = {
  readonly api: Api;
  readonly chatOf: (button: HTMLElement) => string | null;
  /** The panel that answers is to be shown. */
  readonly onAnswer: (message: WireMessage) => void;
};

export function createActs(page: Page, options: ActsOptions): Act {
  const working = new Set<string>();

  const take = (reply: WireReply) => {
    if (!reply.ok) return;
    page.hush();
    if (reply.message) options.onAnswer(reply.message);
    if (reply.reload) location.reload();
  };
  const guarded = async (send: () => Promise<WireReply>): Promise<WireReply | undefined> => {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Lost) return undefined;
      throw error;
    }
  };
  const press = async (action: WirePress, button: HTMLButtonElement) => {
    if (working.has(action.handle)) return;
    if (action.confirm !== null) {
      const question = { text: action.confirm, yes: action.label, danger: action.style === 'danger' };
      if (!(await confirmFirst(page, question))) return;
    }
    working.add(action.handle);
    button.setAttribute('aria-busy', 'true');
    const chatId = options.chatOf(button);
    const key = newKey();
    const reply = await guarded(() => options.api.press({ handle: action.handle, chatId, key }));
    button.removeAttribute('aria-busy');
    setTimeout(() => working.delete(action.handle), DOUBLE_TAP_MS);
    if (!reply) page.complain(page.word('no_answer'));
    else if (reply.ok) take(reply);
    else page.complain(reply.fault.text);
  };

  return (action, button) => {
    if (action.kind === 'link') return;
    if (action.kind === 'press') return void press(action, button);
    const chatId = options.chatOf(button);
    openForm(page, {
      action,
      upload: options.api.photo,
      send: async (filled) => {
        const reply = await guarded(() => options.api.press({ handle: action.handle, chatId, ...filled }));
        if (reply) take(reply);
        return reply;
      },
    });
  };
}
