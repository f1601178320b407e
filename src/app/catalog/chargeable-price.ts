/** A price that the shop's own page of payment could never charge is told when it is set, not when somebody wants to pay. */
import { type Fault, fail } from '../../domain/faults.ts';
import type { DeliveryOffer, ProductKind } from '../../domain/product.ts';
import type { Reads } from '../../ports/store.ts';
import type { Circumstances } from '../deps.ts';
import { priceObjection } from '../money/ways.ts';
import type { PriceList } from './product-form.ts';

type Priced = {
  readonly shopId: string;
  readonly kind: ProductKind;
  readonly prices: PriceList;
  readonly delivery?: DeliveryOffer | null;
};

/** Undefined when every price can be paid somewhere. */
export async function chargeObjection(
  reads: Reads,
  at: Circumstances,
  { shopId, kind, prices, delivery = null }: Priced,
): Promise<Fault | undefined> {
  const accounts = await reads.people.merchantAccounts(shopId);
  for (const [currency, amount] of Object.entries(prices)) {
    const fault = priceObjection(at.deps.channels.values(), accounts, { currency, amount, kind });
    if (fault)
      return fail(fault.code, { ...fault.params, field: currency === at.community.currency ? 'price' : 'otherPrices' })
        .fault;
    const shipped = delivery?.shipping.find((one) => one.fee.currency === currency)?.fee.amount ?? 0;
    const whole =
      shipped === 0
        ? undefined
        : priceObjection(at.deps.channels.values(), accounts, { currency, amount: amount + shipped, kind });
    if (whole) return fail(whole.code, { ...whole.params, field: 'shippingFee' }).fault;
  }
  return undefined;
}
