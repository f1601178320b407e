// One history's world: the market's process, the bank beside it, the notices between them, the people, and what they remember.
import { join } from 'node:path';
import type { Reply } from '../../../src/ports/core.ts';
import type { Message } from '../../../src/ports/messages.ts';
import type { Intent } from '../../../src/ports/intents.ts';
import { createBank } from '../bank/bank.ts';
import { BANK, checkoutAt, createBankChannel } from '../bank/channel.ts';
import { createPost } from '../bank/post.ts';
import { createWire } from '../bank/wire.ts';
import { createMemory, type Memory } from '../memory.ts';
import { type Cast, channelsOf, START } from './cast.ts';
import { layDown, type Row } from './database.ts';
import { openHouse } from './house.ts';
import { createIds } from './ids.ts';
import { createSchedule } from './schedule.ts';
import { FAIR, type Forecast, weatherOf } from './weather.ts';

/** Somebody who got no answer presses again after this, until they get one. */
const PRESS_AGAIN_MS = [20_000, 20_000, 60_000, 300_000, 1_200_000, 7_200_000, 21_600_000] as const;
const POWER_BACK_MS = { least: 500, most: 90_000 } as const;
const REFUND_DAYS_MS = 24 * 60 * 60_000;

export type Stage = ReturnType<typeof setStage>;
type Then = (reply: Reply, memory: Memory) => void;

export function setStage(cast: Cast, folder: string, forecast: Forecast, heard: (line: string) => void) {
  const file = join(folder, 'history.db');
  layDown(cast.template, file);
  const schedule = createSchedule(START, heard);
  const memory = createMemory(cast);
  const bugs: string[] = [];
  const bug = (error: unknown) => bugs.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  let [skew, skewMax] = [0, 0];
  let weather = weatherOf(forecast);
  const ids = createIds(() => schedule.now() + skew);
  const clock = { now: () => schedule.now() + skew };

  const post = createPost(
    schedule,
    () => weather,
    (raw) => {
      if (!isUp) return undefined;
      house.stir();
      const answered = house.core.onProviderNotice(BANK, { ...raw, receivedAt: clock.now() });
      return answered.then(({ status }) => status, surprised);
    },
  );
  const surprised = (error: unknown) => {
    bug(error);
    return 500;
  };
  const fateOfRefund = () => {
    const { slow, fails, bounces } = weather.refunds;
    const luck = schedule.luck();
    const kind = luck.hits(fails) ? 'fails' : luck.hits(bounces) ? 'bounces' : luck.hits(slow) ? 'slow' : 'instant';
    return { kind, afterMs: luck.between(5_000, luck.hits(0.3) ? 3 * REFUND_DAYS_MS : 60_000) } as const;
  };
  const later = (afterMs: number, what: string, run: () => void) => schedule.add({ afterMs, what, run, ours: false });
  const bank = createBank({ now: schedule.now, tell: post.send, later, fateOfRefund });
  const wire = createWire(schedule, () => weather);
  const channels = channelsOf(createBankChannel(wire, bank));
  const cutPower = () => crash(schedule.luck().between(POWER_BACK_MS.least, POWER_BACK_MS.most));
  /** A panel with codes on it shows them to whoever it belongs to. */
  const drawn = (personId: string, message: Message) => {
    if (message.name !== 'order' || !memory.hasCodes(message.orderId)) return;
    const look = async () => {
      const seen = await house.core.load(message, { personId, communityId: cast.communityId });
      if (seen.ok) for (const { codes } of seen.value.order.goods) memory.sawCodes(message.orderId, codes);
    };
    void look().catch(bug);
  };
  const parts = { file, schedule, ids, clock, channels, weather: () => weather, bug, cutPower, drawn };
  let house = openHouse(parts);
  let isUp = true;
  /** The process dies, and is started again after a while. */
  const crash = (downMs: number) => {
    if (!isUp) return;
    isUp = false;
    house.crash();
    later(downMs, 'the market starts again', () => {
      house = openHouse(parts);
      isUp = true;
    });
  };

  /** Says or presses something. `then` hears the answer once, however often it had to be pressed. */
  const act = (personId: string, intent: Intent, then: Then = () => undefined): void => {
    const key = ids.token();
    let heardBack = false;
    const press = (times: number) => {
      const afterMs = PRESS_AGAIN_MS[times - 1];
      if (heardBack || afterMs === undefined) return;
      later(afterMs, `press ${intent.kind} again`, () => press(times + 1));
      if (!isUp) return;
      house.stir();
      const command = { key, communityId: cast.communityId, personId, chatId: cast.chatId, intent };
      const ask = async () => {
        const reply = await house.core.handle(command);
        const hear = () => {
          if (heardBack) return;
          heardBack = true;
          heard(`${intent.kind}: ${reply.ok ? 'done' : reply.fault.code}`);
          then(reply, memory);
        };
        schedule.add({ afterMs: schedule.luck().between(1, 30), what: 'answered', ours: true, run: hear });
      };
      void ask().catch(bug);
    };
    press(1);
    if (schedule.luck().hits(weather.people.twice)) press(1);
  };

  return {
    ...{ cast, schedule, memory, bank, post, act, later, bugs, heard, bug, crash },
    core: () => house.core,
    store: () => house.deps.store,
    isUp: () => isUp,
    /** What stands in the tables; nothing while the market is down. */
    rows: (text: string, values: readonly (string | number)[] = []): Row[] => (isUp ? house.rows(text, values) : []),
    version: () => (isUp ? house.version() : undefined),
    sweep: () => house.sweep(),
    stir: () => house.stir(),
    clock,
    /** The furthest that the market's clock has ever been off. */
    skewMax: () => skewMax,
    /** The market's clock goes wrong by so much; the world's goes on. */
    setSkew(ms: number) {
      skew = ms;
      skewMax = Math.max(skewMax, Math.abs(ms));
    },
    /** Opens the pay link as a browser does, and remembers the page it leads to. */
    async openBill(orderId: string): Promise<string | undefined> {
      const bill = memory.bill(orderId);
      if (!bill || !isUp) return undefined;
      house.stir();
      const opened = await house.core.openCheckout({ payToken: bill.payToken, returnBase: 'https://market.example' });
      const page = opened.ok && opened.value.kind === 'redirect' ? checkoutAt(opened.value.url) : undefined;
      if (page !== undefined) memory.sawPage(orderId, page);
      return page;
    },
    /** From here on nothing goes wrong any more. */
    clearUp() {
      weather = FAIR;
      skew = 0;
    },
    close() {
      if (isUp) house.crash();
      isUp = false;
    },
  };
}
