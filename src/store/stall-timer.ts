/**
 * For engines whose statements are answered by an event: after an answer a work goes on in microtasks, so a turn of the event loop
 * without a new statement is a wait for something else.
 */
export function stallTimer(isIdle: () => boolean) {
  let timer: NodeJS.Immediate | undefined;
  let tell: (() => void) | undefined;
  const stop = () => {
    clearImmediate(timer);
  };
  const arm = () => {
    if (!tell) return;
    stop();
    timer = setImmediate(() => {
      if (isIdle()) tell?.();
    });
  };
  return {
    arm,
    stop,
    watch(onStall: () => void) {
      tell = onStall;
      arm();
    },
  };
}
