import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Config, readConfig, SETTING_NAMES } from '../../src/config.ts';

const SECRET = 'q7P2xv9LmZ0aWc4RtY8uEo1iKs5dNf6g';

function faultsOf(env: Record<string, string>): readonly string[] {
  const result = readConfig(env);
  return result.ok ? [] : result.faults;
}

function configOf(env: Record<string, string>): Config {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}

describe('without any setting', () => {
  test('the demo opens on this machine with an embedded database and play money', () => {
    expect(configOf({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      database: { kind: 'sqlite' },
      demo: 'on',
      sandbox: true,
      sandboxPort: 3001,
      rates: 'table',
      trustProxy: false,
    });
  });

  test('a configured chat platform turns the demo and play money off', () => {
    expect(configOf({ TELEGRAM_BOT_TOKEN: '42:TEST' })).toMatchObject({ demo: 'off', sandbox: false });
  });

  test('an empty setting counts as left out', () => {
    expect(configOf({ PORT: '', SECRET_KEY: '  ', DEMO: '' })).toEqual(configOf({}));
  });

  test('the result cannot be changed', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true);
  });
});

describe('the documented settings', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^(?<name>[A-Z_]+)=(?<value>.*)$/gm)].map((match) => match.groups ?? {});

  test('are exactly those that are read', () => {
    expect(documented.map(({ name = '' }) => name).toSorted()).toEqual([...SETTING_NAMES].toSorted());
  });

  test('stand there with the values they have when left out', () => {
    const env = Object.fromEntries(documented.map(({ name = '', value = '' }) => [name, value]));
    expect(configOf(env)).toEqual(configOf({}));
  });

  test('are each explained by a comment', () => {
    const blocks = text.split('\n\n').flatMap((block) => (/^[A-Z_]+=/m.test(block) ? [block] : []));
    expect(blocks.filter((block) => !block.includes('# '))).toEqual([]);
  });
});

describe('bad settings', () => {
  test('are all told at once, each with its name and a remedy', () => {
    const faults = faultsOf({
      PORT: '70000',
      PUBLIC_URL: 'market.example.org/shop',
      DATABASE_URL: 'mysql://localhost/pasar',
      REDIS_URL: 'localhost:6379',
      SECRET_KEY: 'changeme',
      DEFAULT_CURRENCY: 'usd',
      DEFAULT_LOCALE: 'tlh',
      DEFAULT_TIME_ZONE: 'Mars/Olympus',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: 'true',
      SANDBOX_PORT: 'x',
      RATES: 'yahoo',
      METRICS_TOKEN: 'short',
      DEMO: 'yes',
      SANDBOX: 'maybe',
    });
    expect(faults.map((fault) => fault.split(' ')[0] ?? '').toSorted()).toEqual(
      [
        ...[
          'DATABASE_URL',
          'DEFAULT_CURRENCY',
          'DEFAULT_LOCALE',
          'DEFAULT_TIME_ZONE',
          'DEMO',
          'LOG_LEVEL',
          'METRICS_TOKEN',
        ],
        ...['PORT', 'PUBLIC_URL', 'RATES', 'REDIS_URL', 'SANDBOX', 'SANDBOX_PORT', 'SECRET_KEY', 'TRUST_PROXY'],
      ].toSorted(),
    );
    for (const fault of faults) expect(fault).toMatch(/set it to .+\.$/);
  });

  test('never show a secret', () => {
    const faults = faultsOf({
      SECRET_KEY: 'hunter2',
      SECRET_KEY_PREVIOUS: 'hunter3',
      METRICS_TOKEN: 'hunter4',
      DATABASE_URL: 'x://u:hunter5@h',
    });
    expect(faults).toHaveLength(4);
    expect(faults.join()).not.toContain('hunter');
  });

  test.each(['a'.repeat(64), 'abcabcabcabcabcabcabcabcabcabcabcabc'])(
    'a secret key of few different characters is refused: %s',
    (key) => {
      expect(faultsOf({ SECRET_KEY: key })).toEqual([expect.stringMatching(/^SECRET_KEY is not usable/)]);
    },
  );

  test.each(['sqlite::memory:', 'sqlite:', 'file:x.db', 'postgres:', './data/pasar.db'])(
    'a database of neither kind is refused: %s',
    (url) => {
      expect(faultsOf({ DATABASE_URL: url })).toEqual([expect.stringMatching(/^DATABASE_URL .*sqlite:.*postgres:/)]);
    },
  );
});

describe('settings that clash', () => {
  test('the demo does not open to a network by accident', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })).toEqual([
      expect.stringMatching(/HOST is 0\.0\.0\.0 and DEMO is on.*DEMO=public/),
    ]);
    expect(faultsOf({ HOST: '0.0.0.0', DEMO: 'on' })).toHaveLength(1);
    expect(configOf({ HOST: '0.0.0.0', DEMO: 'public' }).demo).toBe('public');
    expect(configOf({ HOST: '0.0.0.0', DEMO: 'off' })).toMatchObject({ demo: 'off', sandbox: false });
    for (const HOST of ['localhost', '127.0.0.5', '::1']) expect(configOf({ HOST }).demo).toBe('on');
  });

  test('nor through a proxy beside it, which reaches it on the loopback address', () => {
    const PUBLIC_URL = 'https://market.example.org';
    expect(faultsOf({ PUBLIC_URL })).toEqual([
      expect.stringMatching(/^PUBLIC_URL is https:\/\/market\.example\.org and DEMO is on.*DEMO=public.*DEMO=off/),
    ]);
    expect(faultsOf({ PUBLIC_URL, HOST: '0.0.0.0' })).toHaveLength(1);
    expect(configOf({ PUBLIC_URL, DEMO: 'public' }).demo).toBe('public');
    expect(configOf({ PUBLIC_URL, DEMO: 'off' }).demo).toBe('off');
    for (const own of ['http://localhost:3000', 'http://127.0.0.1:8080', 'http://[::1]:3000'])
      expect(configOf({ PUBLIC_URL: own }).demo).toBe('on');
  });

  test('play money has no place in a real market', () => {
    expect(faultsOf({ DEMO: 'off', SANDBOX: 'on' })).toEqual([
      expect.stringContaining('SANDBOX is on but DEMO is off'),
    ]);
    expect(configOf({ SANDBOX: 'off' }).sandbox).toBe(false);
  });

  test('two servers cannot have one port, unless the system chooses', () => {
    expect(faultsOf({ PORT: '3001' })).toEqual([expect.stringContaining('PORT and SANDBOX_PORT are both 3001')]);
    expect(configOf({ PORT: '0', SANDBOX_PORT: '0' }).port).toBe(0);
  });

  test('PostgreSQL needs a key that is told', () => {
    const DATABASE_URL = 'postgres://pasar@localhost/pasar';
    expect(faultsOf({ DATABASE_URL })).toEqual([expect.stringMatching(/^SECRET_KEY is missing/)]);
    expect(configOf({ DATABASE_URL, SECRET_KEY: SECRET }).database.kind).toBe('postgres');
  });

  test('a fault is not told twice because another setting could not be read', () => {
    expect(faultsOf({ HOST: '0.0.0.0', DEMO: 'maybe' })).toEqual([expect.stringMatching(/^DEMO is "maybe"/)]);
  });
});

describe('readings', () => {
  test('proxies are hops or addresses, never everybody', () => {
    expect(configOf({ TRUST_PROXY: 'none' }).trustProxy).toBe(false);
    expect(configOf({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(configOf({ TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::/8' }).trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
      'fd00::/8',
    ]);
    for (const bad of ['true', '*', '0', '10.0.0.0/40', 'example.org'])
      expect(faultsOf({ TRUST_PROXY: bad })).toHaveLength(1);
  });

  test('the public address loses its trailing slash and may hold no password', () => {
    expect(configOf({ PUBLIC_URL: 'https://market.example.org/', DEMO: 'off' }).publicUrl).toBe(
      'https://market.example.org',
    );
    expect(faultsOf({ PUBLIC_URL: 'https://u:p@market.example.org', DEMO: 'off' })).toHaveLength(1);
  });

  test('previous keys keep their order', () => {
    const other = SECRET.split('').toReversed().join('');
    expect(configOf({ SECRET_KEY: SECRET, SECRET_KEY_PREVIOUS: `${other}, ${SECRET}` }).previousKeys).toEqual([
      other,
      SECRET,
    ]);
  });
});

describe('a webhook of Telegram', () => {
  const webhook = {
    TELEGRAM_BOT_TOKEN: '42:TEST',
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-the-webhook',
    SECRET_KEY: SECRET,
  };

  test.each(['https://market.example.org', 'https://market.example.org:8443', 'https://market.example.org:443'])(
    'may stand at %s',
    (PUBLIC_URL) => expect(faultsOf({ ...webhook, PUBLIC_URL })).toEqual([]),
  );

  test.each([
    ['http://market.example.org', 'https only'],
    ['https://market.example.org:3000', 'ports 443, 80, 88 and 8443 only'],
  ])('may not stand at %s, because Telegram does not go there', (PUBLIC_URL, why) => {
    expect(faultsOf({ ...webhook, PUBLIC_URL }).join()).toContain(why);
  });
});
