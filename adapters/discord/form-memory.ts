/** Forms as they were drawn, so that they open at once: Discord waits three seconds for a form, and none for a slow disk. */
import type { Form } from '../../src/view/view.ts';

const KEPT_MAX = 5_000;

export type FormMemory = {
  /** `userId`: whose they are; null: anybody's (a public card). */
  keep(forms: ReadonlyMap<string, Form>, userId: string | null): void;
  find(handle: string, userId: string): Form | undefined;
};

/** Only a saving: a form that is not remembered is read again. */
export function createFormMemory(): FormMemory {
  const kept = new Map<string, { readonly form: Form; readonly userId: string | null }>();
  return {
    keep(forms, userId) {
      for (const [handle, form] of forms) {
        kept.delete(handle);
        kept.set(handle, { form, userId });
      }
      for (const [oldest] of kept.entries().take(Math.max(0, kept.size - KEPT_MAX))) kept.delete(oldest);
    },
    find(handle, userId) {
      const found = kept.get(handle);
      return found && (found.userId === null || found.userId === userId) ? found.form : undefined;
    },
  };
}
