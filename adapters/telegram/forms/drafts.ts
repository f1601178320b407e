/** Forms half filled in: one a person, forgotten after a day. */
import type { FormsOptions } from './options.ts';
import { FORM_LIFE_MS, freeze, type FormState, thaw } from './state.ts';

const PLATFORM = 'telegram';

export type Drafts = {
  readonly read: (personId: string) => Promise<FormState | undefined>;
  readonly keep: (personId: string, state: FormState) => Promise<void>;
  readonly drop: (personId: string) => Promise<void>;
};

export function createDrafts({ store, clock }: Pick<FormsOptions, 'store' | 'clock'>): Drafts {
  return {
    async read(personId) {
      const draft = await store.read((reads) => reads.platforms.draft(PLATFORM, personId));
      const isOver = !draft || draft.updatedAt + FORM_LIFE_MS <= clock.now();
      return isOver ? undefined : thaw(draft.state);
    },
    async keep(personId, state) {
      const row = { platform: PLATFORM, personId, state: freeze(state), updatedAt: clock.now() };
      await store.transact(null, async (tx) => {
        await tx.platforms.putDraft(row);
        return null;
      });
    },
    async drop(personId) {
      await store.transact(null, (tx) => tx.platforms.dropDraft(PLATFORM, personId));
    },
  };
}
