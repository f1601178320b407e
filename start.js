// Plain JavaScript, so that the guard can name the remedy on a Node that is too old to read TypeScript.
import './tools/require-node.js';
import { enableCompileCache, loadEnvFile } from './tools/prepare.js';

loadEnvFile();
enableCompileCache();
await import('./src/main.ts');
