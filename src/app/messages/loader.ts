/** How the data of a message is loaded: with the viewer's rights, at the moment of showing. */
import type { Result } from '../../domain/faults.ts';
import type { Actor } from '../../domain/policy.ts';
import type { Message, MessageData, MessageName } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { Community, Person } from '../../ports/store/people.ts';
import type { Deps } from '../deps.ts';

/** `actor` and `person` are null for what is drawn for a whole chat (a card). What a viewer may not see is `not_found`. */
export type LoadContext = {
  readonly deps: Deps;
  readonly now: number;
  readonly actor: Actor | null;
  readonly person: Person | null;
  readonly community: Community;
};

export type Loader<N extends MessageName> = (
  reads: Reads,
  at: LoadContext,
  message: Message<N>,
) => Promise<Result<MessageData[N]>>;
