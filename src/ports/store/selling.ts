/** What helps a seller day by day: the evening digest, and the list of what is on sale that stands in a chat. */
import type { Order } from './orders.ts';
import type { ListingState } from './catalog.ts';
import type { Shop } from './people.ts';

export type ShopDigest = {
  readonly shopId: string;
  /** Minutes after midnight of the community's zone; null: turned off. */
  readonly atMinute: number | null;
  /** The next instant at which it is told; null exactly when it is turned off. */
  readonly dueAt: number | null;
  /** Up to here it has been told: the next one begins here. */
  readonly toldAt: number;
};

/** The list of what is on sale in a chat: at most one a chat. */
export type ChatIndex = {
  readonly chatId: string;
  readonly state: ListingState;
  readonly messageRef: string | null;
  readonly createdAt: number;
};

/** A card that was posted again. `oldRef`: the message that is to be greyed before the new one appears; null when that is done. */
export type Repost = {
  readonly listingId: string;
  readonly times: number;
  readonly oldRef: string | null;
  readonly at: number;
};

export interface SellingReads {
  repost(listingId: string): Promise<Repost | undefined>;
  digest(shopId: string): Promise<ShopDigest | undefined>;
  dueDigests(now: number, limit: number): Promise<readonly ShopDigest[]>;
  /** Approved shops that have none yet. */
  shopsWithoutDigest(limit: number): Promise<readonly Shop[]>;
  /** Orders of this shop paid in this span (`until` is not in it), by id. */
  ordersPaid(
    shopId: string,
    since: number,
    until: number,
    limit: number,
  ): Promise<readonly Pick<Order, 'id' | 'total' | 'currency'>[]>;
  /** Refunds of this shop's orders that are neither paid out nor called off. */
  openRefunds(shopId: string): Promise<number>;
  openCases(shopId: string): Promise<number>;
  index(chatId: string): Promise<ChatIndex | undefined>;
  /** The newest cards that stand in a chat and are of products on sale. */
  onSaleIn(
    chatId: string,
    limit: number,
  ): Promise<readonly { readonly listingId: string; readonly productId: string }[]>;
}

export interface SellingWrites extends SellingReads {
  insertDigest(row: ShopDigest): Promise<boolean>;
  /** Guarded by `dueAt` as it was read: false when somebody was there first. */
  moveDigest(row: Pick<ShopDigest, 'shopId' | 'dueAt'>, to: Omit<ShopDigest, 'shopId'>): Promise<boolean>;
  /** Guarded: false when it had not been posted again so many times before (0: never). */
  putRepost(row: Repost, before: number): Promise<boolean>;
  /** The old message is greyed. */
  endRepost(listingId: string): Promise<void>;
  insertIndex(row: ChatIndex): Promise<boolean>;
  updateIndex(chatId: string, changes: Partial<Pick<ChatIndex, 'state' | 'messageRef'>>): Promise<void>;
}
