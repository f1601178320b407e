// Which folder may import what. The linter refuses everything else, so a use case cannot reach for a database and an
// adapter cannot reach for another. Patterns work as in a .gitignore: a later "!" takes back what an earlier one refused.
// (The linter's regular expressions have no lookahead and say nothing when they meet one: keep to patterns.)
import { posix } from 'node:path';

interface Layer {
  folder: string;
  says: string;
  /** What it may import besides itself, from the root of the repository: a folder's content or one file. */
  may?: string[];
  /** The same, but types alone: nothing of theirs may run here. */
  types?: string[];
  /** The packages it may import, or the few that it may not. */
  packages: string[] | { but: string[] };
  /** Files side by side in the folder do not know each other either; its subfolders are a layer of their own. */
  apart?: boolean;
  /** Single files with packages of their own. */
  files?: Record<string, string[]>;
}

const DOMAIN = 'src/domain/**';
const PORTS = 'src/ports/**';
const VIEW = 'src/view/**';
const I18N = 'src/i18n/**';
const CHANNEL = 'A payment channel imports the domain, the ports and its own SDK, never another channel.';
const NO_DATABASE = { but: ['kysely', 'kysely/*', 'pg', 'node:sqlite'] };

const LAYERS: Layer[] = [
  {
    folder: 'src/domain',
    says: 'The domain imports only itself, and zod to declare shapes.',
    packages: ['zod'],
    files: { 'currency.ts': ['zod', 'dinero.js/currencies'] },
  },
  {
    folder: 'src/ports',
    says: 'Ports hold types only, and import nothing but types of the domain and the keys of the locales.',
    types: [DOMAIN, 'locales/**'],
    packages: [],
  },
  {
    folder: 'src/app',
    says: 'A use case imports the domain and the ports, nothing else.',
    may: [DOMAIN, PORTS],
    packages: [],
  },
  {
    folder: 'src/view',
    says: 'A view imports types of the domain and the ports; only intent.ts and intents/ parse, with zod; csv.ts writes tables.',
    types: [DOMAIN, PORTS],
    packages: [],
    files: { 'intent.ts': ['zod'], 'csv.ts': ['csv-stringify/sync'] },
  },
  {
    folder: 'src/view/intents',
    says: 'A part of the zod door imports zod and types of the domain and the ports.',
    types: [DOMAIN, PORTS],
    packages: ['zod'],
  },
  {
    folder: 'src/i18n',
    says: 'i18n imports money and currency, i18next, the locales and what it reads and negotiates them with.',
    may: ['src/domain/money.ts', 'src/domain/currency.ts', 'locales/**'],
    types: [PORTS],
    packages: ['i18next', 'negotiator', '@formatjs/intl-localematcher', 'node:*'],
  },
  {
    folder: 'src/store',
    says: 'The store imports the domain, the ports and its database drivers.',
    may: [DOMAIN, PORTS],
    packages: { but: ['express', 'hono'] },
  },
  {
    folder: 'src/payments',
    says: CHANNEL,
    may: [DOMAIN, PORTS],
    packages: NO_DATABASE,
    apart: true,
  },
  {
    folder: 'src/payments/*',
    says: CHANNEL,
    may: [DOMAIN, PORTS],
    packages: NO_DATABASE,
  },
  {
    folder: 'src/outbox',
    says: "The outbox imports the ports, the views, i18n and the domain's transition tables.",
    may: [PORTS, VIEW, I18N, 'src/domain/machine.ts'],
    packages: [],
  },
  {
    folder: 'src/http',
    says: 'HTTP imports the ports, the views, i18n, money and the type of the core; it never touches a database.',
    may: [PORTS, VIEW, I18N, 'src/domain/money.ts'],
    types: ['src/app/core.ts'],
    packages: NO_DATABASE,
  },
  {
    folder: 'src/runtime',
    says: 'The runtime imports the ports, the arithmetic of rates, the rules of pictures, Node and what it logs with.',
    may: [PORTS, 'src/domain/rates.ts', 'src/domain/image.ts', 'src/domain/faults.ts'],
    packages: { but: [...NO_DATABASE.but, 'express', 'hono'] },
  },
  {
    folder: 'adapters/*',
    says: 'A chat adapter imports the domain, the ports, the views, the photo pipeline and its SDK, never another adapter.',
    may: [DOMAIN, PORTS, VIEW, 'src/runtime/picture.ts'],
    packages: NO_DATABASE,
  },
  { folder: 'adapters/web/client', says: 'Browser code imports only its own folder.', packages: [] },
  {
    folder: 'sandbox',
    says: "The sandbox is somebody else's provider: it imports nothing of the market.",
    packages: { but: [] },
  },
];

/** As far down as a layer's folders go. */
const DEPTHS = [0, 1, 2];

function patternsOf(layer: Layer, { depth, packages }: { depth: number; packages: Layer['packages'] }) {
  const here = layer.folder + '/folder'.repeat(depth);
  const allow = (path: string) => `!${posix.relative(here, path)}`;
  const types = (layer.types ?? []).map(
    (path) => `^${RegExp.escape(posix.relative(here, path.replace('/**', '')))}(/|$)`,
  );
  const within = depth === 0 ? ['!./**'] : ['!./**', '!../**', `${'../'.repeat(depth + 1)}**`];
  const own = layer.apart ? ['./**'] : within;
  const foreign = Array.isArray(packages) ? ['*', ...packages.map((name) => `!${name}`)] : ['../**', ...packages.but];
  const others = [...(layer.may ?? []), ...(layer.types ?? [])].map(allow);
  // Expressions first: the linter asks no other pattern once a "!" of the group has let an import pass.
  return [
    // "./../store/x.ts" and "../domain/../store/x.ts" would pass as "./" and "../domain/".
    { regex: '(^\\./|[^./]/)\\.\\./', message: 'Write the path straight: a detour hides which layer it enters.' },
    ...types.map((regex) => ({ regex, allowTypeImports: true, message: layer.says })),
    { group: [...foreign, ...own, ...others], message: layer.says },
  ];
}

function override(files: string[], patterns: ReturnType<typeof patternsOf>) {
  return { files, rules: { 'no-restricted-imports': ['error' as const, { patterns }] as const } };
}

/** The folders that have a rule, as patterns: a test compares them with the folders there are. */
export const layerFolders: readonly string[] = LAYERS.map((layer) => layer.folder);

export const layerOverrides = LAYERS.flatMap((layer) => [
  ...DEPTHS.filter((depth) => depth === 0 || !layer.apart).map((depth) => {
    const deepest = depth === DEPTHS.length - 1;
    const files = `${layer.folder}${'/*'.repeat(depth)}/${deepest ? '**' : '*.ts'}`;
    return override([files], patternsOf(layer, { depth, packages: layer.packages }));
  }),
  ...Object.entries(layer.files ?? {}).map(([file, packages]) =>
    override([`${layer.folder}/${file}`], patternsOf(layer, { depth: 0, packages })),
  ),
]);
