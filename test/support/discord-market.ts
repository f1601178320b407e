// A whole market with a bot on the fake Discord: servers, sellers and buyers who type, press and fill in.
import { onTestFinished } from 'vitest';
import { type FakeDiscord, type FakeGuild, startFakeDiscord } from './discord/fake.ts';
import type { FakeChannel, FakeUser, FormValues, Seen, Words } from './discord/person.ts';
import { type MarketOptions, startMarket, type TestMarket, testClock } from './market.ts';

export type DiscordMarket = {
  readonly fake: FakeDiscord;
  readonly market: TestMarket;
  /** Until everything that people did has had its effect. */
  readonly settle: () => Promise<void>;
};

const ROUNDS_MAX = 60;
const PUBLIC_URL = 'https://market.example.org';

export async function startDiscordMarket(options: MarketOptions = {}): Promise<DiscordMarket> {
  const clock = testClock();
  const fake = await startFakeDiscord({ clock });
  onTestFinished(async () => {
    await fake.close();
    const wrong = fake.invalidRequests.map(({ route, problems }) => ({ route, problems }));
    if (wrong.length > 0) throw new Error(`Discord would have refused: ${JSON.stringify(wrong, null, 2)}`);
  });
  const env = {
    DEMO: 'public',
    PUBLIC_URL,
    DISCORD_TOKEN: fake.token,
    DISCORD_API_BASE: fake.apiBase,
    ...options.env,
  };
  const market = await startMarket({ ...options, env, clock });
  return { fake, market, settle: () => settle(market) };
}

async function settle(market: TestMarket): Promise<void> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    await market.discord?.idle();
    await market.settle();
    const { pending } = await market.store.read((reads) => reads.outbox.counts());
    if (pending === 0) return;
    market.clock.moveBy(1_000);
  }
  throw new Error(`The market did not come to rest within ${ROUNDS_MAX} rounds.`);
}

export type Stall = { readonly seller: FakeUser; readonly guild: FakeGuild; readonly general: FakeChannel };

/** A seller's own server with the bot in it. */
export async function openStall(bot: DiscordMarket, wishes: { locale?: string } = {}): Promise<Stall> {
  const seller = bot.fake.user({ name: 'Siti', locale: wishes.locale ?? 'en-US' });
  const guild = bot.fake.guild({ name: 'Night Owls', owner: seller, locale: wishes.locale ?? 'en-US' });
  guild.addsBot();
  await bot.fake.until(() => seller.finds('private', /./), 'the report to whoever runs the server');
  await bot.settle();
  return { seller, guild, general: bot.fake.general(guild) };
}

/** `/sell`, page by page, with these values by the labels of the fields. */
export async function sells(
  bot: DiscordMarket,
  { seller, general }: Stall,
  values: FormValues,
  options: Readonly<Record<string, string>> = {},
): Promise<void> {
  let asked = seller.slash(general, 'sell', options);
  for (let page = 0; page < 9; page++) {
    const form = await asked.form();
    const known = Object.fromEntries(
      Object.entries(values).filter(([label]) => form.fields.some((field) => field.label === label)),
    );
    const sent = seller.fills(asked, known);
    await sent.answered();
    await bot.settle();
    const reply = await sent.reply();
    if (!reply.labels.includes('Go on')) return;
    asked = seller.presses(reply, 'Go on');
  }
}

export async function presses(bot: DiscordMarket, person: FakeUser, seen: Seen, label: Words): Promise<Seen> {
  const asked = person.presses(seen, label);
  await asked.answered();
  await bot.settle();
  return asked.reply();
}

/** The message with these words, or a fault that tells what stands there instead. */
export function read(person: FakeUser, where: 'private' | FakeChannel, words: Words): Seen {
  const seen = person.finds(where, words);
  if (seen) return seen;
  const shown = person.sees(where).map(({ text, labels }) => `${text} [${labels.join(' | ')}]`);
  throw new Error(`They do not see ${String(words)} but:\n${shown.join('\n---\n')}`);
}
