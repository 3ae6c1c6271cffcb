import { z } from 'zod';
import type { Instant } from '../core/clock.ts';

/**
 * The optional fields of the source document, section (二)1. Each stands on its own: absent, filled or cleared.
 * Messages are locale keys that name the remedy.
 */
export type Profile = {
  readonly [F in ProfileField]?: string;
};

export const profileFields = [
  'user_name',
  'name',
  'sex',
  'birthdate',
  'industry',
  'work_history',
  'skills',
  'company',
  'email',
] as const;

export type ProfileField = (typeof profileFields)[number];

export const sexes = ['male', 'female', 'undisclosed'] as const;

const TEXT_MAX = 100;
const LONG_MAX = 2000;
/** A field that did not arrive is not a field that was cleared. */
const MISSING = 'account.profile.error.missing';

const single = (max: number, tooLong: string) =>
  z
    .string(MISSING)
    .transform((text) => text.normalize('NFC').replace(/\s+/gu, ' ').trim())
    .refine((text) => [...text].length <= max, tooLong)
    .refine((text) => !/\p{Cc}/u.test(text), 'account.profile.error.control');

const long = (tooLong: string) =>
  z
    .string(MISSING)
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/\r\n?/g, '\n')
        .replace(/[^\S\n]+/gu, ' ')
        .trim(),
    )
    .refine((text) => [...text].length <= LONG_MAX, tooLong)
    .refine((text) => !/[^\P{Cc}\n]/u.test(text), 'account.profile.error.control');

/** The form of the profile page; an empty field clears it. `today` (yyyy-mm-dd) bounds the date of birth. */
export function profileSchema(today: string) {
  return z.object({
    user_name: single(30, 'account.profile.error.user_name'),
    name: single(TEXT_MAX, 'account.profile.error.name').transform((text) => text.replace(/[•・．]/gu, '·')),
    sex: z.enum(['', ...sexes], 'account.profile.error.sex'),
    birthdate: z
      .string(MISSING)
      .trim()
      .refine((text) => text === '' || isDate(text), 'account.profile.error.birthdate')
      .refine(
        (text) => text === '' || !isDate(text) || text <= today,
        'account.profile.error.birthdate_future',
      )
      .refine(
        (text) => text === '' || !isDate(text) || age(text, today) <= 120,
        'account.profile.error.birthdate_past',
      )
      .refine(
        (text) => text === '' || !isDate(text) || text > today || age(text, today) >= 14,
        'account.profile.error.birthdate_minor',
      ),
    industry: single(TEXT_MAX, 'account.profile.error.industry'),
    work_history: long('account.profile.error.work_history'),
    skills: long('account.profile.error.skills'),
    company: single(TEXT_MAX, 'account.profile.error.company'),
    email: z
      .string(MISSING)
      .trim()
      .refine(
        (text) => text === '' || z.email().max(254).safeParse(text).success,
        'account.profile.error.email',
      ),
  });
}

export type ProfileForm = z.output<ReturnType<typeof profileSchema>>;

/** What is kept of a valid form: only the fields that hold something. */
export function toProfile(form: ProfileForm): Profile {
  return Object.fromEntries(
    profileFields.filter((field) => form[field] !== '').map((field) => [field, form[field]]),
  );
}

/** Completed years between a date of birth and `today`, both yyyy-mm-dd. */
export function age(birthdate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthdate.slice(0, 4));
  return today.slice(5) < birthdate.slice(5) ? years - 1 : years;
}

/** The calendar day of an instant in China, where the people of this service live: yyyy-mm-dd. */
export function dayOf(instant: Instant): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(instant);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
