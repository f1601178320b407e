/** What came in, what goes out, the buttons between, and the trail of deeds. */
import type { Vault } from '../ports/runtime.ts';
import type { Tx } from '../ports/store.ts';
import { auditQueries, handleQueries } from './handles.ts';
import { inboxQueries } from './inbox.ts';
import { outboxQueries } from './outbox.ts';
import type { Run } from './prepare.ts';

export function eventQueries(run: Run, vault: Vault): Pick<Tx, 'inbox' | 'outbox' | 'handles' | 'audit'> {
  return {
    inbox: inboxQueries(run, vault),
    outbox: outboxQueries(run),
    handles: handleQueries(run),
    audit: auditQueries(run),
  };
}
