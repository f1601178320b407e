import { nat, record, uniqueArray } from 'fast-check';
import { define, pick, remember, shownOrder } from '../engine/command.ts';

export const command = define({
  weight: 3,
  input: record({ who: nat({ max: 2 }), goods: uniqueArray(nat({ max: 3 }), { minLength: 1, maxLength: 3 }) }),
  tell: ({ who, goods }) => `buyer ${who} puts goods ${goods.join(', ')} into a basket and checks out`,
  run(stage, { who, goods }) {
    const buyer = pick(stage.cast.buyers, who) ?? '';
    const wanted = goods.flatMap((index) => pick(stage.cast.goods, index)?.productId ?? []);
    const next = (at: number) => {
      const productId = wanted[at];
      if (productId === undefined) return checkOut();
      stage.act(buyer, { kind: 'basket_add', productId }, (reply) => (reply.ok ? next(at + 1) : undefined));
    };
    const checkOut = () => {
      const drafts = stage.rows("select id from orders where buyer_id = ? and state = 'draft' order by id", [buyer]);
      const orderId = String(drafts[0]?.['id'] ?? '');
      stage.act(buyer, { kind: 'basket_checkout', orderId }, (reply) => {
        if (shownOrder(reply) !== null) remember(stage, orderId, buyer);
      });
    };
    next(0);
  },
});
