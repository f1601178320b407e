/** News that waits for people who cannot be written to, and the cards where they may ask for it. Ids only: nothing is sealed. */
import type { KeptNewsWrites } from '../ports/store/platforms.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { keptNews, claims } = tables;
const person = pick(keptNews, 'platform', 'personId');

const kept = prepare('keptNews.of', { ...person, limit: int }, (db, p) =>
  db
    .selectFrom('keptNews')
    .selectAll()
    .where('platform', '=', p.platform)
    .where('personId', '=', p.personId)
    .orderBy('at', 'desc')
    .orderBy('key')
    .limit(p.limit),
);
const keep = prepare('keptNews.put', keptNews, (db, p) =>
  db
    .insertInto('keptNews')
    .values(p)
    .onConflict((on) => on.columns(['platform', 'personId', 'key']).doUpdateSet({ message: p.message, at: p.at })),
);
const dropAll = prepare('keptNews.dropAll', person, (db, p) =>
  db.deleteFrom('keptNews').where('platform', '=', p.platform).where('personId', '=', p.personId),
);
const drop = prepare('keptNews.drop', pick(keptNews, 'platform', 'personId', 'key'), (db, p) =>
  db
    .deleteFrom('keptNews')
    .where('platform', '=', p.platform)
    .where('personId', '=', p.personId)
    .where('key', '=', p.key),
);

const claimsOf = prepare('claims.of', { ...pick(claims, 'personId'), limit: int }, (db, p) =>
  db
    .selectFrom('claims')
    .select(['platform', 'productId', 'orderId'])
    .where('personId', '=', p.personId)
    .orderBy('orderId')
    .orderBy('productId')
    .limit(p.limit),
);
const anyClaim = prepare('claims.any', pick(claims, 'platform', 'productId'), (db, p) =>
  db
    .selectFrom('claims')
    .select('orderId')
    .where('platform', '=', p.platform)
    .where('productId', '=', p.productId)
    .limit(1),
);
const putClaim = prepare('claims.put', claims, (db, p) =>
  db
    .insertInto('claims')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const dropClaims = prepare('claims.drop', pick(claims, 'platform', 'personId'), (db, p) =>
  db.deleteFrom('claims').where('platform', '=', p.platform).where('personId', '=', p.personId),
);

export function keptNewsQueries(run: Run): KeptNewsWrites {
  return {
    async keptNews(platform, personId, limit) {
      const rows = await run.all(kept, { platform, personId, limit });
      return rows.toReversed();
    },
    claims: (personId) => run.all(claimsOf, { personId, limit: PARTS_MAX }),
    isClaimed: async (platform, productId) => (await run.first(anyClaim, { platform, productId })) !== undefined,
    async keepNews(row) {
      await run.change(keep, row);
    },
    async dropNews(platform, personId, key) {
      if (key === undefined) await run.change(dropAll, { platform, personId });
      else await run.change(drop, { platform, personId, key });
    },
    putClaim: async (row) => (await run.change(putClaim, row)) === 1,
    dropClaims: async (platform, personId) => {
      await run.change(dropClaims, { platform, personId });
    },
  };
}
