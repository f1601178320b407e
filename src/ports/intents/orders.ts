/** What is wanted of orders, by buyers and by those who hand the goods over. */
export type OrderIntent =
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
  | { readonly kind: 'cancel_order'; readonly orderId: string }
  | { readonly kind: 'received'; readonly orderId: string }
  | { readonly kind: 'ship'; readonly orderId: string; readonly tracking: string }
  | { readonly kind: 'hand_over'; readonly orderId: string }
  /** A bill for a sum without a product. `amount` as it was typed; `text` is what it is for. */
  | {
      readonly kind: 'bill_person';
      readonly shopId: string;
      readonly personId: string;
      readonly amount: string;
      readonly text: string;
      readonly productKind: 'service' | 'physical';
    }
  /** Each order by its own way of delivery. `tracking`: "ORDERCODE number", one a line; the orders named there are sent too. */
  | {
      readonly kind: 'fulfil_many';
      readonly shopId: string;
      readonly orderIds: readonly string[];
      readonly tracking: string;
    };
