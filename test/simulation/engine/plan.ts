// A history before it happens: the weather and the steps, plain data that fast-check makes up and makes smaller.
import {
  Arbitrary,
  array,
  constant,
  constantFrom,
  nat,
  oneof,
  type Random,
  record,
  type Stream,
  stream,
  Value,
} from 'fast-check';
import type { Registry } from './registry.ts';
import { type Forecast, forecasts } from './weather.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const many = (times: number, ms: number): number[] => Array.from({ length: times }, () => ms);
/** What a wait is shrunk to. */
const USUAL_MS = 15 * SECOND;
/** From the step before; nothing at all means that both are under way at once. */
const WAITS_MS = [
  ...many(10, USUAL_MS),
  ...[...many(10, 0), ...many(8, SECOND), ...many(5, 40 * SECOND), ...many(3, 90 * SECOND)],
  ...[6 * MINUTE, 6 * MINUTE, 16 * MINUTE, 2 * 60 * MINUTE, 26 * 60 * MINUTE],
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
  return new Plans(record<Plan>({ forecast: forecasts, steps: array(oneof(...choices), STEPS) }));
}

/**
 * A history is made smaller by leaving steps out, first half of them, at last single ones, and only then by clearing up the weather, the
 * luck and the waits of what is left: few tries lead far, and each try is a history.
 */
class Plans extends Arbitrary<Plan> {
  readonly #drawn: Arbitrary<Plan>;

  constructor(drawn: Arbitrary<Plan>) {
    super();
    this.#drawn = drawn;
  }

  /** Never near the edges of its numbers alone, which fast-check would begin with. */
  override generate(random: Random): Value<Plan> {
    return this.#drawn.generate(random, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Plan {
    return value !== undefined;
  }

  /** `context`: how many steps at a time could be left out last. */
  override shrink(plan: Plan, context: unknown): Stream<Value<Plan>> {
    const most = Math.ceil(plan.steps.length / 2);
    return stream(smaller(plan, typeof context === 'number' ? Math.min(context, most) : most));
  }
}

function* smaller({ forecast, steps }: Plan, most: number): Generator<Value<Plan>> {
  for (let size = most; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = steps.length; end > 0; end -= size) {
      yield new Value({ forecast, steps: steps.filter((_, at) => at < end - size || at >= end) }, size);
    }
  }
  for (const [kind, level] of Object.entries(forecast)) {
    if (level > 0) yield new Value({ forecast: { ...forecast, [kind]: 0 }, steps }, 1);
  }
  for (const [at, step] of steps.entries()) {
    const gentler = [
      { ...step, luck: 0 },
      { ...step, waitMs: USUAL_MS },
    ];
    for (const one of gentler) {
      if (one.luck !== step.luck || one.waitMs !== step.waitMs)
        yield new Value({ forecast, steps: steps.with(at, one) }, 1);
    }
  }
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
