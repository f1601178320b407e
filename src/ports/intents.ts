/** Everything a person can want. The one zod door (`view/intent.ts`) turns untrusted input into these; inside, the type is trusted. */
import type { CommunityRole } from '../domain/policy.ts';
import type { ProductKind } from '../domain/product.ts';
import type { Message } from './messages.ts';

/** A product as its form tells it: texts are cleaned and amounts parsed by the use case, which answers with faults per field. */
export type ProductForm = {
  readonly title: string;
  readonly description: string;
  readonly price: string;
  /** "USD 13.00, EUR 12": further currencies. */
  readonly otherPrices: string;
  /** One option a line, "Size: S, M, L". */
  readonly options: string;
  /** Empty: unlimited. */
  readonly stock: string;
  readonly limitPerPerson: string;
  /** Minutes of the hold; empty for first paid, first served. */
  readonly holdMinutes: string;
  readonly imageDigest: string;
  readonly imageAlt: string;
  readonly pickup: boolean;
  readonly pickupNote: string;
  /** Empty: not sent. */
  readonly shippingFee: string;
  readonly shippingFreeFrom: string;
  readonly digitalText: string;
  /** One single-use code a line. */
  readonly digitalCodes: string;
  readonly serviceNote: string;
};

export type Intent =
  /** Opens a panel; changes nothing. */
  | { readonly kind: 'show'; readonly message: Message }
  | { readonly kind: 'say'; readonly chatId: string; readonly text: string }
  | { readonly kind: 'set_profile'; readonly name?: string; readonly locale?: string; readonly currency?: string }
  /** The demo community lets a visitor choose; elsewhere it is refused. */
  | { readonly kind: 'choose_role'; readonly role: CommunityRole | 'seller' | 'helper' }
  // shops
  | { readonly kind: 'apply_shop'; readonly name: string }
  | { readonly kind: 'decide_shop'; readonly shopId: string; readonly approve: boolean }
  | { readonly kind: 'freeze_shop'; readonly shopId: string; readonly frozen: boolean }
  | { readonly kind: 'put_helper'; readonly shopId: string; readonly personId: string; readonly helps: boolean }
  // products
  | {
      readonly kind: 'post_product';
      readonly shopId: string;
      readonly chatIds: readonly string[];
      readonly productKind: ProductKind;
      readonly form: ProductForm;
    }
  | { readonly kind: 'edit_product'; readonly productId: string; readonly form: ProductForm }
  | { readonly kind: 'list_product'; readonly productId: string; readonly chatId: string }
  | { readonly kind: 'set_stock'; readonly variantId: string; readonly stock: string }
  | { readonly kind: 'set_price'; readonly variantId: string; readonly price: string }
  | { readonly kind: 'add_codes'; readonly productId: string; readonly codes: string }
  | { readonly kind: 'pause_product'; readonly productId: string; readonly paused: boolean }
  | { readonly kind: 'withdraw_product'; readonly productId: string }
  | { readonly kind: 'freeze_product'; readonly productId: string; readonly frozen: boolean }
  | { readonly kind: 'report_product'; readonly productId: string; readonly reason: string }
  | { readonly kind: 'dismiss_reports'; readonly productId: string }
  | { readonly kind: 'ask_seller'; readonly productId: string; readonly text: string }
  | { readonly kind: 'answer_question'; readonly questionId: string; readonly text: string }
  // buying
  | { readonly kind: 'buy'; readonly listingId: string; readonly variantId?: string; readonly quantity?: number }
  | { readonly kind: 'basket_add'; readonly productId: string; readonly variantId?: string; readonly quantity?: number }
  | { readonly kind: 'basket_set'; readonly orderId: string; readonly variantId: string; readonly quantity: number }
  | { readonly kind: 'basket_checkout'; readonly orderId: string }
  | { readonly kind: 'set_quantity'; readonly orderId: string; readonly quantity: number }
  | { readonly kind: 'choose_delivery'; readonly orderId: string; readonly method: 'pickup' | 'ship' }
  | {
      readonly kind: 'set_address';
      readonly orderId: string;
      readonly recipient: string;
      readonly lines: string;
      readonly phone: string;
    }
  | { readonly kind: 'choose_channel'; readonly orderId: string; readonly channel: string }
  | { readonly kind: 'cancel_order'; readonly orderId: string }
  | { readonly kind: 'received'; readonly orderId: string }
  // selling
  | { readonly kind: 'ship'; readonly orderId: string; readonly tracking: string }
  | { readonly kind: 'hand_over'; readonly orderId: string }
  | { readonly kind: 'confirm_cash'; readonly orderId: string }
  /** A typed amount, or what the units of lines cost; neither is all that is left. `restock` puts units back on sale. */
  | {
      readonly kind: 'refund';
      readonly orderId: string;
      readonly amount: string;
      readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
      readonly restock: boolean;
    }
  /** A refund that a person pays by hand (cash): recorded with proof. */
  | { readonly kind: 'refund_paid_by_hand'; readonly refundId: string; readonly proof: string }
  // stewards
  | {
      readonly kind: 'configure';
      readonly name: string;
      readonly currency: string;
      readonly timeZone: string;
      readonly locale: string;
    }
  /** `deliver`: the money pays the order after all; `refund`: it goes back; `dismiss`: nothing is to be done. */
  | { readonly kind: 'resolve_case'; readonly caseId: string; readonly decision: 'deliver' | 'refund' | 'dismiss' };

export type IntentKind = Intent['kind'];
export type IntentOf<K extends IntentKind> = Extract<Intent, { kind: K }>;

/** What a button carries: an intent whose missing fields its form asks for. Plain JSON. */
export type StoredIntent = { readonly kind: IntentKind; readonly [field: string]: unknown };
