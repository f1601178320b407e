/** What a button of ours carries (`callback_data`, 1-64 bytes), and how it is read back: anybody may send us anything here. */

/** `source` is the handle of "show this message again": the message is drawn anew where its form or its question is needed. */
export type Tap =
  | { readonly step: 'press'; readonly handle: string }
  | { readonly step: 'form' | 'confirm'; readonly handle: string; readonly source: string }
  | { readonly step: 'again'; readonly source: string }
  /** The picture of a product's link; `start` names the product. */
  | { readonly step: 'qr'; readonly start: string }
  | { readonly step: 'question'; readonly formId: string; readonly field: number; readonly choice: string };

export type QuestionTap = Extract<Tap, { step: 'question' }>;

const HANDLE = '[A-Za-z0-9_-]{22}';
const patterns = {
  press: new RegExp(`^([up]${HANDLE})$`),
  form: new RegExp(`^(f${HANDLE}):(u${HANDLE})$`),
  confirm: new RegExp(`^c:([up]${HANDLE}):(u${HANDLE})$`),
  again: new RegExp(`^a:(u${HANDLE})$`),
  qr: new RegExp(`^qr:(p${HANDLE})$`),
  question: /^q:([\w-]{1,32}):(\d{1,3}):([a-z]|[a-z]?\d{1,4})$/,
};

export const confirmData = (handle: string, source: string): string => `c:${handle}:${source}`;
export const formData = (handle: string, source: string): string => `${handle}:${source}`;
export const qrData = (start: string): string => `qr:${start}`;
export const againData = (source: string): string => `a:${source}`;
/** A question of a form: which form, which field, which choice. */
export const questionData = (formId: string, field: number, choice: string): string => `q:${formId}:${field}:${choice}`;

export function readData(data: string): Tap | undefined {
  const [, pressed] = patterns.press.exec(data) ?? [];
  if (pressed !== undefined) return { step: 'press', handle: pressed };
  for (const step of ['form', 'confirm'] as const) {
    const [, handle, source] = patterns[step].exec(data) ?? [];
    if (handle !== undefined && source !== undefined) return { step, handle, source };
  }
  const [, again] = patterns.again.exec(data) ?? [];
  if (again !== undefined) return { step: 'again', source: again };
  const [, start] = patterns.qr.exec(data) ?? [];
  if (start !== undefined) return { step: 'qr', start };
  const [, formId, field, choice] = patterns.question.exec(data) ?? [];
  if (formId === undefined || field === undefined || choice === undefined) return undefined;
  return { step: 'question', formId, field: Number(field), choice };
}
