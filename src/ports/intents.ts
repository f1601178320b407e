/** Everything a person can want. The one zod door (`view/intent.ts`) turns untrusted input into these; inside, the type is trusted. */
import type { CatalogIntent } from './intents/catalog.ts';
import type { CommunityIntent } from './intents/community.ts';
import type { MoneyIntent } from './intents/money.ts';
import type { OrderIntent } from './intents/orders.ts';
import type { PromotionIntent } from './intents/promotions.ts';
import type { Message } from './messages.ts';

export type Intent =
  /** Opens a panel; changes nothing. */
  | { readonly kind: 'show'; readonly message: Message }
  | CommunityIntent
  | CatalogIntent
  | OrderIntent
  | MoneyIntent
  | PromotionIntent;

export type IntentKind = Intent['kind'];
export type IntentOf<K extends IntentKind> = Extract<Intent, { kind: K }>;

/** What a button carries: an intent whose missing fields its form asks for. Plain JSON. */
export type StoredIntent = { readonly kind: IntentKind; readonly [field: string]: unknown };
