import { constant } from 'fast-check';
import { define } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: constant(null),
  tell: () => 'the sweep runs out of turn',
  run(stage) {
    if (stage.isUp()) stage.sweep();
  },
});
