import { nat, record } from 'fast-check';
import { define, pick } from '../engine/command.ts';

export const command = define({
  weight: 2,
  input: record({ what: nat({ max: 5 }), units: nat({ max: 3 }) }),
  tell: ({ what, units }) => `the seller says that there are ${units} of goods ${what}`,
  run(stage, { what, units }) {
    const goods = pick(stage.cast.goods, what);
    const seller = stage.cast.shops[goods?.shop ?? 0]?.seller ?? '';
    if (goods) stage.act(seller, { kind: 'set_stock', variantId: goods.variantId, stock: String(units) });
  },
});
