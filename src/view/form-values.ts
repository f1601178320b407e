/** What a form sent, made harmless before any schema sees it. */
import type { StoredIntent } from '../ports/intents.ts';

type Value = string | boolean | number | readonly string[];
type Values = ReadonlyMap<string, Value>;

const FIELDS_MAX = 150;
const NAME_MAX = 140;
const VALUES_MAX = 100;

/** Names that mean something to the language itself are nobody's field. */
const MAGIC: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function isValue(value: unknown): value is Value {
  if (Array.isArray(value)) return value.length <= VALUES_MAX && value.every((one) => typeof one === 'string');
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
}

function isName(name: string): boolean {
  const parts = name.split('.');
  return name.length <= NAME_MAX && parts.length <= 2 && parts.every((part) => part !== '' && !MAGIC.has(part));
}

/** A flat record of texts, numbers, ticks and lists of texts; undefined when it is anything else. No values is an empty form. */
export function formValues(raw: unknown): Values | undefined {
  if (raw === undefined || raw === null) return new Map();
  if (typeof raw !== 'object' || Array.isArray(raw)) return undefined;
  const entries = Object.entries(raw);
  if (entries.length > FIELDS_MAX) return undefined;
  const values = new Map<string, Value>();
  for (const [name, value] of entries) {
    if (!isName(name) || !isValue(value)) return undefined;
    values.set(name, value);
  }
  return values;
}

/**
 * The stored intent with the form's values in its gaps, one level deep. Undefined when a value would change what the button says.
 * The objects have no prototype, so that no name can reach one.
 */
export function merge(stored: StoredIntent, values: Values): Readonly<Record<string, unknown>> | undefined {
  const merged: Record<string, unknown> = Object.assign(bare(), stored);
  for (const [name, value] of values) {
    const [first = '', second] = name.split('.');
    const place = second === undefined ? merged : nested(merged, first, stored);
    const key = second ?? first;
    if (!place || key in place) return undefined;
    place[key] = value;
  }
  // A form whose boxes are all empty sends nothing for it; the schema says what an empty one is.
  if (FORMS.has(stored.kind) && !('form' in merged)) merged['form'] = bare();
  return merged;
}

const FORMS: ReadonlySet<string> = new Set(['post_product', 'edit_product']);

const bare = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** The object that dotted names fill: a copy of the stored one at the first of them. */
function nested(
  merged: Record<string, unknown>,
  name: string,
  stored: StoredIntent,
): Record<string, unknown> | undefined {
  const there = merged[name];
  if (there !== undefined && (typeof there !== 'object' || there === null || Array.isArray(there))) return undefined;
  if (there !== undefined && there !== stored[name]) return there as Record<string, unknown>;
  const own: Record<string, unknown> = Object.assign(bare(), there);
  merged[name] = own;
  return own;
}
