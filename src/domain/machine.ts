/** Refusal of a transition that the table does not have: for the caller, who knows what it means to the person. */
export type MoveFault = {
  readonly code: 'move_not_allowed';
  readonly params: { readonly machine: string; readonly from: string; readonly to: string };
};

export type Moved<To extends string> =
  | { readonly ok: true; readonly state: To }
  | { readonly ok: false; readonly fault: MoveFault };

export type MachineDefinition<S extends string> = {
  readonly name: string;
  readonly initial: NoInfer<S>;
  /** Every state, with the states it may become. */
  readonly transitions: Readonly<Record<S, readonly NoInfer<S>[]>>;
  /** States that are left by nothing; where given, it must name exactly those. */
  readonly terminal?: readonly NoInfer<S>[];
};

export type Machine<S extends string> = {
  readonly name: string;
  readonly initial: S;
  readonly states: readonly S[];
  readonly transitions: Readonly<Record<S, readonly S[]>>;
  can(from: S, to: S): boolean;
  /** The new state, or the fault `move_not_allowed`; a state never moves to itself unless the table says so. */
  move<To extends S>(from: S, to: To): Moved<To>;
  /** A word from the store as a state; RangeError when it is none. */
  parse(text: string): S;
};

/** A state machine out of one table. Throws RangeError with every problem that the table has. */
export function defineMachine<const S extends string>(definition: MachineDefinition<S>): Machine<S> {
  const { name, initial, transitions } = definition;
  const problems = problemsOf(definition);
  if (problems.length > 0) {
    throw new RangeError(`The ${name} machine is wrong: ${problems.join('; ')}. Correct its transition table.`);
  }
  const states = statesOf(transitions);
  const can = (from: S, to: S): boolean => transitions[from].includes(to);
  return {
    name,
    initial,
    states,
    transitions,
    can,
    move: (from, to) =>
      can(from, to)
        ? { ok: true, state: to }
        : { ok: false, fault: { code: 'move_not_allowed', params: { machine: name, from, to } } },
    parse: (text) => {
      const state = states.find((known) => known === text);
      if (state === undefined) {
        throw new RangeError(`${JSON.stringify(text)} is no state of the ${name} machine: use ${states.join(', ')}.`);
      }
      return state;
    },
  };
}

function statesOf<S extends string>(transitions: Readonly<Record<S, readonly S[]>>): readonly S[] {
  return Object.keys(transitions) as S[]; // the table's keys are the states, by its type
}

function problemsOf<S extends string>({ initial, transitions, terminal }: MachineDefinition<S>): string[] {
  const states = statesOf<S>(transitions);
  const known = new Set<S>(states);
  const problems: string[] = [];
  if (!known.has(initial)) problems.push(`the initial state ${initial} is not in the table`);
  for (const from of states) {
    const targets = transitions[from];
    for (const to of targets) {
      if (!known.has(to)) problems.push(`${from} leads to ${to}, which is no state`);
    }
    if (new Set(targets).size !== targets.length) problems.push(`${from} names a target twice`);
  }
  const reachable = reachableFrom(initial, transitions);
  for (const state of states) {
    if (!reachable.has(state)) problems.push(`${state} cannot be reached from ${initial}`);
    const ends = transitions[state].length === 0;
    if (terminal !== undefined && ends !== terminal.includes(state)) {
      problems.push(
        ends ? `${state} leads nowhere and is not called terminal` : `${state} is called terminal and leads on`,
      );
    }
  }
  for (const state of terminal ?? []) {
    if (!known.has(state)) problems.push(`the terminal state ${state} is not in the table`);
  }
  return problems;
}

function reachableFrom<S extends string>(initial: S, transitions: Readonly<Record<S, readonly S[]>>): ReadonlySet<S> {
  const reached = new Set<S>([initial]);
  // A set iterates over what is added on the way; it ends because there are only so many states.
  for (const state of reached) {
    for (const to of transitions[state] ?? []) reached.add(to);
  }
  return reached;
}
