/** How quick something was: by the clock, and by what it cost this process, which a busy neighbour changes little. */
export type Pace = { readonly perSecond: number; readonly cpuMs: number };

export function startPace(): (count: number) => Pace {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  return (count) => {
    const { user, system } = process.cpuUsage(before);
    return { perSecond: (count * 1000) / (performance.now() - startedAt), cpuMs: (user + system) / 1000 / count };
  };
}
