/** What is wanted of products: posting, changing, asking, reporting. */
import type { ProductKind } from '../../domain/product.ts';

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
  /** Paid from the card itself, where the chat's platform has invoices of its own. */
  readonly quickPay: boolean;
};

export type CatalogIntent =
  | {
      readonly kind: 'post_product';
      readonly shopId: string;
      readonly chatIds: readonly string[];
      readonly productKind: ProductKind;
      readonly form: ProductForm;
    }
  | { readonly kind: 'edit_product'; readonly productId: string; readonly form: ProductForm }
  | { readonly kind: 'list_product'; readonly productId: string; readonly chatId: string }
  /** A member has sent the card into a chat that is not ours; `place` is the platform's own name for that message. */
  | {
      readonly kind: 'card_placed';
      readonly productId: string;
      readonly platform: string;
      readonly place: string;
    }
  /** `times`: how often it had been posted again when this was drawn. */
  | {
      readonly kind: 'repost_card';
      readonly productId: string;
      readonly chatId: string;
      readonly times: number;
    }
  | { readonly kind: 'set_stock'; readonly variantId: string; readonly stock: string }
  | { readonly kind: 'set_price'; readonly variantId: string; readonly price: string }
  | { readonly kind: 'add_codes'; readonly productId: string; readonly codes: string }
  | { readonly kind: 'pause_product'; readonly productId: string; readonly paused: boolean }
  | { readonly kind: 'withdraw_product'; readonly productId: string }
  | { readonly kind: 'freeze_product'; readonly productId: string; readonly frozen: boolean }
  | { readonly kind: 'report_product'; readonly productId: string; readonly reason: string }
  /** "20:00" on the community's clock; empty turns it off. */
  | { readonly kind: 'set_digest'; readonly shopId: string; readonly time: string }
  | { readonly kind: 'place_index'; readonly chatId: string }
  /** Calendar days as they were typed. */
  | { readonly kind: 'choose_period'; readonly shopId: string; readonly from: string; readonly to: string }
  | { readonly kind: 'dismiss_reports'; readonly productId: string }
  | { readonly kind: 'ask_seller'; readonly productId: string; readonly text: string }
  | { readonly kind: 'answer_question'; readonly questionId: string; readonly text: string };
