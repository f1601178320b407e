/** The fields of a form: each with its label, its hint and its fault tied to it. */
import { el } from './dom.ts';
import type { Page } from './page.ts';
import { drawPhoto, type UploadPhoto } from './photo.ts';
import type { WireField } from './wire.ts';

/** Up to this many choices are shown side by side; more become a list that opens. */
const CHOICES_SHOWN_MAX = 5;
const ROWS = 4;

export type DrawnField = {
  readonly name: string;
  readonly node: HTMLElement;
  readonly read: () => string | boolean | readonly string[];
  readonly complain: (text: string | null) => void;
  /** Whether it was left empty though it must not be. */
  readonly missing: () => boolean;
};

type Input = Pick<DrawnField, 'read'> & {
  readonly node: HTMLElement;
  readonly focus: HTMLElement;
  readonly group?: boolean;
};

let ids = 0;

export function drawField(field: WireField, page: Page, upload: UploadPhoto): DrawnField {
  const id = `f${(ids += 1)}`;
  const input = drawInput(field, id, page, upload);
  const hint = field.hint ? el('p', { class: 'hint', id: `${id}-hint`, dir: 'auto' }, field.hint) : null;
  const fault = el('p', { class: 'fault', id: `${id}-fault`, dir: 'auto', hidden: true });
  input.focus.setAttribute('aria-describedby', [hint?.id, fault.id].filter(Boolean).join(' '));
  const mark =
    field.required || field.kind === 'check' ? null : el('span', { class: 'optional' }, page.word('optional'));
  const label = el(
    input.group ? 'legend' : 'label',
    { dir: 'auto', ...(input.group ? {} : { for: id }) },
    field.label,
    mark && ' ',
    mark,
  );
  const parts = field.kind === 'check' ? [input.node, label, hint, fault] : [label, hint, input.node, fault];
  return {
    name: field.name,
    node: el(input.group ? 'fieldset' : 'div', { class: `field ${field.kind}` }, ...parts),
    read: input.read,
    missing: () => field.required === true && isEmpty(input.read()),
    complain: (text) => {
      fault.hidden = text === null;
      fault.textContent = text;
      if (text === null) input.focus.removeAttribute('aria-invalid');
      else {
        input.focus.setAttribute('aria-invalid', 'true');
        input.focus.focus();
        // The browser brings the field into sight, but not what stands below it.
        fault.scrollIntoView({ block: 'nearest' });
      }
    },
  };
}

function isEmpty(value: string | boolean | readonly string[]): boolean {
  return typeof value === 'boolean' ? !value : value.length === 0 || (typeof value === 'string' && value.trim() === '');
}

function drawInput(field: WireField, id: string, page: Page, upload: UploadPhoto): Input {
  const shared = { id, required: field.required };
  switch (field.kind) {
    case 'text':
    case 'amount':
    case 'number': {
      const modes = { text: null, amount: 'decimal', number: 'numeric' } as const;
      const attributes = { type: 'text', inputmode: modes[field.kind], maxlength: field.maxLength, value: field.value };
      const input = el('input', { ...shared, ...attributes, dir: 'auto', autocomplete: 'off' });
      return { node: input, focus: input, read: () => input.value };
    }
    case 'lines': {
      const input = el(
        'textarea',
        { ...shared, rows: ROWS, maxlength: field.maxLength, dir: 'auto' },
        field.value ?? '',
      );
      return { node: input, focus: input, read: () => input.value };
    }
    case 'check': {
      const input = el('input', {
        ...shared,
        type: 'checkbox',
        checked: field.value === 'true' || field.value === 'on',
      });
      return { node: input, focus: input, read: () => input.checked };
    }
    case 'photo':
      return drawPhoto({ id, digest: field.value ?? '', required: field.required ?? false }, page, upload);
    case 'choice':
      return field.many || field.options.length <= CHOICES_SHOWN_MAX ? drawChoices(field, id) : drawSelect(field, id);
  }
}

type Choice = Extract<WireField, { kind: 'choice' }>;

function drawChoices(field: Choice, id: string): Input {
  const chosen = new Set(field.many ? (field.value ?? '').split(',') : [field.value ?? field.options[0]?.value ?? '']);
  const inputs = field.options.map((option, at) => {
    const attributes = { type: field.many ? 'checkbox' : 'radio', name: id, value: option.value, id: `${id}-${at}` };
    return el('input', { ...attributes, checked: chosen.has(option.value) });
  });
  const pills = field.options.map((option, at) =>
    el('label', { class: 'pill', for: `${id}-${at}` }, inputs[at] ?? null, el('span', { dir: 'auto' }, option.label)),
  );
  const node = el('div', { class: 'pills' }, ...pills);
  const checked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return { node, focus: inputs[0] ?? node, group: true, read: () => (field.many ? checked() : (checked()[0] ?? '')) };
}

function drawSelect(field: Choice, id: string): Input {
  const options = field.options.map((option) =>
    el('option', { value: option.value, selected: option.value === field.value }, option.label),
  );
  const select = el('select', { id, required: field.required }, ...options);
  return { node: select, focus: select, read: () => select.value };
}
