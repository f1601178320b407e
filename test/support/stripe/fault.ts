// A call, and a refusal as Stripe words it.
import type { Books } from './books.ts';
import type { Form } from './form.ts';

export class ApiFault extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Stripe remembers an answer by its key once it has begun to execute. */
  readonly begun: boolean;
  constructor(status: number, error: Record<string, unknown>, begun = false) {
    super(String(error['message']));
    this.status = status;
    this.body = { error: { type: 'invalid_request_error', ...error } };
    this.begun = begun;
  }
}

export type RefundMode = 'at_once' | 'time' | 'time_and_fail' | 'success_and_return' | 'needs_action';
export type Call = {
  readonly books: Books;
  readonly account: string;
  readonly form: Form;
  readonly url: string;
  readonly refunds: { mode: RefundMode };
  readonly parts: { expands: boolean };
  /** Something that happens by itself, later. */
  readonly later: (afterMs: number, run: () => void) => void;
};

export function missing(id: string): ApiFault {
  return new ApiFault(404, { code: 'resource_missing', param: 'id', message: `No such object: '${id}'` });
}
