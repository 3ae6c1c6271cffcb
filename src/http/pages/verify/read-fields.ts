import type { ImageKind, ReadField, Readings } from '../../../verification/index.ts';
import type { Context } from '../../context.ts';
import { pathOfKind } from './journey.ts';

/** Control on the page → field of the reading. */
export type Asked = Readonly<Record<string, ReadField>>;

/** What was read for a control: the value, the picture of the place it stands at, and why to look at it twice. */
type Read = {
  readonly value: string;
  /** An identity number in its groups of 6, 8 and 4, as it is compared most easily. */
  readonly shown: string | undefined;
  readonly crop: string | undefined;
  readonly doubt: string | undefined;
};

/** What was read for each control, from the first of `kinds` that shows it. */
export function asRead(
  ctx: Context,
  readings: Readings,
  kinds: readonly ImageKind[],
  asked: Asked,
): Readonly<Record<string, Read>> {
  const entries = Object.entries(asked).flatMap(([control, field]) => {
    const kind = kinds.find((one) => readings[one]?.fields[field]);
    const reading = kind && readings[kind]?.fields[field];
    if (!kind || !reading) return [];
    const doubt = doubtOf(field, reading.doubt);
    return [
      [
        control,
        {
          value: reading.value,
          shown:
            field === 'number' && /^\d{17}[\dX]$/.test(reading.value) ? groups(reading.value) : undefined,
          crop: reading.box && `/verify/read/${pathOfKind(kind)}/${control}`,
          doubt: doubt && ctx.state.t(`verify.doubt.${doubt}`),
        },
      ] as const,
    ];
  });
  return Object.fromEntries(entries);
}

/** The values that fill the form. */
export function valuesOf(read: ReturnType<typeof asRead>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(read).map(([control, { value }]) => [control, value]));
}

/** Nothing checks a name but the eye of the one who bears it, so it is asked for every time. */
const doubtOf = (field: ReadField, doubt: string | undefined): string | undefined =>
  doubt ?? (field === 'name' || field === 'companyName' ? 'name' : undefined);

const groups = (number: string): string =>
  [number.slice(0, 6), number.slice(6, 14), number.slice(14)].join(' ');
