import { z } from 'zod';
import { Problem } from './problem.ts';

// The one door for what callers send. A reference begins with a letter or digit, so that no spreadsheet reads it as a
// formula; metadata names cannot begin with an underscore, so that none is `__proto__`.
const reference = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/);
const amount = z.int().min(1);
const currency = z.string().regex(/^[A-Z]{3,5}$/);
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const instant = z.int().min(0);

const checkout = z.strictObject({
  reference,
  amount,
  currency,
  lines: z
    .array(z.strictObject({ title: z.string().min(1).max(300), quantity: z.int().min(1).default(1), amount: z.int() }))
    .min(1)
    .max(200),
  description: z.string().max(500).default(''),
  returnUrl: webAddress,
  cancelUrl: webAddress,
  expiresAt: instant,
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
    .default('en'),
  metadata: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/), z.string().max(500))
    .refine((values) => Object.keys(values).length <= 20, 'at most 20 entries')
    .default({}),
});

export function parseCheckout(body: unknown): z.infer<typeof checkout> {
  const input = parse(checkout, body);
  // Exact even where the single amounts are near the end of the safe integers.
  const sum = input.lines.reduce((total, line) => total + BigInt(line.amount), 0n);
  if (sum !== BigInt(input.amount)) {
    throw new Problem('lines_do_not_add_up', `The lines add up to ${sum}, but amount is ${input.amount}.`);
  }
  return input;
}

const refund = z.strictObject({ payment: z.string().min(1).max(80), amount, currency, reference });

export function parseRefund(body: unknown): z.infer<typeof refund> {
  return parse(refund, body);
}

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const listQuery = z.strictObject({ reference: reference.optional() });

export function parseListQuery(query: unknown): z.infer<typeof listQuery> {
  return parse(listQuery, query);
}

const eventsQuery = z.strictObject({
  after: z.string().max(80).optional(),
  limit: count.pipe(z.int().min(1).max(500)).default(100),
});

export function parseEventsQuery(query: unknown): z.infer<typeof eventsQuery> {
  return parse(eventsQuery, query);
}

const statementQuery = z.strictObject({
  from: count.default(0),
  to: count.default(Number.MAX_SAFE_INTEGER),
  format: z.enum(['json', 'csv']).default('json'),
});

export function parseStatementQuery(query: unknown): z.infer<typeof statementQuery> {
  return parse(statementQuery, query);
}

const idempotencyKey = /^[\x21-\x7e]{1,255}$/;

export function parseIdempotencyKey(header: string | undefined): string {
  if (header !== undefined && idempotencyKey.test(header)) return header;
  throw new Problem('idempotency_key_required', 'Send an Idempotency-Key of 1 to 255 visible ASCII characters.');
}

export function parseAccount(header: string | undefined): string {
  if (header !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/.test(header)) return header;
  throw new Problem(
    'account_required',
    'Send the merchant account as Sandbox-Account (1 to 64 of A-Z a-z 0-9 _ . : -).',
  );
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'request';
  throw new Problem('invalid_request', `${where}: ${issue?.message ?? 'not understood'}`);
}
