/** A form of ours as Discord's: pages of five fields. */
import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { shortened } from '../../../src/view/runs.ts';
import type { Field, Form } from '../../../src/view/view.ts';
import { modalData } from './data.ts';

const PAGE_FIELDS = 5;
const TITLE_MAX = 45;
const HINT_MAX = 100;
const OPTIONS_MAX = 25;
const TEXT_MAX = 4_000;

export type Values = Readonly<Record<string, string | boolean | readonly string[]>>;

export const pagesOf = ({ fields }: Form): number => Math.max(1, Math.ceil(fields.length / PAGE_FIELDS));
export const fieldsOf = ({ fields }: Form, page: number): readonly Field[] =>
  fields.slice(page * PAGE_FIELDS, (page + 1) * PAGE_FIELDS);

/** What a field holds before anybody touched it. */
export function startValues({ fields }: Form): Values {
  return Object.fromEntries(
    fields.map((field) => [field.name, field.kind === 'check' ? isTicked(field.value) : (field.value ?? '')] as const),
  );
}

const isTicked = (value: string | undefined): boolean => value === 'true' || value === 'on';

export function drawModal(
  form: Form,
  { formId, page, values }: { readonly formId: string; readonly page: number; readonly values: Values },
): APIModalInteractionResponseCallbackData {
  const pages = pagesOf(form);
  const count = pages > 1 ? ` ${page + 1}/${pages}` : '';
  return {
    custom_id: modalData(formId, page),
    title: shortened(form.title, TITLE_MAX - count.length) + count,
    components: fieldsOf(form, page).map((field) => labelled(field, values[field.name])),
  };
}

function labelled(field: Field, value: Values[string] | undefined): APILabelComponent {
  const hint = field.hint === undefined ? {} : { description: shortened(field.hint, HINT_MAX) };
  return {
    type: ComponentType.Label,
    label: shortened(field.label, TITLE_MAX),
    ...hint,
    component: componentOf(field, value),
  };
}

function componentOf(field: Field, value: Values[string] | undefined): APILabelComponent['component'] {
  const { name: custom_id, required = false } = field;
  switch (field.kind) {
    case 'text':
    case 'lines':
    case 'amount':
    case 'number': {
      const max_length = Math.min(TEXT_MAX, field.maxLength);
      const style = field.kind === 'lines' ? TextInputStyle.Paragraph : TextInputStyle.Short;
      const filled = typeof value === 'string' && value !== '' ? { value: value.slice(0, max_length) } : {};
      return { type: ComponentType.TextInput, custom_id, style, required, max_length, ...filled };
    }
    case 'choice': {
      const chosen = [value ?? ''].flat();
      const options = field.options.slice(0, OPTIONS_MAX).map((option) => ({
        label: shortened(option.label, HINT_MAX),
        value: option.value,
        ...(chosen.includes(option.value) ? { default: true } : {}),
      }));
      const many = field.many ? { min_values: required ? 1 : 0, max_values: options.length } : {};
      return { type: ComponentType.StringSelect, custom_id, options, required, ...many };
    }
    case 'check':
      return { type: ComponentType.Checkbox, custom_id, ...(value === true ? { default: true } : {}) };
    case 'photo':
      return { type: ComponentType.FileUpload, custom_id, required: false, min_values: 0, max_values: 1 };
    default:
      return field satisfies never;
  }
}
