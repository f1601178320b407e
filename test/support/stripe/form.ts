// A body or query in Stripe's form encoding: `a[b][0][c]=v`. Anything else is refused as Stripe refuses it.
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type Form = { [key: string]: FormValue };

export class FormFault extends Error {}

const KEY = /^([a-z_0-9]+)((?:\[[a-z_0-9]*\])*)$/i;

export function parseForm(text: string): Form {
  const root: Form = {};
  const seen = new Set<string>();
  for (const pair of text === '' ? [] : text.split('&')) {
    const at = pair.indexOf('=');
    if (at < 0) throw new FormFault(`no value: ${pair}`);
    const key = decode(pair.slice(0, at));
    const match = KEY.exec(key);
    if (!match) throw new FormFault(`no key of a form: ${key}`);
    const path = [match[1] ?? '', ...[...(match[2] ?? '').matchAll(/\[(.*?)\]/g)].map((part) => part[1] ?? '')];
    if (!key.endsWith('[]') && seen.has(key)) throw new FormFault(`twice: ${key}`);
    seen.add(key);
    put(root, path, decode(pair.slice(at + 1)));
  }
  return arrays(root) as Form;
}

function decode(text: string): string {
  if (/[^\w.~!*'()%+-]/.test(text.replaceAll(/[[\]]/g, ''))) throw new FormFault(`not encoded: ${text}`);
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new FormFault(`not encoded: ${text}`);
  }
}

function put(into: Form, path: readonly string[], value: string): void {
  let here = into;
  path.forEach((part, index) => {
    const key = part === '' ? String(Object.keys(here).length) : part;
    if (index === path.length - 1) {
      if (here[key] !== undefined) throw new FormFault(`a value and a part: ${path.join('.')}`);
      here[key] = value;
      return;
    }
    const next = (here[key] ??= {});
    if (typeof next === 'string' || Array.isArray(next)) throw new FormFault(`a value and a part: ${path.join('.')}`);
    here = next;
  });
}

/** Objects whose keys are 0, 1, 2 ... are lists. */
function arrays(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const items = keys.map((key) => arrays(value[key] ?? ''));
  if (keys.length > 0 && keys.every((key, index) => key === String(index))) return items;
  return Object.fromEntries(keys.map((key, index) => [key, items[index] ?? '']));
}
