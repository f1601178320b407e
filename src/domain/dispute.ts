import { defineMachine } from './machine.ts';

/**
 * A payment that the payer's bank took up. `inquiry`: it asks, and has taken nothing. The channel's latest word is the state, from
 * whichever it was before: a decision can be turned round, and news that was missed leaves a gap. `expired` alone is ours: the time
 * to answer is over and nobody has answered.
 */
export const disputeMachine = defineMachine({
  name: 'dispute',
  initial: 'inquiry',
  transitions: {
    inquiry: ['needs_response', 'under_review', 'won', 'lost', 'accepted', 'expired'],
    needs_response: ['inquiry', 'under_review', 'won', 'lost', 'accepted', 'expired'],
    under_review: ['inquiry', 'needs_response', 'won', 'lost', 'accepted'],
    expired: ['inquiry', 'needs_response', 'under_review', 'won', 'lost', 'accepted'],
    won: ['inquiry', 'needs_response', 'under_review', 'lost', 'accepted'],
    lost: ['inquiry', 'needs_response', 'under_review', 'won', 'accepted'],
    accepted: ['inquiry', 'needs_response', 'under_review', 'won', 'lost'],
  },
});

export type DisputeState = (typeof disputeMachine.states)[number];

/** Nobody has decided yet. */
export const isOpenDispute = (state: DisputeState): boolean =>
  state === 'inquiry' || state === 'needs_response' || state === 'under_review' || state === 'expired';

/** What orders two pieces of news about one dispute. `at`: when the channel says it was so. */
export type DisputeNews = {
  readonly at: number;
  readonly state: DisputeState;
  readonly withdrawn: number;
  readonly fee: number;
};

const RANK: Readonly<Record<DisputeState, number>> = {
  inquiry: 0,
  expired: 1,
  needs_response: 1,
  under_review: 2,
  accepted: 3,
  lost: 4,
  won: 5,
};

/**
 * Whether `one` tells of a later moment than `known`. Of one instant (channels count seconds) the further state is the later; in the
 * same state money leaves before a decision for the shop, and comes back after it. A total order: whatever arrives in whatever
 * order, the same news stands in the end.
 */
export function isLaterNews(one: DisputeNews, known: DisputeNews): boolean {
  const key = ({ at, state, withdrawn, fee }: DisputeNews) => [
    at,
    RANK[state],
    state === 'won' ? 0 - withdrawn : withdrawn,
    fee,
  ];
  const [ours, theirs] = [key(one), key(known)];
  const first = ours.findIndex((value, index) => value !== theirs[index]);
  return first >= 0 && (ours[first] ?? 0) > (theirs[first] ?? 0);
}
