/** What the API refuses with: code -> HTTP status, and whether the same call with the same key may be tried again. */
const PROBLEMS = {
  invalid_request: [400, false],
  account_required: [400, false],
  idempotency_key_required: [400, false],
  lines_do_not_add_up: [400, false],
  expires_in_the_past: [400, false],
  currency_mismatch: [400, false],
  payment_not_refundable: [400, false],
  refund_exceeds_payment: [400, false],
  unauthorized: [401, false],
  not_found: [404, false],
  checkout_complete: [409, false],
  checkout_expired: [409, false],
  dispute_closed: [409, false],
  reference_in_use: [409, false],
  idempotency_mismatch: [409, false],
  idempotency_in_progress: [409, true],
  body_too_large: [413, false],
  rate_limited: [429, true],
  internal_error: [500, false],
  unavailable: [503, true],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export type ProblemBody = { error: { code: ProblemCode; message: string; retryable: boolean } };

/** An expected refusal: thrown before or inside a transaction (which is then undone), turned into a reply at the edge. */
export class Problem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.name = 'Problem';
    this.code = code;
  }
}

export function problemReply(problem: Problem): { status: number; body: ProblemBody } {
  const [status, retryable] = PROBLEMS[problem.code];
  return { status, body: { error: { code: problem.code, message: problem.message, retryable } } };
}
