// The market's process: the core on its database, the outbox, the sweep. It can die at any instant between two happenings.
import { createCore } from '../../../src/app/core.ts';
import type { Deps } from '../../../src/app/deps.ts';
import type { Message } from '../../../src/ports/messages.ts';
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import type { Ids, Log, LogFields } from '../../../src/ports/runtime.ts';
import { vault } from './cast.ts';
import { createClerk } from './clerk.ts';
import { openDatabase } from './database.ts';
import type { Schedule } from './schedule.ts';
import type { Weather } from './weather.ts';

/** The market sweeps every second. A second with nothing to do is left out, and what stays due is looked at less and less often. */
const SWEEP_MS = 1_000;
const DUE_AGAIN_MS = [1_000, 10_000, 60_000, 300_000, 900_000] as const;
const IDLE_MS = [60_000, 1_800_000, 21_600_000] as const;
/** The earliest instant at which something that the sweep looks after is due. */
const NEXT_DUE = `select min(due) as due from (
  select min(next_check_at) as due from attempts union all select min(next_check_at) from refunds
  union all select min(due_at) from inbox_work union all select min(expires_at) from orders where state = 'pending_payment')`;

type Given = {
  readonly file: string;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly clock: Deps['clock'];
  readonly channels: Deps['channels'];
  readonly weather: () => Weather;
  /** An error that nobody expected. */
  readonly bug: (error: unknown) => void;
  readonly cutPower: () => void;
  /** Somebody's panel is drawn again. */
  readonly drawn: (personId: string, message: Message) => void;
};

export function openHouse({ file, schedule, ids, clock, channels, weather, bug, cutPower, drawn }: Given) {
  const log = suspicious(bug);
  const afterTurn = (fn: () => void) => {
    const luck = schedule.luck();
    const afterMs = luck.hits(weather().disk.slow) ? luck.between(20, 3_000) : luck.between(1, 3);
    const cut = luck.hits(weather().power.cut);
    schedule.add({ afterMs, what: 'commit', ours: true, run: fn });
    if (cut) schedule.add({ afterMs: luck.between(0, afterMs + 3), what: 'power cut', ours: false, run: cutPower });
  };
  const database = openDatabase(file, { vault, clock, log, afterTurn });
  const deps: Deps = {
    ...{ store: database.store, clock, ids, log, vault, channels },
    rates: { find: () => undefined },
    settings: { demo: true, publicUrl: 'https://market.example' },
    wake: () => clerk.wake(),
  };
  const clerk = createClerk({ deps, schedule, weather, bug, drawn });
  const core = createCore(deps);
  let [sweeping, idle, still, plannedAt] = [false, 0, 0, Number.POSITIVE_INFINITY];

  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    await core.sweep();
    sweeping = false;
    planSweep();
  };
  const waitFor = (): number => {
    const [row] = database.rows(NEXT_DUE);
    const due = Number(row?.['due'] ?? Number.POSITIVE_INFINITY) - clock.now();
    still = due <= 0 ? still + 1 : 0;
    const soonest = due <= 0 ? (DUE_AGAIN_MS[Math.min(still, DUE_AGAIN_MS.length) - 1] ?? 0) : Math.max(due, SWEEP_MS);
    idle += 1;
    return Math.min(soonest, IDLE_MS[Math.min(idle, IDLE_MS.length) - 1] ?? 0);
  };
  const planSweep = (afterMs = waitFor()) => {
    const at = schedule.now() + afterMs;
    plannedAt = at;
    const run = () => {
      if (plannedAt === at) void sweep().catch(bug);
    };
    schedule.add({ afterMs, what: 'sweep', ours: true, run });
  };
  void clerk.takeOver().catch(bug);
  planSweep();

  return {
    ...{ core, deps, rows: database.rows, version: database.version },
    sweep: () => void sweep().catch(bug),
    /** Something happens: the sweep looks soon. */
    stir() {
      idle = 0;
      if (plannedAt > schedule.now() + SWEEP_MS) planSweep(SWEEP_MS);
    },
    /** Whatever is under way is never heard of again. */
    crash() {
      schedule.dropOurs();
      database.crash();
    },
  };
}

/** Lost races and trouble with the bank are daily life; any other error that the market writes down is a bug. */
function suspicious(bug: (error: unknown) => void): Log {
  const hear = (fields: LogFields) => {
    const error = fields['error'] ?? fields['err'];
    if (error instanceof Error && !(error instanceof ChannelTrouble)) bug(error);
  };
  const ignore = () => undefined;
  return { debug: ignore, info: ignore, warn: hear, error: hear };
}
