// What can go wrong between a bot and Discord, ordered by the test: each fault meets the next calls that it fits.

export type Fault =
  | { readonly kind: 'tooMany'; readonly retryAfterS: number }
  | { readonly kind: 'status'; readonly status: number; readonly code: number }
  /** The socket is cut: before anything was done, or after it was done but before the answer. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  | { readonly kind: 'slow'; readonly ms: number };

export type FaultTarget = {
  /** Matched against "POST /channels/:channel/messages"; default: every route. */
  readonly route?: string | RegExp;
  /** Default 1; Infinity until it is stopped. */
  readonly times?: number;
};

export class Faults {
  #orders: { readonly fault: Fault; readonly target: FaultTarget; left: number }[] = [];

  /** Answers how to call it off. */
  order(fault: Fault, target: FaultTarget = {}): () => void {
    const order = { fault, target, left: target.times ?? 1 };
    this.#orders.push(order);
    return () => {
      this.#orders = this.#orders.filter((one) => one !== order);
    };
  }

  clear(): void {
    this.#orders = [];
  }

  take(route: string): Fault | undefined {
    const met = this.#orders.find(({ target, left }) => {
      if (left <= 0) return false;
      if (target.route === undefined) return true;
      return typeof target.route === 'string' ? target.route === route : target.route.test(route);
    });
    if (met) met.left -= 1;
    return met?.fault;
  }
}
