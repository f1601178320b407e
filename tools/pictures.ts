// node tools/run.js tools/pictures.ts: draws the demo's pictures (demo/pictures/drawings/*.svg) into what the market serves.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const WIDTH = 800;
const QUALITY = 84;
const BYTES_MAX = 60_000;

const folder = fileURLToPath(new URL('../demo/pictures/', import.meta.url));
const drawings = join(folder, 'drawings');

for (const file of readdirSync(drawings).toSorted()) {
  const target = join(folder, `${basename(file, '.svg')}.webp`);
  const picture = sharp(join(drawings, file), { density: 144 }).resize({ width: WIDTH });
  const { size, width, height } = await picture.webp({ quality: QUALITY, effort: 6 }).toFile(target);
  console.log(`${basename(target)}: ${width} x ${height}, ${size} bytes`);
  if (size > BYTES_MAX) throw new Error(`${target} has ${size} bytes: draw it simpler, ${BYTES_MAX} is the most.`);
}
