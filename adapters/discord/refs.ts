/** Where a person's panels stand, so that they are edited there: in the private chat, or as the answer to an interaction. */
import type { Clock, Vault } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import { PLATFORM } from './options.ts';

/** In the private chat: the channel and the message. */
type Private = { readonly c: string; readonly m: string };
/** Of an answer in a server: the interaction's token (sealed where it is kept), the message it answers with, and when the token ends. */
type Aside = { readonly t: string; readonly m: string; readonly x: number };

/** Discord's fifteen minutes, less the time that a call may take. */
const ASIDE_MS = 14.5 * 60_000;
const TOKEN = 'discord-token';

type Options = { readonly store: Store; readonly clock: Clock; readonly vault: Pick<Vault, 'seal' | 'open'> };

export type Refs = ReturnType<typeof createRefs>;

export function createRefs({ store, clock, vault }: Options) {
  const find = async (personId: string, key: string): Promise<unknown> => {
    const row = await store.read((reads) => reads.platforms.panelRef(PLATFORM, personId, key));
    return row && (JSON.parse(row.ref) as unknown);
  };
  const keep = async (personId: string, key: string, ref: Private | Aside): Promise<void> => {
    await store.transact(null, async (tx) => {
      await tx.platforms.putPanelRef({ platform: PLATFORM, personId, key, ref: JSON.stringify(ref), at: clock.now() });
      return null;
    });
  };
  const drop = async (personId: string, key: string): Promise<void> => {
    await store.transact(null, async (tx) => {
      await tx.platforms.dropPanelRef(PLATFORM, personId, key);
      return null;
    });
  };
  return {
    inPrivate: async (personId: string, key: string) => (await find(personId, key)) as Private | undefined,
    keepPrivate: (personId: string, key: string, ref: Private) => keep(personId, key, ref),
    /** Undefined also when it can be changed no more. */
    async aside(personId: string, key: string): Promise<Aside | undefined> {
      const ref = (await find(personId, `${key}@`)) as Aside | undefined;
      if (!ref) return undefined;
      if (ref.x > clock.now()) return { ...ref, t: vault.open(TOKEN, ref.t) };
      await drop(personId, `${key}@`);
      return undefined;
    },
    keepAside: (personId: string, key: string, { token, message }: { token: string; message: string }) =>
      keep(personId, `${key}@`, { t: vault.seal(TOKEN, token), m: message, x: clock.now() + ASIDE_MS }),
    drop,
    /** Whether they take our private messages, as we have just learned. */
    async setOpen(personId: string, open: boolean): Promise<void> {
      await store.transact(null, async (tx) => {
        await tx.platforms.setOpen(personId, PLATFORM, open);
        return null;
      });
    },
  };
}
