/** Opens the form that a button asks for, and sends it once. */
import { newKey, type Values } from './api.ts';
import { openDialog } from './dialog.ts';
import { el } from './dom.ts';
import { drawField, type DrawnField } from './fields.ts';
import type { Page } from './page.ts';
import type { UploadPhoto } from './photo.ts';
import type { WireFormAction, WireReply } from './wire.ts';

type Options = {
  readonly action: WireFormAction;
  readonly upload: UploadPhoto;
  /** Sends; answers whatever came back, or undefined when nothing did. */
  readonly send: (filled: { values: Values; formId: string }) => Promise<WireReply | undefined>;
};

export function openForm(page: Page, options: Options): void {
  const { form } = options.action;
  const fields = form.fields.map((field) => drawField(field, page, options.upload));
  const fault = el('p', { class: 'form-fault', role: 'alert', dir: 'auto', hidden: true });
  const submit = el('button', { type: 'submit', class: 'button primary' }, el('span', { class: 'label' }, form.submit));
  const cancel = el('button', { type: 'button', class: 'button plain' }, page.word('cancel'));
  const node = el(
    'form',
    { novalidate: true },
    el('div', { class: 'dialog-body' }, ...fields.map((field) => field.node)),
    fault,
    el('footer', { class: 'dialog-foot' }, cancel, submit),
  );
  const { dialog, close } = openDialog(page, { title: form.title, content: [node] });
  cancel.addEventListener('click', close);

  // One form, one wish: what was refused may be corrected and is then another wish.
  let formId = newKey();
  let busy = false;
  const complain = (text: string | null, name: string | null = null) => {
    for (const field of fields) field.complain(null);
    const at = name === null ? undefined : fieldOf(fields, name);
    fault.hidden = text === null || at !== undefined;
    fault.textContent = fault.hidden ? '' : text;
    at?.complain(text);
  };
  const send = async () => {
    const empty = fields.find((field) => field.missing());
    if (empty) return complain(page.word('field_missing'), empty.name);
    complain(null);
    busy = true;
    submit.setAttribute('aria-busy', 'true');
    const values = Object.fromEntries(fields.map((field) => [field.name, field.read()]));
    const reply = await options.send({ values, formId });
    busy = false;
    submit.removeAttribute('aria-busy');
    if (!reply) return complain(page.word('no_answer'));
    if (reply.ok) return close();
    formId = newKey();
    return complain(reply.fault.text, reply.fault.field);
  };
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!busy) void send();
  });
  dialog.querySelector<HTMLElement>('input:not([type=file]), textarea, select')?.focus();
}

/** A fault names the last part of a field: "price" speaks of "form.price". */
function fieldOf(fields: readonly DrawnField[], name: string): DrawnField | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.name.endsWith(`.${name}`));
}
