// Which services this run has, and the one way to write a suite that needs one.
import { describe, test } from 'vitest';
import { SERVICE_NAMES } from '../../tools/services-reporter.ts';

export type Service = keyof typeof SERVICE_NAMES;

const addresses: Record<Service, string | undefined> = {
  postgres: process.env['PASAR_FOUND_POSTGRES'] || undefined,
  redis: process.env['PASAR_FOUND_REDIS'] || undefined,
  chromium: process.env['PASAR_FOUND_CHROMIUM'] || undefined,
};

/** Whether the run has the service. */
export const services: Readonly<Record<Service, boolean>> = {
  postgres: addresses.postgres !== undefined,
  redis: addresses.redis !== undefined,
  chromium: addresses.chromium !== undefined,
};

const REMEDIES: Record<Service, string> = {
  postgres: 'start one on 127.0.0.1:5432 or name it in PASAR_TEST_POSTGRES (its user must be able to create databases)',
  redis: 'start one on 127.0.0.1:6379 or name it in PASAR_TEST_REDIS',
  chromium: 'install Chromium or Chrome, or name its path in PASAR_CHROMIUM',
};

/** The service's address: a PostgreSQL or Redis URL, or the browser's path. Throws where the run has none. */
export function addressOf(service: Service): string {
  const address = addresses[service];
  if (address === undefined) throw new Error(`${SERVICE_NAMES[service]} was not found: ${REMEDIES[service]}.`);
  return address;
}

/**
 * A suite that needs a service. Where it is missing the suite is skipped and the run's last lines say so; with
 * PASAR_REQUIRE_SERVICES=1 (as in CI) it fails instead.
 */
export function describeWith(service: Service, name: string, body: () => void): void {
  const title = `${name} [${SERVICE_NAMES[service]}]`;
  if (services[service]) describe(title, body);
  else if (process.env['PASAR_REQUIRE_SERVICES'] === '1') {
    describe(title, () => {
      test('has the service it needs', () => {
        addressOf(service);
      });
    });
  } else describe.skip(title, body);
}
