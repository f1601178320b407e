/** Communities, the people in them, and their shops. Names and addresses arrive and leave in clear; at rest they are sealed. */
import type { ChannelAccount } from '../channel-account.ts';
import type { CommunityRole, ShopRole } from '../../domain/policy.ts';
import type { PersonalReads, PersonalWrites } from './personal.ts';

export type Community = {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** What prices are typed in, first; others may be added to a product. */
  readonly currency: string;
  readonly locale: string;
  /** Prices of this community's demo or test money say so on every card. */
  readonly testMoney: boolean;
  /** Minor units of `currency`; above it a second person confirms cash. */
  readonly cashConfirmLimit: number;
  readonly frozen: boolean;
  readonly createdAt: number;
};

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  /** What "about" is shown in; the community's own currency when null. */
  readonly currency: string | null;
  readonly createdAt: number;
};

export type Address = { readonly recipient: string; readonly lines: string; readonly phone: string };

export const SHOP_STATES = ['applied', 'approved', 'frozen', 'rejected'] as const;
export type ShopState = (typeof SHOP_STATES)[number];

export type Shop = {
  readonly id: string;
  readonly communityId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly state: ShopState;
  /** Whether whoever runs the market may collect for it; null while its seller has not chosen. */
  readonly marketCollects: boolean | null;
  readonly createdAt: number;
};

/** A shop's account at one payment channel: `accountRef` is the channel's own name for it. Whose money it is. */
export type MerchantAccount = {
  readonly id: string;
  readonly shopId: string;
  readonly channel: string;
  readonly accountRef: string;
  readonly createdAt: number;
  /** Its channel does not let it be paid just now. Only where a shop's accounts are read together. */
  readonly restricted?: boolean;
};

/** A shop's own account at a channel where its owner has to open one. It may be paid from the first time it is active. */
export type AccountOpening = ChannelAccount & {
  readonly shopId: string;
  readonly channel: string;
  readonly nextCheckAt: number | null;
  readonly checks: number;
  readonly createdAt: number;
};

export type Chat = {
  readonly id: string;
  readonly communityId: string;
  readonly platform: string;
  /** The platform's own identifier, always text. */
  readonly platformChatId: string;
  readonly title: string;
};

export type Member = { readonly personId: string; readonly role: CommunityRole };

export interface PeopleReads extends PersonalReads {
  community(id: string): Promise<Community | undefined>;
  communities(): Promise<readonly Community[]>;
  person(id: string): Promise<Person | undefined>;
  /** What the person chose; nothing sealed is opened for it. */
  preferences(id: string): Promise<Pick<Person, 'locale' | 'currency'> | undefined>;
  people(ids: readonly string[]): Promise<readonly Person[]>;
  /** Who this platform user is to us; the user id is found by its keyed digest. */
  personByIdentity(platform: string, platformUserId: string): Promise<string | undefined>;
  /** The chat platforms on which this person has an identity, in the order in which we met them there. */
  platformsOf(personId: string): Promise<readonly string[]>;
  address(personId: string): Promise<Address | undefined>;
  role(communityId: string, personId: string): Promise<CommunityRole | undefined>;
  /** Everybody with a role above member. */
  stewards(communityId: string): Promise<readonly Member[]>;
  members(communityId: string, limit: number): Promise<readonly Member[]>;
  shop(id: string): Promise<Shop | undefined>;
  shops(communityId: string, state?: ShopState): Promise<readonly Shop[]>;
  shopRoles(communityId: string, personId: string): Promise<Readonly<Record<string, ShopRole>>>;
  shopStaff(shopId: string): Promise<readonly { readonly personId: string; readonly role: ShopRole }[]>;
  merchantAccount(id: string): Promise<MerchantAccount | undefined>;
  merchantAccounts(shopId: string): Promise<readonly MerchantAccount[]>;
  accountOpenings(shopId: string): Promise<readonly AccountOpening[]>;
  accountOpeningByRef(channel: string, accountRef: string): Promise<AccountOpening | undefined>;
  dueAccountOpenings(now: number, limit: number): Promise<readonly AccountOpening[]>;
  chat(id: string): Promise<Chat | undefined>;
  chatByPlatform(platform: string, platformChatId: string): Promise<Chat | undefined>;
  /** Without those that we were sent away from. */
  chats(communityId: string): Promise<readonly Chat[]>;
}

export interface PeopleWrites extends PeopleReads, PersonalWrites {
  /** All `insert...` methods answer whether a row was made: an existing one with the same unique key is left alone. */
  insertCommunity(row: Community): Promise<boolean>;
  updateCommunity(
    id: string,
    changes: Partial<Pick<Community, 'name' | 'timeZone' | 'currency' | 'locale' | 'frozen' | 'cashConfirmLimit'>>,
  ): Promise<boolean>;
  insertPerson(row: Person): Promise<boolean>;
  updatePerson(id: string, changes: Partial<Pick<Person, 'name' | 'locale' | 'currency'>>): Promise<boolean>;
  /**
   * Changes nothing, and keeps the person's row for this commit: what is counted after it (open bills, units bought) is not counted
   * by another command of the same person at the same moment.
   */
  takePerson(id: string): Promise<void>;
  insertIdentity(row: {
    platform: string;
    platformUserId: string;
    personId: string;
    createdAt: number;
  }): Promise<boolean>;
  putAddress(personId: string, address: Address, at: number): Promise<void>;
  putMember(communityId: string, personId: string, role: CommunityRole, at: number): Promise<void>;
  /** Its seller has chosen nothing yet. */
  insertShop(row: Omit<Shop, 'marketCollects'>): Promise<boolean>;
  /** Guarded: true only when the shop was in one of `from`. */
  moveShop(id: string, from: readonly ShopState[], to: ShopState): Promise<boolean>;
  setMarketCollects(shopId: string, collects: boolean): Promise<void>;
  putShopStaff(shopId: string, personId: string, role: ShopRole, at: number): Promise<void>;
  removeShopStaff(shopId: string, personId: string): Promise<boolean>;
  insertMerchantAccount(row: MerchantAccount): Promise<boolean>;
  /** One a shop and channel; its account and when it was opened never change. */
  putAccountOpening(row: AccountOpening): Promise<void>;
  insertChat(row: Chat): Promise<boolean>;
}
