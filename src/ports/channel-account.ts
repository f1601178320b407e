/** A shop's own account at a payment channel: opened from here, filled in by its owner over there, followed by its state. */

/** What a channel still wants to know of whoever sells; each has words in every language (`connect.want.<code>`). */
export const ACCOUNT_WANTS = [
  'bank_account',
  'identity_document',
  'personal_details',
  'business_details',
  'terms',
  'other',
] as const;
export type AccountWant = (typeof ACCOUNT_WANTS)[number];

/** `pending`: not filled in, or being checked. `restricted`: it was open, or could be, and the channel wants something. */
export const ACCOUNT_STATES = ['pending', 'restricted', 'active'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

export type ChannelAccount = {
  /** The channel's own name for it (MerchantAccount.accountRef). */
  readonly accountRef: string;
  readonly state: AccountState;
  readonly wants: readonly AccountWant[];
};

/** Every method answers undefined when nothing is certain; a repetition is safe. Throws `ChannelTrouble` when it is put off. */
export interface AccountDesk {
  /** The same account for the same shop, however often it is asked for. */
  open(shop: { readonly shopId: string; readonly shopName: string }): Promise<ChannelAccount | undefined>;
  /** Where its owner goes on: for one person, once, and not for long. */
  link(request: {
    readonly accountRef: string;
    readonly returnUrl: string;
    readonly refreshUrl: string;
  }): Promise<string | undefined>;
  retrieve(accountRef: string): Promise<ChannelAccount | undefined>;
}
