/** A native modal dialog: the browser keeps the focus in it, closes it by Esc and gives the focus back. */
import { el, icon } from './dom.ts';
import type { Page } from './page.ts';

let ids = 0;

export type Opened = { readonly dialog: HTMLDialogElement; readonly close: () => void };

export function openDialog(page: Page, options: { title: string; content: readonly Node[]; alert?: boolean }): Opened {
  const titleId = `d${(ids += 1)}`;
  const close = () => dialog.close();
  const cross = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': page.word('close'), onclick: close },
    icon('close'),
  );
  const head = el('header', { class: 'dialog-head' }, el('h2', { id: titleId, dir: 'auto' }, options.title), cross);
  const dialog = el(
    'dialog',
    { 'aria-labelledby': titleId, ...(options.alert ? { role: 'alertdialog', class: 'small' } : {}) },
    head,
    ...options.content,
    el('div', { class: 'toasts' }),
  );
  dialog.addEventListener('close', () => dialog.remove());
  // A press beside the dialog closes it, as people expect; a drag that ends there does not.
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target === dialog && options.alert) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}

/** Asks before something that cannot be undone. */
export function confirmFirst(page: Page, question: { text: string; yes: string; danger: boolean }): Promise<boolean> {
  return new Promise((resolve) => {
    const no = el('button', { type: 'button', class: 'button plain' }, page.word('no'));
    const yes = el(
      'button',
      { type: 'button', class: `button ${question.danger ? 'danger' : 'primary'}` },
      question.yes,
    );
    const text = el('p', { class: 'dialog-text', dir: 'auto' }, question.text);
    const foot = el('footer', { class: 'dialog-foot' }, no, yes);
    const { dialog, close } = openDialog(page, { title: question.yes, content: [text, foot], alert: true });
    let answer = false;
    no.addEventListener('click', close);
    yes.addEventListener('click', () => {
      answer = true;
      close();
    });
    dialog.addEventListener('close', () => resolve(answer));
    no.focus();
  });
}
