import type { MessageId } from '../core/ids.ts';
import type { PhoneNumber } from './phone.ts';
import type { SendOutcome, Sender } from './sender.ts';

/** Whom a text message goes to, and what it says. */
export type SmsContent = { readonly to: PhoneNumber; readonly text: string };

/** A text message as handed to a vendor. The id is ours: whoever can, uses it to recognise a repetition. */
export type Sms = SmsContent & { readonly id: MessageId };

export type SmsOutcome = SendOutcome;

/** A vendor of text messages. */
export type SmsSender = Omit<Sender<SmsContent>, 'send'> & { send(sms: Sms): Promise<SmsOutcome> };

export type SmsLanguage = 'zh-CN' | 'en';

const codeUses = {
  sign_in: { 'zh-CN': '仅用于登录或注册', en: 'only for signing in' },
  change_number: {
    'zh-CN': '仅用于将账号更换为此手机号',
    en: 'only for making this the number of an account',
  },
} as const;

/**
 * The text of a one-time code. The last line lets phones fill the code in on this site only (WebOTP,
 * https://wicg.github.io/sms-one-time-codes/).
 */
export function codeText(
  use: keyof typeof codeUses,
  code: string,
  minutes: number,
  language: SmsLanguage,
  host: string,
): string {
  const only = codeUses[use][language];
  const sentence = {
    'zh-CN': `【实名】验证码 ${code}，${minutes} 分钟内有效，${only}。请勿告诉任何人，包括自称客服的人。`,
    en: `[Shiming] Your code is ${code}. It is valid for ${minutes} minutes and ${only}. Never share it.`,
  }[language];
  return `${sentence}\n\n@${host} #${code}`;
}

/** Tells the number that an account had until now; it names nobody, nor the new number. */
export function numberChangedText(language: SmsLanguage, host: string): string {
  return {
    'zh-CN': `【实名】您的账号已更换手机号，此号码不能再登录该账号。如非本人操作，请尽快通过 ${host} 联系客服。`,
    en: `[Shiming] Your account has a new number; this one no longer signs in to it. If that was not you, contact support at ${host} at once.`,
  }[language];
}
