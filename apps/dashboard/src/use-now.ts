// The time, for components that show it. Ticks on whole periods, so that everything on the page changes together.
import { useEffect, useState } from 'react';
import { useStation } from './station-context.tsx';

export function useNow(periodMs: number): Date {
  const { now } = useStation();
  const [time, setTime] = useState(now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const current = now();
      setTime(current);
      timer = setTimeout(tick, periodMs - (current.getTime() % periodMs));
    };
    tick();
    return () => clearTimeout(timer);
  }, [now, periodMs]);
  return time;
}
