import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Log } from '../../../src/ports/runtime.ts';
import { ecbRates, tableRates } from '../../../src/runtime/rates.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const said: string[] = [];
const say = (_fields: unknown, message: string) => void said.push(message);
const log: Log = { debug: say, info: say, warn: say, error: say };

async function bank(answer: { status: number; body: string }): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'text/csv' }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const HEAD = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const row = (currency: string, rate: string, day = '2026-11-20') =>
  `EXR.D.${currency}.EUR.SP00.A,D,${currency},EUR,SP00,A,${day},${rate}`;
const ROWS = ['USD', 'JPY', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'HUF', 'CZK'].map((currency, at) =>
  row(currency, `${at + 1}.5`),
);
const NOW = Date.UTC(2026, 10, 21);

async function asked(body: string, { status = 200, now = NOW } = {}) {
  const rates = ecbRates({ clock: { now: () => now }, log, baseUrl: await bank({ status, body }) });
  closing.push(() => rates.stop());
  return { rates, fetched: await rates.refresh() };
}

describe('the table', () => {
  const rates = tableRates();

  test('crosses any two of its currencies and names its source and day', () => {
    expect(rates.find('USD', 'MYR')?.rate).toMatch(/^4\.08/);
    expect(rates.find('MYR', 'EUR')?.rate).toMatch(/^0\.217/);
    expect(rates.find('EUR', 'SGD')?.source).toContain('ECB');
    expect(rates.find('EUR', 'SGD')?.asOf).toBe(Date.UTC(2026, 9, 6, 14));
  });

  test('knows no rate of what it does not hold', () => {
    expect(rates.find('EUR', 'XTR')).toBeUndefined();
    expect(rates.find('XXX', 'EUR')).toBeUndefined();
  });
});

describe('the European Central Bank', () => {
  test('its daily file is read by the names of its columns', async () => {
    const [columns = '', ...rest] = [HEAD, ...ROWS].map((line) => line.split(',').toReversed().join(','));
    const { rates, fetched } = await asked([columns, ...rest].join('\n'));
    expect(fetched).toBe(true);
    expect(rates.find('EUR', 'USD')).toMatchObject({
      rate: '1.5',
      source: 'ECB reference rates',
      asOf: Date.UTC(2026, 10, 20, 15),
    });
  });

  test('a row that is no rate is left out, and the table answers for it', async () => {
    const { rates } = await asked(
      [HEAD, ...ROWS, row('MYR', 'NaN'), row('SGD', '-1'), row('THB', '1e3'), row('QQQ', '2')].join('\n'),
    );
    expect(rates.find('EUR', 'MYR')?.rate).toBe(tableRates().find('EUR', 'MYR')?.rate);
    expect(rates.find('EUR', 'QQQ')).toBeUndefined();
  });

  test.each([
    ['an error', '', 503],
    ['a page', '<html>maintenance</html>', 200],
    ['too few rates', [HEAD, row('USD', '1.1')].join('\n'), 200],
  ])('%s instead of the file changes nothing', async (_what, body, status) => {
    const { rates, fetched } = await asked(body, { status });
    expect(fetched).toBe(false);
    expect(rates.find('EUR', 'USD')?.rate).toBe(tableRates().find('EUR', 'USD')?.rate);
  });

  test('an old file is said to be stale', async () => {
    said.length = 0;
    await asked([HEAD, ...ROWS].join('\n'), { now: NOW + 30 * 86_400_000 });
    expect(said).toContain('exchange rates are stale');
  });
});
