// One seed: its history, and when something is broken the smallest history that still breaks something.
import { asyncProperty, check } from 'fast-check';
import { Broken, type Ground, live, type Told } from './history.ts';
import { type Plan, plansOf, tellPlan } from './plan.ts';

/** So many smaller histories are tried, each of them a history. */
const TRIES_MAX = 400;

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
  let tries = 0;
  let told: Told = { hash: '', happenings: 0 };
  const property = asyncProperty(plansOf(ground.registry), async (plan) => {
    tries += 1;
    // fast-check takes what does not break for the end of a way.
    if (tries <= TRIES_MAX) told = await live(ground, plan, heard ? { heard } : {});
  });
  const result = await check<[Plan]>(property, {
    ...{ seed, numRuns: 1, endOnFailure: !shrink || path !== undefined },
    ...(path === undefined ? {} : { path }),
  });
  if (!result.failed) return { ok: true, ...told };
  const plan = result.counterexample?.[0];
  if (!plan) throw new Error(`seed ${seed} gave no history`);
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
