/** Where a person's panels stand, so that they are edited there. */
import type { Message } from '../../src/ports/messages.ts';
import type { Clock } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import { PLATFORM } from './options.ts';

/** `c` is the group of an ephemeral message, `m` its id or the private message's, `p` the picture it shows. */
type Ref = { readonly c?: string; readonly m: number; readonly p: string | null };

/** No panel has such a key. */
const LED = '>';
const LED_FOR_MS = 24 * 60 * 60 * 1000;

export type PanelRefs = ReturnType<typeof createPanelRefs>;

export function createPanelRefs({ store, clock }: { store: Store; clock: Clock }) {
  return {
    find: async (personId: string, key: string): Promise<Ref | undefined> => {
      const row = await store.read((reads) => reads.platforms.panelRef(PLATFORM, personId, key));
      return row && (JSON.parse(row.ref) as Ref);
    },
    keep: async (personId: string, key: string, ref: Ref): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.putPanelRef({
          platform: PLATFORM,
          personId,
          key,
          ref: JSON.stringify(ref),
          at: clock.now(),
        });
        return null;
      });
    },
    /** Where the last link into the private chat led, once; for apps that ignore such links. */
    led: async (personId: string): Promise<Message | undefined> => {
      const row = await store.read((reads) => reads.platforms.panelRef(PLATFORM, personId, LED));
      if (row === undefined || clock.now() - row.at > LED_FOR_MS) return undefined;
      await store.transact(null, async (tx) => {
        await tx.platforms.dropPanelRef(PLATFORM, personId, LED);
        return null;
      });
      return JSON.parse(row.ref) as Message;
    },
    lead: async (personId: string, message: Message): Promise<void> => {
      const row = { platform: PLATFORM, personId, key: LED, ref: JSON.stringify(message), at: clock.now() };
      await store.transact(null, async (tx) => {
        await tx.platforms.putPanelRef(row);
        return null;
      });
    },
    /** They cannot be written to, until they write to us. */
    close: async (personId: string): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.setOpen(personId, PLATFORM, false);
        return null;
      });
    },
    drop: async (personId: string, key: string): Promise<void> => {
      await store.transact(null, async (tx) => {
        await tx.platforms.dropPanelRef(PLATFORM, personId, key);
        return null;
      });
    },
  };
}
