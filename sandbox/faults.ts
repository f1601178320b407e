export type Operation =
  | 'createCheckout'
  | 'retrieveCheckout'
  | 'listCheckouts'
  | 'expireCheckout'
  | 'createRefund'
  | 'retrieveRefund'
  | 'listRefunds'
  | 'retrieveDispute'
  | 'statement'
  | 'balance'
  | 'listEvents';

/**
 * - `drop_before`: the connection breaks, nothing was done.
 * - `drop_reply_after`: it was done, then the connection breaks.
 * - `execute_late`: the connection breaks, and it is done at the next tick.
 * - `stall`: the answer waits for the next tick; the same key meanwhile is "in progress".
 * - `500_stored`: it was done, the answer is 500, and the same key gets that 500 again.
 * - `500_before`, `503`, `429`, `409` (idempotency_in_progress): refused, nothing was done or kept.
 * - `garbage_200`: it was done, and a proxy answers 200 with a page of HTML.
 */
export type FaultKind =
  | 'drop_before'
  | 'drop_reply_after'
  | 'execute_late'
  | 'stall'
  | '500_stored'
  | '500_before'
  | '503'
  | '429'
  | '409'
  | 'garbage_200';

export type Fault = {
  /** `retrieve` is any reading operation, `*` any at all. */
  op: Operation | 'retrieve' | '*';
  kind: FaultKind;
  /** How many calls it hits: once unless told. */
  times?: number;
  /** Only calls of this account. */
  account?: string;
};

const READS: ReadonlySet<Operation> = new Set<Operation>([
  'retrieveCheckout',
  'listCheckouts',
  'retrieveRefund',
  'listRefunds',
  'retrieveDispute',
  'statement',
  'balance',
  'listEvents',
]);

export type Faults = {
  plan(fault: Fault): void;
  clear(): void;
  /** The fault that hits this call, used up by it; planned first hits first. */
  take(op: Operation, account: string): FaultKind | undefined;
};

/** Held in memory: no HTTP route reaches it, and a restart forgets it. */
export function createFaults(): Faults {
  let planned: { fault: Fault; left: number }[] = [];
  const hits = ({ op, account }: Fault, called: Operation, by: string): boolean =>
    (op === '*' || op === called || (op === 'retrieve' && READS.has(called))) &&
    (account === undefined || account === by);
  return {
    plan(fault) {
      planned.push({ fault, left: fault.times ?? 1 });
    },
    clear() {
      planned = [];
    },
    take(op, account) {
      const entry = planned.find(({ fault, left }) => left > 0 && hits(fault, op, account));
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left === 0) planned = planned.filter((other) => other !== entry);
      return entry.fault.kind;
    },
  };
}
