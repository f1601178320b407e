import { nat } from 'fast-check';
import { define, pick } from '../engine/command.ts';

export const command = define({
  weight: 2,
  input: nat({ max: 9 }),
  tell: (which) => `an old notice (${which} before the newest) comes once more`,
  run(stage, which) {
    const event = pick(stage.post.told().toReversed(), which);
    if (event) stage.post.again(event);
  },
});
