// A request's body, and its check against what is published.
import type { z } from 'zod';
import type { StoredFile } from './model.ts';
import { invalidForm } from './refusal.ts';

export type Call = { readonly body: Record<string, unknown>; readonly files: readonly StoredFile[] };

/** Throws what Discord answers for a body that is not as published. */
export function parseWith<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalidForm(`${problems.join('; ')} in ${JSON.stringify(body).slice(0, 600)}`);
}
