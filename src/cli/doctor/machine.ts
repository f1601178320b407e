/** What Pasar stands on before it opens a database or a port: Node, the languages, the disk, the clock. */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bad, fine, type Finding, warn } from './finding.ts';

const NODE_MAJOR = 26;

export function nodeVersion(version = process.versions.node): Finding {
  const major = Number.parseInt(version, 10);
  if (major >= NODE_MAJOR) return fine('Node', `${version} (${process.execPath})`);
  return bad(
    'Node',
    `${version} is too old`,
    `Run "npm ci", which brings Node ${NODE_MAJOR}, and start through npm (npm start).`,
  );
}

const LOCALES = new URL('../../../locales/', import.meta.url);
const SOURCE = 'en.json';

/** Plural forms differ from language to language, so `left_one` and `left_other` are the text `left`. */
const baseOf = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, '');

function keysIn(texts: unknown, path = ''): string[] {
  if (typeof texts !== 'object' || texts === null) return [baseOf(path)];
  return Object.entries(texts).flatMap(([key, inner]) => keysIn(inner, path === '' ? key : `${path}.${key}`));
}

export function languages(folder = LOCALES): Finding {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const keysOf = (file: string) => new Set(keysIn(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))));
  const source = keysOf(SOURCE);
  const lacking = files.flatMap((file) => {
    const missing = source.difference(keysOf(file));
    return missing.size === 0 ? [] : [`${file} lacks ${missing.size} (${[...missing].slice(0, 3).join(', ')} ...)`];
  });
  const names = files.map((file) => file.slice(0, -'.json'.length));
  if (lacking.length === 0) return fine('languages', `${names.join(', ')}: ${source.size} texts each`);
  return warn('languages', lacking.join('; '), 'Missing texts are shown in English: take the files of this version.');
}

/** The folder itself, or the nearest above it that there is. */
function standing(folder: string): string {
  for (let here = folder; ; here = dirname(here)) {
    if (existsSync(here) || dirname(here) === here) return here;
  }
}

export function dataFolder(folder: string): Finding {
  const there = standing(folder);
  try {
    accessSync(there, constants.W_OK | constants.R_OK | constants.X_OK);
  } catch {
    const remedy = 'Give this user the right to write there, or name another place in DATABASE_URL.';
    return bad('data folder', `${there} cannot be written by this user`, remedy);
  }
  if (!statSync(there).isDirectory()) {
    return bad('data folder', `${there} is a file`, 'Move it away, or name another place in DATABASE_URL.');
  }
  return fine('data folder', there === folder ? folder : `${folder} will be made at the first start`);
}

const MB = 1024 * 1024;
const FREE_LEAST_MB = 100;
const FREE_LOW_MB = 1024;
const FREE_LOW_SHARE = 0.1;

export async function diskSpace(folder: string): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(standing(folder));
  const freeMb = Math.floor((bavail * bsize) / MB);
  const share = blocks > 0 ? bavail / blocks : 1;
  const says = `${freeMb.toLocaleString('en')} MB free (${Math.floor(share * 100)} %) at ${standing(folder)}`;
  const remedy = 'Make room: a full disk stops every purchase until there is some again.';
  if (freeMb < FREE_LEAST_MB) return bad('disk', says, remedy);
  return share < FREE_LOW_SHARE && freeMb < FREE_LOW_MB ? warn('disk', says, remedy) : fine('disk', says);
}

const SKEW_MAX_MS = 120_000;

/** `other` was read between the two instants at which the asking began and ended. */
export function clockAgainst(name: string, other: number, asked: { from: number; to: number }): Finding {
  const off = other < asked.from ? asked.from - other : Math.max(other - asked.to, 0);
  const seconds = Math.round(off / 1000);
  if (off <= SKEW_MAX_MS) return fine('clock', `agrees with ${name} (${seconds} s off)`);
  return bad(
    'clock',
    `${seconds} s off ${name}: orders would expire at the wrong time and genuine payment reports be refused`,
    'Set this machine to the right time and keep it so (NTP).',
  );
}

/** Without anybody to ask: a clock that stands before our own files has gone back. */
export function clockAgainstFile(file: string, now: number): Finding {
  const { mtimeMs } = statSync(file);
  if (now >= mtimeMs - SKEW_MAX_MS) return fine('clock', `${new Date(now).toISOString()}, not before our own files`);
  return bad(
    'clock',
    `${new Date(now).toISOString()} is before the last change of ${file} (${new Date(mtimeMs).toISOString()})`,
    'Set this machine to the right time and keep it so (NTP).',
  );
}
