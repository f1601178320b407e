import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { layerFolders } from '../../tools/layers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const report = z.object({
  number_of_files: z.number(),
  diagnostics: z.array(z.object({ code: z.string(), message: z.string(), filename: z.string() })),
});

/** Runs the linter of `npm run check`, with the configuration that stands in the folder. */
function lint(folder: string) {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics, number_of_files: files } = report.parse(JSON.parse(run.stdout));
  return { status: run.status, files, faults: diagnostics.map((one) => `${one.filename} ${one.code}`).toSorted() };
}

const IMPORT = 'eslint(no-restricted-imports)';
const GLOBAL = 'eslint(no-restricted-globals)';
const PROPERTY = 'eslint(no-restricted-properties)';

/** Modules that the planted imports find, so that only the import itself can be at fault. */
const TARGETS = [
  ...['src/config.ts', 'src/domain/money.ts', 'src/domain/machine.ts', 'src/domain/coupon-kinds/percent.ts'],
  ...['src/ports/runtime.ts', 'src/app/core.ts', 'src/app/messages/card.ts', 'src/view/view.ts', 'src/i18n/t.ts'],
  ...['src/store/orders.ts', 'src/payments/sandbox.ts', 'src/payments/stripe/api.ts', 'src/outbox/worker.ts'],
  ...['src/http/app.ts', 'src/runtime/clock.ts', 'adapters/web/render.ts', 'adapters/telegram/render.ts'],
  ...['sandbox/book.ts', 'adapters/web/client/chat.ts'],
];

const FORBIDDEN: [file: string, imported: string][] = [
  ['src/domain/a.ts', '../ports/runtime.ts'],
  ['src/domain/b.ts', 'node:crypto'],
  ['src/domain/c.ts', 'kysely'],
  ['src/domain/d.ts', 'dinero.js/currencies'],
  ['src/domain/coupon-kinds/e.ts', '../../app/core.ts'],
  ['src/domain/f.ts', './../store/orders.ts'],
  ['src/domain/g.ts', './coupon-kinds/../../store/orders.ts'],
  ['src/ports/a.ts', '../domain/money.ts'],
  ['src/ports/b.ts', '../app/core.ts'],
  ['src/ports/c.ts', 'zod'],
  ['src/ports/store/d.ts', '../../domain/money.ts'],
  ['src/app/a.ts', '../store/orders.ts'],
  ['src/app/b.ts', '../config.ts'],
  ['src/app/c.ts', 'zod'],
  ['src/app/messages/d.ts', '../../view/view.ts'],
  ['src/view/a.ts', '../domain/money.ts'],
  ['src/view/b.ts', '../app/core.ts'],
  ['src/view/c.ts', 'zod'],
  ['src/i18n/a.ts', '../domain/machine.ts'],
  ['src/i18n/b.ts', '../app/core.ts'],
  ['src/store/a.ts', '../app/core.ts'],
  ['src/store/b.ts', '../payments/sandbox.ts'],
  ['src/store/migrations/c.ts', '../../http/app.ts'],
  ['src/payments/a.ts', './sandbox.ts'],
  ['src/payments/b.ts', '../store/orders.ts'],
  ['src/payments/c.ts', 'pg'],
  ['src/payments/paypal/d.ts', '../stripe/api.ts'],
  ['src/payments/paypal/e.ts', '../../app/core.ts'],
  ['src/outbox/a.ts', '../domain/money.ts'],
  ['src/outbox/b.ts', '../store/orders.ts'],
  ['src/http/a.ts', '../app/core.ts'],
  ['src/http/b.ts', '../store/orders.ts'],
  ['src/http/c.ts', 'node:sqlite'],
  ['src/http/pages/d.ts', '../../domain/machine.ts'],
  ['src/runtime/a.ts', '../domain/money.ts'],
  ['src/runtime/b.ts', '../config.ts'],
  ['adapters/web/a.ts', '../telegram/render.ts'],
  ['adapters/web/b.ts', '../../src/app/core.ts'],
  ['adapters/web/c.ts', '../../src/store/orders.ts'],
  ['adapters/web/render/d.ts', '../../telegram/render.ts'],
  ['adapters/web/client/e.ts', '../render.ts'],
  ['sandbox/a.ts', '../src/domain/money.ts'],
  ['sandbox/pages/b.ts', '../../src/domain/money.ts'],
];

const ALLOWED: [file: string, imported: string, word?: 'import type'][] = [
  ['src/domain/ok-a.ts', './coupon-kinds/percent.ts'],
  ['src/domain/ok-b.ts', 'zod'],
  ['src/domain/currency.ts', 'dinero.js/currencies'],
  ['src/domain/coupon-kinds/ok-c.ts', '../money.ts'],
  ['src/ports/ok-a.ts', '../domain/money.ts', 'import type'],
  ['src/ports/store/ok-b.ts', '../../domain/money.ts', 'import type'],
  ['src/ports/store/ok-c.ts', '../runtime.ts', 'import type'],
  ['src/app/ok-a.ts', '../domain/money.ts'],
  ['src/app/messages/ok-b.ts', '../../ports/runtime.ts', 'import type'],
  ['src/view/ok-a.ts', '../domain/money.ts', 'import type'],
  ['src/view/intent.ts', 'zod'],
  ['src/i18n/ok-a.ts', '../domain/money.ts'],
  ['src/i18n/ok-b.ts', 'i18next'],
  ['src/store/ok-a.ts', 'kysely'],
  ['src/store/migrations/ok-b.ts', '../orders.ts'],
  ['src/payments/ok-a.ts', '../domain/money.ts'],
  ['src/payments/stripe/ok-b.ts', './api.ts'],
  ['src/payments/registry.ts', './sandbox.ts'],
  ['src/outbox/ok-a.ts', '../domain/machine.ts'],
  ['src/http/ok-a.ts', 'express'],
  ['src/http/ok-b.ts', '../app/core.ts', 'import type'],
  ['src/runtime/ok-a.ts', 'node:crypto'],
  ['src/main.ts', './store/orders.ts'],
  ['adapters/web/ok-a.ts', '../../src/view/view.ts'],
  ['adapters/web/client/ok-b.ts', './chat.ts'],
  ['adapters/registry.ts', './web/render.ts'],
  ['sandbox/ok-a.ts', 'node:sqlite'],
];

const IMPURE: [file: string, line: string, code: string][] = [
  ['src/domain/impure-a.ts', 'export const now = new Date();', GLOBAL],
  ['src/domain/impure-b.ts', 'export const dice = Math.random();', PROPERTY],
  ['src/app/impure-c.ts', 'export const wait = setTimeout(String, 5);', GLOBAL],
  ['src/app/impure-d.ts', 'export const now = Temporal.Now.instant();', PROPERTY],
  ['src/view/impure-e.ts', 'export const here = process.platform;', GLOBAL],
  ['src/app/impure-f.ts', 'export const day = new globalThis.Date();', GLOBAL],
  ['src/http/impure-g.ts', "export const secret = process.env['SECRET_KEY'];", 'node(no-process-env)'],
];

describe('the lint configuration, over planted files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-architecture-'));
  let planted: ReturnType<typeof lint>;

  function plant(file: string, text: string) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  function faultsOf(file: string) {
    return planted.faults.filter((fault) => fault.startsWith(`${file} `)).map((fault) => fault.slice(file.length + 1));
  }

  beforeAll(() => {
    for (const file of ['oxlint.config.ts', 'tools/layers.ts', 'tsconfig.json', 'package.json']) {
      cpSync(join(root, file), join(folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const file of TARGETS) plant(file, 'export const thing = 1;\n');
    for (const [file, imported] of FORBIDDEN) plant(file, `export { thing as other } from '${imported}';\n`);
    for (const [file, imported, word = 'import'] of ALLOWED) {
      plant(file, `${word} * as all from '${imported}';\nexport const size = (it: typeof all) => it;\n`);
    }
    for (const [file, line] of IMPURE) plant(file, `${line}\n`);
    plant('src/ports/value.ts', "import { thing } from '../domain/money.ts';\nexport const other = thing;\n");
    plant('src/app/late.ts', "export const later = () => import('../store/orders.ts');\n");
    plant('src/app/cycle-a.ts', "export { b } from './cycle-b.ts';\nexport const a = 1;\n");
    plant('src/app/cycle-b.ts', "import { a } from './cycle-a.ts';\nexport const b = a;\n");
    plant('src/app/lines-300.ts', 'export {};\n'.padEnd('export {};\n'.length + 299, '\n'));
    plant('src/app/lines-301.ts', 'export {};\n'.padEnd('export {};\n'.length + 300, '\n'));
    plant('src/app/long-function.ts', `export function long() {\n${'  String();\n'.repeat(70)}}\n`);
    plant('src/app/any.ts', 'export const thing: any = 1;\n');
    plant('src/app/floating.ts', 'async function late() {}\nexport function early() {\n  late();\n}\n');
    planted = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the linter refuses the planted tree', () => {
    expect(planted.status).toBe(1);
  });

  test.each(FORBIDDEN)('%s may not import %s', (file) => {
    expect(faultsOf(file)).toContain(IMPORT);
  });

  test.each(ALLOWED)('%s may import %s', (file) => {
    expect(faultsOf(file)).not.toContain(IMPORT);
  });

  test.each(IMPURE)('%s may not say %s', (file, _line, code) => {
    expect(faultsOf(file)).toContain(code);
  });

  test('neither a value taken from where types alone may come from nor a late import slips through', () => {
    expect(faultsOf('src/ports/value.ts')).toContain(IMPORT);
    expect(faultsOf('src/app/late.ts')).toContain(IMPORT);
  });

  test('a cycle of two files is refused', () => {
    expect(faultsOf('src/app/cycle-a.ts')).toContain('import(no-cycle)');
    expect(faultsOf('src/app/cycle-b.ts')).toContain('import(no-cycle)');
  });

  test('a file of 301 lines is refused, one of 300 is not', () => {
    expect(faultsOf('src/app/lines-301.ts')).toContain('eslint(max-lines)');
    expect(faultsOf('src/app/lines-300.ts')).not.toContain('eslint(max-lines)');
  });

  test('a function of more than 70 lines is refused', () => {
    expect(faultsOf('src/app/long-function.ts')).toContain('eslint(max-lines-per-function)');
  });

  test('an any and a promise that nobody awaits are refused', () => {
    expect(faultsOf('src/app/any.ts')).toContain('typescript(no-explicit-any)');
    expect(faultsOf('src/app/floating.ts')).toContain('typescript(no-floating-promises)');
  });
});

describe('our own tree', () => {
  const STRUCTURE = [
    IMPORT,
    GLOBAL,
    PROPERTY,
    'import(no-cycle)',
    'eslint(max-lines)',
    'eslint(max-lines-per-function)',
  ];

  function sources() {
    const tops = ['src', 'adapters', 'sandbox', 'bench', 'tools'].filter((top) => existsSync(join(root, top)));
    return tops.flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[jt]s$/.test(file))
        .map((file) => join(top, file)),
    );
  }

  // The whole tree is read: on a machine at work elsewhere that takes its time.
  test('keeps the import table, has no cycle and stays within the size limits', { timeout: 300_000 }, () => {
    const { files, faults } = lint(root);
    expect(files).toBeGreaterThanOrEqual(sources().length);
    expect(faults.filter((fault) => STRUCTURE.some((code) => fault.endsWith(` ${code}`)))).toEqual([]);
  });

  test('has a rule for every folder of src and adapters but the composition root and the commands', () => {
    const folders = [...new Set(sources().map((file) => dirname(file)))].filter((name) =>
      /^(src|adapters)\/./.test(name),
    );
    const ruled = (name: string) =>
      layerFolders.some((layer) => matchesGlob(name, layer) || matchesGlob(name, `${layer}/**`));
    expect(folders.filter((name) => !ruled(name) && !name.startsWith('src/cli'))).toEqual([]);
  });

  test('switches none of these rules off in a comment', () => {
    const off =
      /(ox|es)lint-disable(?!.*no-process-env)[^\n]*(max-lines|no-cycle|no-restricted)|lint-disable(-next-line)?\s*(\*\/)?$/m;
    expect(sources().filter((file) => off.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
