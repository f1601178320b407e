import { array, assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { parseTrackingLines } from '../../../src/domain/tracking-lines.ts';

test.each([
  ['K7PM2QXD MY123', 'K7PM2QXD', 'MY123'],
  ['k7pm-2qxd\tMY 123', 'K7PM2QXD', 'MY 123'],
  ['#K7PM2QXD, MY123', 'K7PM2QXD', 'MY123'],
  ['K7PM 2QXD: https://post.example/t?n=1', 'K7PM2QXD', 'https://post.example/t?n=1'],
  ['K7PM2QXD', 'K7PM2QXD', ''],
  ['K7PM2QXD ٤٢', 'K7PM2QXD', '42'],
  ['MY123', null, ''],
  ['K7PM2QXDMY123', null, ''],
  ['Aminah K7PM2QXD MY123', null, ''],
])('reads %j', (typed, code, tracking) => {
  expect(parseTrackingLines(typed)).toEqual([{ line: 1, code, tracking }]);
});

test('empty lines are counted and left out, whatever ends a line', () => {
  expect(parseTrackingLines('\n\r\n  \nK7PM2QXD A\rZ2345678 B').map(({ line, code }) => [line, code])).toEqual([
    [4, 'K7PM2QXD'],
    [5, 'Z2345678'],
  ]);
});

test('every line that has something on it is read once, and none is made up', () => {
  const typed = array(
    constantFrom('K7PM2QXD 1', 'nothing', '', '   ').chain((line) =>
      string().map((rest) => line + rest.replace(/[\r\n]/g, '')),
    ),
  );
  assert(
    property(typed, (lines) => {
      const read = parseTrackingLines(lines.join('\n'));
      expect(read.map(({ line }) => line)).toEqual(
        lines.flatMap((line, index) => (line.trim() === '' ? [] : [index + 1])),
      );
    }),
  );
});
