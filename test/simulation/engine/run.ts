// One seed: its history, and when something is broken the smallest history that still breaks something.
import { asyncProperty, check, interruptAfterTimeLimit, type Plugin } from 'fast-check';
import { Broken, type Ground, live, type Told } from './history.ts';
import { type Plan, plansOf, tellPlan } from './plan.ts';

/** No history is made smaller for longer than this. */
const SHRINKING_MS = 60_000;

export type Verdict =
  | ({ readonly ok: true } & Told)
  | { readonly ok: false; readonly seed: number; readonly invariant: string; readonly report: string };

type Options = {
  /** Where fast-check came to when it made the history smaller: only that history is lived through. */
  readonly path?: string | undefined;
  /** False: the history is told as it was drawn. */
  readonly shrink?: boolean;
  /** Hears every happening. */
  readonly heard?: (line: string) => void;
};

export async function runSeed(
  ground: Ground,
  seed: number,
  { path, shrink = true, heard }: Options = {},
): Promise<Verdict> {
  let told: Told = { hash: '', happenings: 0 };
  const property = asyncProperty(plansOf(ground.registry), async (plan) => {
    told = await live(ground, plan, heard ? { heard } : {});
  });
  const result = await check<[Plan]>(property, {
    ...{ seed, numRuns: 1, endOnFailure: !shrink || path !== undefined },
    ...(path === undefined ? {} : { path }),
    plugins: [interruptAfterTimeLimit(SHRINKING_MS) as Plugin<[Plan]>],
  });
  if (!result.failed) return { ok: true, ...told };
  const plan = result.counterexample?.[0];
  if (!plan) throw new Error(`seed ${seed}: no history could be lived through in ${SHRINKING_MS / 1000} s`);
  const { errorInstance: error, counterexamplePath, numShrinks } = result;
  const invariant = error instanceof Broken ? error.invariant : 'error';
  const where = { seed, path: counterexamplePath, shrinks: numShrinks };
  return { ok: false, seed, invariant, report: reportOf(ground, plan, error, where) };
}

function reportOf(
  { registry }: Ground,
  plan: Plan,
  error: unknown,
  { seed, path, shrinks }: { seed: number; path: string | null; shrinks: number },
): string {
  const fault = error instanceof Broken ? error.message : error instanceof Error ? (error.stack ?? '') : String(error);
  return [
    `BROKEN  ${fault}`,
    '',
    `The history${shrinks > 0 ? `, made smaller ${shrinks} times` : ''}:`,
    ...tellPlan(registry, plan).map((line) => `  ${line}`),
    '',
    `Once more: npm run simulate -- --seed ${seed}${path === null ? '' : ` --path ${path}`} --verbose`,
  ].join('\n');
}
