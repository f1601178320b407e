import { expect, test } from 'vitest';
import { IMAGE_BYTES_MAX, IMAGE_EDGE_MAX_PX, imageTypeOf } from '../../../src/domain/image.ts';

const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

test.each([
  ['image/jpeg', [0xff, 0xd8, 0xff, 0xe1, 0, 0]],
  ['image/png', [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a, 0, 0]],
  ['image/webp', [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WEBPVP8 ')]],
  [undefined, ascii('GIF89a')],
  [undefined, ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  [undefined, [...ascii('RIFF'), 1, 2, 3, 4, ...ascii('WAVEfmt ')]],
  [undefined, [0x89, ...ascii('PNG')]],
  [undefined, [0, 0xff, 0xd8, 0xff]],
  [undefined, []],
])('%s is told by the first bytes', (type, bytes) => {
  expect(imageTypeOf(Uint8Array.from(bytes))).toBe(type);
});

test('a picture is at most 5 MB when it comes and 1600 pixels wide when it is kept', () => {
  expect([IMAGE_BYTES_MAX, IMAGE_EDGE_MAX_PX]).toEqual([5_242_880, 1600]);
});
