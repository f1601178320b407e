import { describe, expect, test } from 'vitest';
import { createLog } from '../../../src/runtime/log.ts';

function lines(write: (log: ReturnType<typeof createLog>['log']) => void): Record<string, unknown>[] {
  let text = '';
  write(createLog({ level: 'debug', to: { write: (line) => void (text += line) } }).log);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a line of the log', () => {
  test('is JSON with a level by name, a time and the message', () => {
    const [line] = lines((log) => log.warn({ orderId: 'o1', count: 3 }, 'looked twice'));
    expect(line).toMatchObject({ level: 'warn', orderId: 'o1', count: 3, msg: 'looked twice' });
    expect(line?.['time']).toMatch(/^\d{4}-.*Z$/);
  });

  test('withholds what is not known to be harmless, at every depth', () => {
    const secret = 'SITI-JALAN-12';
    const [line] = lines((log) =>
      log.info(
        {
          address: secret,
          displayName: secret,
          payToken: secret,
          secretKey: secret,
          authorization: secret,
          body: { text: secret },
          detail: { buyer: secret, deeper: { password: secret }, orderId: 'o1' },
        },
        'm',
      ),
    );
    expect(JSON.stringify(line)).not.toContain(secret);
    expect(line?.['detail']).toMatchObject({ orderId: 'o1', buyer: '[withheld]' });
  });

  test('keeps of an error its name, message, place and cause, and none of the driver’s extras', () => {
    const error = Object.assign(new Error('unique constraint', { cause: new Error('deeper') }), {
      code: '23505',
      detail: 'Key (name)=(Siti)',
    });
    const [line] = lines((log) => log.error({ err: error }, 'm'));
    expect(line?.['err']).toMatchObject({
      type: 'Error',
      message: 'unique constraint',
      code: '23505',
      cause: { message: 'deeper' },
    });
    expect(JSON.stringify(line)).not.toContain('Siti');
  });

  test('cuts what is long', () => {
    const [line] = lines((log) => log.info({ reason: 'x'.repeat(10_000) }, 'm'));
    expect(String(line?.['reason']).length).toBeLessThan(600);
  });
});
