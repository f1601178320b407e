// One history from its plan to its verdict.
import { createHash } from 'node:crypto';
import type { Cast } from './cast.ts';
import type { Invariant } from './invariant.ts';
import type { Plan } from './plan.ts';
import type { Registry } from './registry.ts';
import { comeToRest } from './rest.ts';
import { setStage, type Stage } from './stage.ts';

/** Something that must hold does not. */
export class Broken extends Error {
  /** Name of the invariant. */
  readonly invariant: string;
  constructor(invariant: string, title: string, when: string, lines: readonly string[]) {
    super([`${invariant}: ${title}`, `  ${when}`, ...lines.map((line) => `  ${line}`)].join('\n'));
    this.name = 'Broken';
    this.invariant = invariant;
  }
}

export type Told = {
  /** Over all that happened, in its order, and all that stands in the tables at the end. */
  readonly hash: string;
  readonly happenings: number;
};

export type Ground = { readonly cast: Cast; readonly folder: string; readonly registry: Registry };
type Options = {
  /** Hears every happening. */
  readonly heard?: (line: string) => void;
};

const LOOK_TURNS_MAX = 20;

/** Throws `Broken`. */
export async function live({ cast, folder, registry }: Ground, plan: Plan, { heard }: Options = {}): Promise<Told> {
  const hash = createHash('sha256');
  let happenings = 0;
  const hear = (line: string) => {
    happenings += 1;
    hash.update(line);
    hash.update('\n');
    heard?.(line);
  };
  const stage = setStage(cast, folder, plan.forecast, hear);
  const checks = [...registry.invariants];
  const steady = checks.filter(([, one]) => one.when === 'step');
  try {
    let seen = stage.version();
    for (const [at, step] of plan.steps.entries()) {
      await stage.schedule.pass(step.waitMs);
      stage.schedule.blame(`step ${at + 1}`, step.luck);
      hear(`step ${at + 1}: ${step.command}`);
      const run = async () => registry.commands.get(step.command)?.run(stage, step.input);
      void run().catch(stage.bug);
      await stage.schedule.pass(0);
      const now = stage.version();
      if (now !== seen) await hold(stage, steady, `after step ${at + 1}`);
      seen = now;
    }
    await comeToRest(stage);
    await hold(stage, checks, 'when everything had come to rest');
    for (const line of contentOf(stage)) hash.update(line);
    return { hash: hash.digest('hex').slice(0, 16), happenings };
  } finally {
    stage.close();
  }
}

async function hold(stage: Stage, checks: readonly (readonly [string, Invariant])[], when: string): Promise<void> {
  if (stage.bugs.length > 0)
    throw new Broken('bugs', 'nothing throws that nobody expects', when, stage.bugs.slice(0, 3));
  if (!stage.isUp()) return;
  for (const [name, { title, broken }] of checks) {
    const lines = await inTime(stage, async () => broken(stage));
    if (lines.length > 0) throw new Broken(name, title, when, lines.slice(0, 10));
  }
}

/** Looking at something may write as well (a code that is shown is marked): that waits for its commit like everything else. */
async function inTime<T>(stage: Stage, look: () => Promise<T>): Promise<T> {
  let isOver = false;
  const looked = look().finally(() => (isOver = true));
  for (let turn = 1; turn <= LOOK_TURNS_MAX; turn += 1) {
    await stage.schedule.pass(turn === 1 ? 0 : 1_000);
    if (isOver) return looked;
  }
  throw new Error('the look at an invariant waits for something that never happens');
}

/** What sealing makes of a text is another text every time. */
const SEALED = /^(sealed|wrapped)/;

function* contentOf(stage: Stage): Generator<string> {
  const tables = stage.rows(
    "select name from sqlite_master where type = 'table' and name not like 'kysely%' order by name",
  );
  for (const table of tables) {
    const name = String(table['name']);
    yield name;
    for (const row of stage.rows(`select * from "${name}"`)) {
      yield JSON.stringify(Object.entries(row).filter(([column]) => !SEALED.test(column)));
    }
  }
}
