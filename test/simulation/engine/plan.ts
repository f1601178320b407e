// A history before it happens: the weather and the steps, plain data that fast-check makes up and makes smaller.
import { type Arbitrary, array, constant, constantFrom, nat, noBias, oneof, record } from 'fast-check';
import type { Registry } from './registry.ts';
import { type Forecast, forecasts } from './weather.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** From the step before; nothing at all means that both are under way at once. The first is what a failure is shrunk to. */
const WAITS_MS = [
  ...[15 * SECOND, 0, 0, 0, 0, 0, 0, SECOND, SECOND, SECOND, SECOND, 15 * SECOND, 15 * SECOND, 15 * SECOND],
  ...[40 * SECOND, 40 * SECOND, 90 * SECOND, 90 * SECOND, 6 * MINUTE, 6 * MINUTE, 16 * MINUTE, 16 * MINUTE],
  ...[2 * 60 * MINUTE, 26 * 60 * MINUTE],
] as const;
const STEPS = { minLength: 4, maxLength: 40, size: 'max' } as const;
const LUCKS = 2 ** 31 - 1;

export type Step = {
  readonly command: string;
  readonly input: unknown;
  readonly waitMs: number;
  /** The seed of all chance in what the step causes; 0 is the best of luck. */
  readonly luck: number;
};
export type Plan = { readonly forecast: Forecast; readonly steps: readonly Step[] };

export function plansOf({ commands }: Registry): Arbitrary<Plan> {
  const choices = [...commands].map(([name, { weight, input }]) => {
    const facts = { command: constant(name), input, waitMs: constantFrom(...WAITS_MS), luck: nat({ max: LUCKS }) };
    return { weight, arbitrary: record<Step>(facts) };
  });
  return noBias(record<Plan>({ forecast: forecasts, steps: array(oneof(...choices), STEPS) }));
}

/** In words. */
export function tellPlan({ commands }: Registry, { forecast, steps }: Plan): string[] {
  const foul = Object.entries(forecast).filter(([, level]) => level > 0);
  const weather = foul.map(([kind, level]) => `${kind} ${level}`).join(', ');
  return [
    `weather: ${weather === '' ? 'fair' : weather}`,
    ...steps.map(({ command, input, waitMs, luck }, at) => {
      const what = commands.get(command)?.tell(input) ?? command;
      return `${String(at + 1).padStart(3)}. ${waitMs === 0 ? 'at once' : `${waitMs / SECOND} s later`}: ${what}${luck === 0 ? '' : ` (luck ${luck})`}`;
    }),
  ];
}
