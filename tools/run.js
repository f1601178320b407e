// Runs one TypeScript file on the right Node: node tools/run.js [--env] <file.ts> [arguments...]
// --env reads the settings of .env first. Checks, tests and the bench leave it out: they must not touch a real database.
import './require-node.js';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { enableCompileCache, loadEnvFile } from './prepare.js';

const args = process.argv.slice(2);
if (args[0] === '--env') {
  args.shift();
  loadEnvFile();
}
const [file, ...rest] = args;
if (file === undefined) {
  console.error('Usage: node tools/run.js [--env] <file.ts> [arguments...]');
  process.exit(2);
}

enableCompileCache();
const path = resolve(file);
process.argv = [process.execPath, path, ...rest];
await import(pathToFileURL(path).href);
