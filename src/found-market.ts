/** What stands in an empty database after its first start: the demo's community, or one of the operator's own. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { seedDemoMarket } from './app/community/demo-market.ts';
import type { Deps } from './app/deps.ts';
import type { Config } from './config.ts';
import type { Image } from './ports/store/catalog.ts';
import type { Community } from './ports/store/people.ts';
import { StartFault } from './start-fault.ts';

const PICTURES = new URL('../demo/pictures/', import.meta.url);
/** Minor units; above it a second person confirms cash. The stewards' business later. */
const CASH_CONFIRM_LIMIT = 50_000;

export type Founding = Pick<Config, 'demo' | 'defaultLocale' | 'defaultCurrency' | 'defaultTimeZone'>;

/** The community that the web chat belongs to: the first one. Made when there is none. Throws a `StartFault` for one of the other kind. */
export async function foundMarket(deps: Deps, config: Founding): Promise<string> {
  const known = await firstCommunity(deps);
  if (known !== undefined) return ofThisKind(known, config);
  if (config.demo === 'off') await foundEmpty(deps, config);
  else await seedDemoMarket(deps, await demoPictures());
  const made = await firstCommunity(deps);
  if (made === undefined) throw new Error('The first start made no community.');
  return made.id;
}

const firstCommunity = (deps: Deps): Promise<Community | undefined> =>
  deps.store.read(async (reads) => (await reads.people.communities())[0]);

/** Whoever played the owner in a demo would own the market that it became; and in a demo anybody would own a market that was real. */
function ofThisKind({ id, testMoney }: Community, { demo }: Founding): string {
  if (testMoney && demo === 'off') {
    throw new StartFault(
      'The database holds a demo, in which anybody took any role, and DEMO is off: name another one in DATABASE_URL for a real market.',
    );
  }
  if (!testMoney && demo !== 'off') {
    throw new StartFault(
      `The database holds a real market and DEMO is ${demo}: in the demo anybody takes any role. Set DEMO=off, or name another one in ` +
        'DATABASE_URL for a demo.',
    );
  }
  return id;
}

/** Several processes may meet an empty database: the command key lets one of them found it. */
async function foundEmpty(deps: Deps, { defaultLocale, defaultCurrency, defaultTimeZone }: Founding): Promise<void> {
  await deps.store.transact({ key: 'market:1', input: null }, async (tx) => {
    const now = deps.clock.now();
    const id = deps.ids.next();
    await tx.people.insertCommunity({
      id,
      name: 'Market',
      timeZone: defaultTimeZone,
      currency: defaultCurrency,
      locale: defaultLocale,
      testMoney: false,
      cashConfirmLimit: CASH_CONFIRM_LIMIT,
      frozen: false,
      createdAt: now,
    });
    await tx.people.insertChat({
      id: deps.ids.next(),
      communityId: id,
      platform: 'web',
      platformChatId: 'market',
      title: 'Market',
    });
    return null;
  });
}

/** By the name of the file. Measured with the library that photos are re-encoded with, which only the first start loads. */
async function demoPictures(): Promise<ReadonlyMap<string, Image>> {
  if (!existsSync(PICTURES)) return new Map();
  const files = readdirSync(PICTURES)
    .filter((file) => extname(file) === '.webp')
    .toSorted();
  if (files.length === 0) return new Map();
  const { default: sharp } = await import('sharp');
  const images = files.map(async (file): Promise<[string, Image]> => {
    const bytes = readFileSync(new URL(file, PICTURES));
    const { width, height } = await sharp(bytes).metadata();
    const digest = createHash('sha256').update(bytes).digest('hex');
    return [basename(file, '.webp'), { digest, mime: 'image/webp', width, height, bytes: new Uint8Array(bytes) }];
  });
  return new Map(await Promise.all(images));
}
