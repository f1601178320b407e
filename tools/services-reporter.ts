// Says at the end of every test run which service-backed suites ran, so that a green run without PostgreSQL or a
// browser cannot be mistaken for one with them.
import type { Reporter, TestModule } from 'vitest/node';
import type { FoundServices } from './services.ts';

/** The names stand in square brackets at the end of a suite's name; test/support/env.ts writes them. */
export const SERVICE_NAMES = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  chromium: 'Chromium',
} as const satisfies Record<keyof FoundServices, string>;

export class ServicesReporter implements Reporter {
  readonly #found: FoundServices;

  constructor(found: FoundServices) {
    this.#found = found;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = (Object.keys(SERVICE_NAMES) as (keyof FoundServices)[]).map((service) => {
      const name = SERVICE_NAMES[service];
      return `  ${`${name}:`.padEnd(12)}${this.#sayWhatRan(service, countTests(modules, name))}`;
    });
    console.log(['', ' Suites that need a service', ...lines, ''].join('\n'));
  }

  #sayWhatRan(service: keyof FoundServices, { suites, ran, skipped }: ReturnType<typeof countTests>): string {
    const found = this.#found[service] !== undefined;
    if (suites === 0) return `${found ? 'found' : 'not found'}; no suite of this run needs it`;
    const amount = `${plural(suites, 'suite')}, ${plural(ran + skipped, 'test')}`;
    if (!found) return `not found; ${amount} ${ran > 0 ? 'failed: this run requires it' : 'skipped'}`;
    return ran === 0
      ? `found; ${amount} skipped`
      : `ran ${amount}${skipped > 0 ? `, of these ${skipped} skipped` : ''}`;
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function countTests(modules: readonly TestModule[], name: string) {
  const suites = modules
    .flatMap((module) => [...module.children.allSuites()])
    .filter((suite) => suite.name.endsWith(`[${name}]`));
  const states = suites.flatMap((suite) => [...suite.children.allTests()].map((test) => test.result().state));
  const ran = states.filter((state) => state === 'passed' || state === 'failed').length;
  return { suites: suites.length, ran, skipped: states.length - ran };
}
