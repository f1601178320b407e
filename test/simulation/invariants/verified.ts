import { linesOf, verifyStore } from '../../../src/store/verify/verify.ts';
import { vault } from '../engine/cast.ts';
import { atRest } from '../engine/invariant.ts';

export const invariant = atRest('the market proves its own database', async (stage) => {
  const report = await verifyStore(stage.store(), vault);
  return report.results.filter((one) => one.weight === 'must' && one.broken.length > 0).flatMap(linesOf);
});
