/** The one door: what a button stored and what a person typed become an intent, or a refusal. Inside, the type is trusted. */
import { z } from 'zod';
import type { Result } from '../domain/faults.ts';
import type { Intent, IntentKind, IntentOf, StoredIntent } from '../ports/intents.ts';
import type { Message } from '../ports/messages.ts';
import { formValues, merge } from './form-values.ts';
import { catalogSchemas } from './intents/catalog.ts';
import { communitySchemas } from './intents/community.ts';
import { message } from './intents/message.ts';
import { moneySchemas } from './intents/money.ts';
import { orderSchemas } from './intents/orders.ts';
import { promotionSchemas } from './intents/promotions.ts';

const SCHEMAS = {
  show: z.strictObject({ kind: z.literal('show'), message: message.transform((shown): Message => shown as Message) }),
  ...communitySchemas,
  ...catalogSchemas,
  ...orderSchemas,
  ...moneySchemas,
  ...promotionSchemas,
} satisfies { [K in IntentKind]: z.ZodType<IntentOf<K>> };

/**
 * `stored` comes from our own handle; `values` from the form, trusted in nothing: a flat record of texts, ticks and lists whose names
 * may be dotted ("form.title", "lines.<id>"). A value fills what the button left open and never changes what it says.
 */
export function parseIntent(stored: StoredIntent, values?: unknown): Result<Intent> {
  const schema: z.ZodType<Intent> | undefined = Object.hasOwn(SCHEMAS, stored.kind) ? SCHEMAS[stored.kind] : undefined;
  const typed = formValues(values);
  const merged = schema && typed && merge(stored, typed);
  if (!schema || !merged) return refused('');
  const parsed = schema.safeParse(merged);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'too_big' && issue.origin === 'string') {
    return { ok: false, fault: { code: 'text_too_long', params: { max: Number(issue.maximum), field } } };
  }
  return /^lines|quantity$/.test(field) ? { ok: false, fault: { code: 'quantity_invalid' } } : refused(field);
}

function refused(field: string): Result<Intent> {
  return { ok: false, fault: { code: 'input_invalid', params: { field } } };
}
