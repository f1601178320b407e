// Runs after every install, on whatever Node the machine has (20 or newer): makes node_modules/.bin/node, the Node 26
// that our scripts run on. npm before 11.6.2 drops that link again when it discards the packages for other platforms
// (they all offer a command of the same name).
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const onWindows = process.platform === 'win32';

/**
 * @typedef {{ optionalDependencies?: Record<string, string>, bin?: Record<string, string>, os?: string | string[],
 *   cpu?: string | string[] }} Manifest
 */

/** @param {string} folder @returns {Manifest} */
function readManifest(folder) {
  return /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}

/** The package that carries Node for this machine, or undefined where none was installed. */
function findNodePackage() {
  const wanted = Object.keys(readManifest(root).optionalDependencies ?? {});
  return wanted.find((name) => {
    if (!existsSync(join(modules, name, 'package.json'))) return false;
    const { bin, os, cpu } = readManifest(join(modules, name));
    return bin?.node !== undefined && [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
  });
}

/** @param {string} binary */
function runs(binary) {
  try {
    execFileSync(binary, ['--version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/** A link also counts when it points nowhere. @param {string} path */
function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** @param {string} name @param {string} bin */
function makeLink(name, bin) {
  mkdirSync(bin, { recursive: true });
  if (!onWindows) return symlinkSync(join('..', name, 'bin', 'node'), join(bin, 'node'));
  // The other commands' shims in .bin prefer a node.exe that stands beside them, so a real file serves them all.
  const source = join(modules, name, 'bin', 'node.exe');
  try {
    linkSync(source, join(bin, 'node.exe'));
  } catch {
    copyFileSync(source, join(bin, 'node.exe'));
  }
}

const bin = join(modules, '.bin');
const links = (onWindows ? ['node.exe', 'node.cmd', 'node.ps1', 'node'] : ['node']).map((name) => join(bin, name));
const name = findNodePackage();
const usable = name !== undefined && runs(join(modules, name, 'bin', onWindows ? 'node.exe' : 'node'));

if (usable) {
  if (!links.some((link) => existsSync(link))) {
    for (const link of links) rmSync(link, { force: true });
    makeLink(name, bin);
  }
} else {
  // Better the machine's own Node, which may be new enough, than a command that cannot run here (for example on musl).
  for (const link of links) if (isThere(link)) rmSync(link);
  const why = name === undefined ? 'no package of ours carries Node for it' : `the one in ${name} does not run on it`;
  console.error(`Pasar: this machine (${process.platform} ${process.arch}) uses its own Node, because ${why}.`);
  await import('./require-node.js');
}
