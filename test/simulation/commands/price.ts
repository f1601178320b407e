import { integer, nat, record } from 'fast-check';
import { define, pick, typed } from '../engine/command.ts';

export const command = define({
  weight: 2,
  input: record({ what: nat({ max: 5 }), price: integer({ min: 1, max: 3000 }) }),
  tell: ({ what, price }) => `goods ${what} now cost ${typed(price)}`,
  run(stage, { what, price }) {
    const goods = pick(stage.cast.goods, what);
    if (!goods) return;
    stage.memory.typedPrice(goods.variantId, price);
    const seller = stage.cast.shops[goods.shop]?.seller ?? '';
    stage.act(seller, { kind: 'set_price', variantId: goods.variantId, price: typed(price) });
  },
});
