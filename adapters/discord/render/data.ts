/** What a component of ours carries (`custom_id`, 1-100 characters), and how it is read back: anybody may send us anything here. */

/** `source` is the handle of "show this message again": the message is drawn anew where its form or its question is needed. */
export type Tap =
  | { readonly step: 'press'; readonly handle: string }
  | { readonly step: 'form'; readonly handle: string; readonly source: string }
  | { readonly step: 'confirm'; readonly handle: string; readonly source: string }
  | { readonly step: 'again'; readonly source: string }
  /** A form goes on at this page, or is sent as it is. */
  | { readonly step: 'page'; readonly formId: string; readonly page: number }
  | { readonly step: 'finish'; readonly formId: string }
  /** What was picked is data of its own. */
  | { readonly step: 'pick' };

const HANDLE = '[A-Za-z0-9_-]{22}';
const FORM_ID = '[A-Za-z0-9_-]{1,40}';
const patterns = {
  press: new RegExp(`^([up]${HANDLE})$`),
  form: new RegExp(`^(f${HANDLE}):(u${HANDLE})$`),
  confirm: new RegExp(`^c:([up]${HANDLE}):(u${HANDLE})$`),
  again: new RegExp(`^a:(u${HANDLE})$`),
  page: new RegExp(`^n:(${FORM_ID}):(\\d{1,2})$`),
  finish: new RegExp(`^e:(${FORM_ID})$`),
  sent: new RegExp(`^m:(${FORM_ID}):(\\d{1,2})$`),
};

export const confirmData = (handle: string, source: string): string => `c:${handle}:${source}`;
export const formData = (handle: string, source: string): string => `${handle}:${source}`;
export const againData = (source: string): string => `a:${source}`;
export const pageData = (formId: string, page: number): string => `n:${formId}:${page}`;
export const finishData = (formId: string): string => `e:${formId}`;
export const pickData = (index: number): string => `s:${index}`;
/** Of an open form: which, and which page of it. */
export const modalData = (formId: string, page: number): string => `m:${formId}:${page}`;

/** Two components of one message have two ids, also when they do the same. */
export const unlike = (data: string, count: number): string => (count === 0 ? data : `${data}~${count}`);

export function readData(customId: string): Tap | undefined {
  const data = customId.replace(/~\d{1,2}$/, '');
  if (/^s:\d{1,2}$/.test(data)) return { step: 'pick' };
  const [, pressed] = patterns.press.exec(data) ?? [];
  if (pressed !== undefined) return { step: 'press', handle: pressed };
  for (const step of ['form', 'confirm'] as const) {
    const [, handle, source] = patterns[step].exec(data) ?? [];
    if (handle !== undefined && source !== undefined) return { step, handle, source };
  }
  const [, again] = patterns.again.exec(data) ?? [];
  if (again !== undefined) return { step: 'again', source: again };
  const [, formId, page] = patterns.page.exec(data) ?? [];
  if (formId !== undefined) return { step: 'page', formId, page: Number(page) };
  const [, finished] = patterns.finish.exec(data) ?? [];
  return finished === undefined ? undefined : { step: 'finish', formId: finished };
}

export function readModal(customId: string): { readonly formId: string; readonly page: number } | undefined {
  const [, formId, page] = patterns.sent.exec(customId) ?? [];
  return formId === undefined ? undefined : { formId, page: Number(page) };
}
