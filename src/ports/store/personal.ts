/** A person as a whole, over all communities: what is kept of them, what keeps us from forgetting them, and forgetting. */
import type { CommunityRole } from '../../domain/policy.ts';

/** What they are and wrote, beside their orders. Opened: for nobody's eyes but theirs. */
export type PersonalTexts = {
  readonly identities: readonly { readonly platform: string; readonly createdAt: number }[];
  readonly memberships: readonly {
    readonly communityId: string;
    readonly role: CommunityRole;
    readonly createdAt: number;
  }[];
  readonly questions: readonly {
    readonly productId: string;
    readonly text: string;
    readonly answer: string | null;
    readonly askedAt: number;
  }[];
  readonly reports: readonly { readonly productId: string; readonly reason: string; readonly at: number }[];
  /** In the chats of the built-in web chat. */
  readonly messages: readonly { readonly chatId: string; readonly text: string; readonly at: number }[];
};

/** Others count on them: goods to be had, money on its way, a shop, a market. */
export type Tie = 'orders' | 'money' | 'shop' | 'market';

export interface PersonalReads {
  personalTexts(personId: string): Promise<PersonalTexts>;
  tiesOf(personId: string): Promise<readonly Tie[]>;
}

export interface PersonalWrites extends PersonalReads {
  /**
   * Destroys the person's key, and with it names, addresses and texts wherever their ciphertext lies; identities, sessions, roles and
   * everything that leads to them go. Orders and money stay, with nobody behind them. False when it was done before.
   */
  erasePerson(personId: string, at: number): Promise<boolean>;
}
