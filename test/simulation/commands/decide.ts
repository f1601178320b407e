import { constantFrom, nat, record } from 'fast-check';
import { define, pick } from '../engine/command.ts';

export const command = define({
  weight: 2,
  input: record({ which: nat({ max: 4 }), decision: constantFrom('refund', 'deliver', 'dismiss') }),
  tell: ({ which, decision }) => `the steward decides case ${which}: ${decision}`,
  run(stage, { which, decision }) {
    const open = stage.rows('select id from cases where resolved_at is null order by id');
    const caseId = pick(open, which)?.['id'];
    if (caseId !== undefined) stage.act(stage.cast.admin, { kind: 'resolve_case', caseId: String(caseId), decision });
  },
});
