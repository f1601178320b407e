/** What is wanted of the market itself: talk, shops, people and their settings. */
import type { CommunityRole } from '../../domain/policy.ts';

export type CommunityIntent =
  | { readonly kind: 'say'; readonly chatId: string; readonly text: string }
  | { readonly kind: 'set_profile'; readonly name?: string; readonly locale?: string; readonly currency?: string }
  /** To be forgotten, for good. */
  | { readonly kind: 'erase_me' }
  /** The demo community lets a visitor choose; elsewhere it is refused. */
  | { readonly kind: 'choose_role'; readonly role: CommunityRole | 'seller' | 'helper' }
  | { readonly kind: 'apply_shop'; readonly name: string }
  | { readonly kind: 'decide_shop'; readonly shopId: string; readonly approve: boolean }
  | { readonly kind: 'freeze_shop'; readonly shopId: string; readonly frozen: boolean }
  | { readonly kind: 'put_helper'; readonly shopId: string; readonly personId: string; readonly helps: boolean }
  | {
      readonly kind: 'configure';
      readonly name: string;
      readonly currency: string;
      readonly timeZone: string;
      readonly locale: string;
    };
