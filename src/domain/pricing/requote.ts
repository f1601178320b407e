/** The bill of what a buyer keeps, by the rules of the day it was bought. */
import { mulDiv } from '../money.ts';
import type { PriceInput } from './input.ts';
import { finish, withPromotions } from './price.ts';
import type { Quote } from './quote-shape.ts';

/**
 * Promotions are judged anew; of coupons only those that acted, as no other was redeemed. `unitsBack`: by line of the quote, all that came
 * back. Points stay spent on what is kept, by the floors of the refund.
 */
export function requoteRest(
  quote: Quote,
  unitsBack: ReadonlyMap<string, number>,
  keepsDelivery: boolean,
): { readonly payable: number; readonly earned: number } {
  const { input } = quote;
  if (!input) throw new Error('a bill that is drawn up again was frozen without what it was drawn up from');
  const lines = input.lines.flatMap((line) => {
    const quantity = line.quantity - (unitsBack.get(line.id) ?? 0);
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
  // With nothing kept there is nothing to send, and what sending cost stays as it was paid.
  if (lines.length === 0) return { payable: keepsDelivery ? quote.delivery.cash : 0, earned: 0 };
  const acted = new Set(quote.applied.flatMap((one) => (one.stage === 'coupon' ? [one.id] : [])));
  const { shipping, points: _points, tenders: _tenders, minimumCharge: _least, ...same } = input;
  const rest: PriceInput = { ...same, lines, ...(keepsDelivery && shipping ? { shipping } : {}) };
  const state = withPromotions(rest, pointsLeft(quote, unitsBack));
  const drawn = finish(
    state,
    (input.coupons ?? []).filter((one) => acted.has(one.id)),
  );
  return { payable: drawn.payable, earned: drawn.earned?.points ?? 0 };
}

function pointsLeft({ points, lines }: Quote, unitsBack: ReadonlyMap<string, number>) {
  if (!points) return undefined;
  let [spent, amount] = [0, 0];
  for (const line of lines) {
    const back = unitsBack.get(line.id) ?? 0;
    spent += line.points - mulDiv(line.points, back, line.quantity, 'floor');
    amount += line.pointsAmount - mulDiv(line.pointsAmount, back, line.quantity, 'floor');
  }
  return { spent, amount, treatment: points.treatment };
}
