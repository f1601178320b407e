// How likely each thing goes wrong. A history draws a level for each kind, many of them none, so that some histories are all about lost
// notices and others all about refunds that bounce.
import { constantFrom, record } from 'fast-check';

const LEVELS = [0, 0.06, 0.2, 0.5] as const;
/** Of a power cut, for every commit. */
const CUTS = [0, 0.01, 0.03, 0.08] as const;
const level = constantFrom(0, 0, 1, 2, 3);

/** Levels from 0 to 3, by kind. */
export type Forecast = {
  readonly net: number;
  readonly mail: number;
  readonly refunds: number;
  readonly chat: number;
  readonly people: number;
  readonly disk: number;
  readonly power: number;
};

export const forecasts = record<Forecast>({
  ...{ net: level, mail: level, refunds: level, chat: level, people: level, disk: level, power: level },
});

/** Likelihoods from 0 to 1. */
export type Weather = {
  readonly net: {
    readonly lost: number;
    readonly unheard: number;
    readonly late: number;
    readonly overloaded: number;
    readonly slow: number;
  };
  readonly mail: { readonly lost: number; readonly twice: number; readonly delayed: number };
  readonly refunds: { readonly slow: number; readonly fails: number; readonly bounces: number };
  /** A chat platform that does not answer. */
  readonly chat: { readonly silent: number };
  /** Somebody presses twice. */
  readonly people: { readonly twice: number };
  readonly disk: { readonly slow: number };
  /** While a commit waits for the disk, or after it, before anybody heard of it. */
  readonly power: { readonly cut: number };
};

export function weatherOf(forecast: Forecast): Weather {
  const rate = (kind: keyof Forecast): number => LEVELS[forecast[kind]] ?? 0;
  return {
    net: {
      lost: rate('net') / 3,
      unheard: rate('net') / 2,
      late: rate('net') / 3,
      overloaded: rate('net') / 3,
      slow: rate('net'),
    },
    mail: { lost: rate('mail'), twice: rate('mail'), delayed: rate('mail') },
    refunds: { slow: rate('refunds'), fails: rate('refunds') / 2, bounces: rate('refunds') },
    chat: { silent: rate('chat') },
    people: { twice: rate('people') },
    disk: { slow: rate('disk') },
    power: { cut: CUTS[forecast.power] ?? 0 },
  };
}

export const FAIR: Weather = weatherOf({
  ...{ net: 0, mail: 0, refunds: 0, chat: 0, people: 0, disk: 0, power: 0 },
});
