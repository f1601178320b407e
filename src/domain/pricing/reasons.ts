/** Why a rule did not act, or not as asked. A closed list: every word has a text in every language. */
export const REASONS = [
  /** Before its beginning, after its end, outside its weekly hours. */
  'NOT_STARTED',
  'ENDED',
  'OUTSIDE_HOURS',
  /** Meant for another chat, tier, person, or for a first purchase. */
  'WRONG_CHAT',
  'WRONG_TIER',
  'WRONG_PERSON',
  'NOT_FIRST_PURCHASE',
  /** Nothing in the basket is in its scope. */
  'NO_MATCHING_ITEMS',
  /** `shortfall`: minor units that are missing to its minimum or its lowest tier. */
  'MIN_SPEND',
  /** `shortfall`: units that are missing to its first full group. */
  'NOT_ENOUGH_ITEMS',
  /** It has no amount in the bill's currency. */
  'CURRENCY_NOT_SUPPORTED',
  /** Its uses are spent, this person's are, its budget cannot bear the whole discount. */
  'USES_SPENT',
  'PERSON_USES_SPENT',
  'BUDGET_SPENT',
  /** Another rule of its group, or on its lines, takes more. `by` names it. */
  'BEATEN',
  /** A coupon of its class acts already, or one of the two stands alone. `by` names the other. */
  'CLASS_TAKEN',
  'NOT_COMBINABLE',
  /** Nothing is sent. */
  'NO_SHIPPING',
  /** There is nothing left that it could take off. */
  'NO_EFFECT',
  /** Points: a coupon forbids them, none are left, they are less than a step. */
  'NO_POINTS_WITH_COUPON',
  'NO_POINTS',
  'BELOW_STEP',
] as const;
export type Reason = (typeof REASONS)[number];
