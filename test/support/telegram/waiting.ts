// Waits for something to become true, looked at again after every request and update: no polling and no sleeping.

export class Waiting {
  readonly #waiters = new Set<() => void>();

  changed(): void {
    for (const look of this.#waiters) look();
  }

  /** Resolves with the first value of `check` that is neither undefined nor false. Rejects after `timeoutMs` of real time. */
  async until<T>(
    check: () => T | undefined | false,
    options: { readonly what: string | (() => string); readonly timeoutMs?: number },
  ): Promise<T> {
    const now = check();
    if (now !== undefined && now !== false) return now;
    return new Promise((resolve, reject) => {
      const look = () => {
        const value = check();
        if (value === undefined || value === false) return;
        done();
        resolve(value);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`Waited in vain for ${typeof options.what === 'string' ? options.what : options.what()}`));
      }, options.timeoutMs ?? 10_000);
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(look);
      };
      this.#waiters.add(look);
    });
  }
}
