// A whole market with a bot on the fake Bot API: groups, sellers and buyers who write and tap.
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { FakePerson } from './telegram/person.ts';
import type { FakeGroup } from './telegram/group.ts';
import type { Seen, Words } from './telegram/screen.ts';
import { type FakeTelegram, startFakeTelegram } from './telegram/fake.ts';
import { type MarketOptions, startMarket, type TestMarket } from './market.ts';

export type BotMarket = {
  readonly fake: FakeTelegram;
  readonly market: TestMarket;
  /** Until everything that people did has had its effect; moves the market's clock where it keeps Telegram's pace. */
  readonly settle: () => Promise<void>;
};

const ROUNDS_MAX = 60;
const LIVE_PAUSE_MS = 500;
/** An address that the whole world could reach; the market itself listens on this machine. */
const PUBLIC_URL = 'https://market.example.org';

/** The fake is closed, and found to have had no wrong request, when the test ends. */
export async function startBotMarket(options: MarketOptions = {}, given?: FakeTelegram): Promise<BotMarket> {
  const fake = given ?? (await openFake());
  const env = {
    DEMO: 'public',
    PUBLIC_URL,
    TELEGRAM_BOT_TOKEN: fake.token,
    TELEGRAM_API_ROOT: fake.apiRoot,
    ...options.env,
  };
  const market = await startMarket({ ...options, env });
  // A live market keeps Telegram's pace in real time.
  const pass = options.live ? () => sleep(LIVE_PAUSE_MS) : async () => market.clock.moveBy(1_000);
  return { fake, market, settle: () => settle(fake, market, pass) };
}

export async function openFake(): Promise<FakeTelegram> {
  const fake = await startFakeTelegram();
  onTestFinished(async () => {
    await fake.close();
    const wrong = fake.invalidRequests.map(({ method, problems }) => ({ method, problems }));
    if (wrong.length > 0) throw new Error(`Telegram would have refused: ${JSON.stringify(wrong, null, 2)}`);
  });
  return fake;
}

async function settle(fake: FakeTelegram, market: TestMarket, pass: () => Promise<void>): Promise<void> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    await fake.taken();
    await market.telegram?.idle();
    await market.settle();
    const { pending } = await market.store.read((reads) => reads.outbox.counts());
    if (pending === 0 && fake.pendingUpdates === 0) return;
    await pass();
  }
  throw new Error(`The market did not come to rest within ${ROUNDS_MAX} rounds.`);
}

export type Stall = {
  readonly seller: FakePerson;
  readonly group: FakeGroup;
  /** Posts in the group by one line, and waits for the card. */
  readonly sells: (line: string) => Promise<void>;
};

/** A seller's own group with the bot in it. */
export async function openStall(
  bot: BotMarket,
  wishes: { languageCode?: string; admin?: boolean } = {},
): Promise<Stall> {
  const { fake, settle: rest } = bot;
  const seller = fake.person({ firstName: 'Siti', languageCode: wishes.languageCode ?? 'en' });
  const group = fake.group({ title: 'Night Owls', creator: seller });
  seller.starts();
  seller.addsBot(group, wishes.admin ? 'every right' : undefined);
  await rest();
  return {
    seller,
    group,
    async sells(line) {
      seller.says(group, `/sell ${line}`);
      await rest();
    },
  };
}

/** Somebody who joins the group, with the private chat open or not. */
export async function joiner(
  bot: BotMarket,
  group: FakeGroup,
  wishes: { firstName: string; languageCode?: string; started?: boolean; username?: string },
): Promise<FakePerson> {
  const { started = false, ...names } = wishes;
  const person = bot.fake.person({ languageCode: 'en', ...names });
  person.joins(group);
  if (started) person.starts();
  await bot.settle();
  return person;
}

/** The newest message that only this person sees in the group. */
export function aside(person: FakePerson, group: FakeGroup): Seen {
  const seen = person.sees(group).findLast((one) => one.ephemeralId !== undefined && one.isFromBot);
  if (!seen) throw new Error(`${person.user.first_name} sees nothing of their own in ${group.title}.`);
  return seen;
}

/** The message with these words, or a fault that tells what stands there instead. */
export function read(person: FakePerson, where: 'private' | FakeGroup, words: Words): Seen {
  const seen = person.finds(where, words);
  if (seen) return seen;
  const shown = person.sees(where).map(({ text, labels }) => `${text} [${labels.join(' | ')}]`);
  throw new Error(`${person.user.first_name} does not see ${String(words)} but:\n${shown.join('\n---\n')}`);
}

/** Taps, and waits for all that follows. */
export async function tap(bot: BotMarket, person: FakePerson, seen: Seen, label: Words): Promise<void> {
  await person.taps(seen, label).answered();
  await bot.settle();
}

/** The newest message that has such a button. */
export function withButton(person: FakePerson, where: 'private' | FakeGroup, label: Words): Seen {
  const fits = (text: string) => (typeof label === 'string' ? text === label : label.test(text));
  const seen = person.sees(where).findLast(({ labels }) => labels.some(fits));
  if (!seen) throw new Error(`${person.user.first_name} sees no button ${String(label)}.`);
  return seen;
}
