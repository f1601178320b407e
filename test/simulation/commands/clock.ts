import { constantFrom } from 'fast-check';
import { define } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: constantFrom(0, 30_000, -30_000, 90_000, -90_000, 400_000),
  tell: (skewMs) => `the market's clock is ${skewMs / 1000} s off`,
  run: (stage, skewMs) => stage.setSkew(skewMs),
});
