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

/**
 * The text of a one-time code. The last line lets phones fill the code in on this site only (WebOTP,
 * https://wicg.github.io/sms-one-time-codes/).
 */
export function codeText(code: string, minutes: number, language: SmsLanguage, host: string): string {
  const sentence = {
    'zh-CN': `【实名】验证码 ${code}，${minutes} 分钟内有效，仅用于登录或注册。请勿告诉任何人，包括自称客服的人。`,
    en: `[Shiming] Your code is ${code}. It is valid for ${minutes} minutes and only for signing in. Never share it.`,
  }[language];
  return `${sentence}\n\n@${host} #${code}`;
}
