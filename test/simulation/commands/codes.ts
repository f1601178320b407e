import { integer } from 'fast-check';
import { define } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: integer({ min: 1, max: 2 }),
  tell: (count) => `the seller adds ${count} game codes`,
  run(stage, count) {
    const goods = stage.cast.goods.find((one) => one.codes.length > 0);
    const codes = Array.from({ length: count }, (_, at) => `NEW-${stage.schedule.now()}-${at}`);
    if (!goods) return;
    stage.memory.typedCodes(codes);
    const seller = stage.cast.shops[goods.shop]?.seller ?? '';
    stage.act(seller, { kind: 'add_codes', productId: goods.productId, codes: codes.join('\n') });
  },
});
