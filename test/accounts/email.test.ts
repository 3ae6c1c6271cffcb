import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMail, mailboxOf, maskEmail, parseDomainName, parseEmail } from '../../src/accounts/index.ts';

const read = (typed: string) => {
  const parsed = parseEmail(typed);
  return parsed.ok ? parsed.email : parsed.reason;
};

describe('an e-mail address', () => {
  it.each([
    ['li.na@mingxin.cn', 'li.na@mingxin.cn'],
    ['  Li.Na@MingXin.CN ', 'Li.Na@mingxin.cn'],
    ['ｌｉ＠ｍｉｎｇｘｉｎ．ｃｎ', 'li@mingxin.cn'],
    ['li@mingxin。cn', 'li@mingxin.cn'],
    ['li@明信.中国', 'li@xn--vuq835c.xn--fiqs8s'],
    ['li@XN--FIQ228C.CN', 'li@xn--fiq228c.cn'],
    ['hr+jobs@mingxin.cn', 'hr+jobs@mingxin.cn'],
    ["o'neil_1@mingxin.cn", "o'neil_1@mingxin.cn"],
    ['', 'empty'],
    ['  ', 'empty'],
    ['mingxin.cn', 'malformed'],
    ['@mingxin.cn', 'malformed'],
    ['li@', 'malformed'],
    ['li@localhost', 'malformed'],
    ['li@127.0.0.1', 'malformed'],
    ['li@[127.0.0.1]', 'malformed'],
    ['li@0x7f.1', 'malformed'],
    ['li@mingxin..cn', 'malformed'],
    ['li@mingxin.cn.', 'malformed'],
    ['li@-mingxin.cn', 'malformed'],
    ['li@mingxin.cn:25', 'malformed'],
    ['li@ming%78in.cn', 'malformed'],
    ['li@ming_xin.cn', 'malformed'],
    ['.li@mingxin.cn', 'malformed'],
    ['li..na@mingxin.cn', 'malformed'],
    ['li na@mingxin.cn', 'malformed'],
    ['li@evil.example@mingxin.cn', 'malformed'],
    ['li@mingxin.cn, wu@mingxin.cn', 'malformed'],
    ['<li@mingxin.cn>', 'malformed'],
    ['li(comment)@mingxin.cn', 'malformed'],
    ['li@mingxin.cn\r\nBcc: a@b.cn', 'malformed'],
    ['"li na"@mingxin.cn', 'unsupported'],
    ['"a@b"@mingxin.cn', 'unsupported'],
    ['李娜@mingxin.cn', 'unsupported'],
    [`${'a'.repeat(65)}@mingxin.cn`, 'too_long'],
    [`${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}cn`, 'too_long'],
    ['a'.repeat(5000), 'too_long'],
  ])('%j is read as %s', (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  const local = fc.stringMatching(/^[a-zA-Z0-9!#$%&'*/=?^_`{|}~-]{1,20}(\.[a-zA-Z0-9]{1,20}){0,2}$/);
  const domain = fc.domain();

  it('is read the same again, in any case of the domain and with spaces around it', () => {
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const parsed = parseEmail(` ${name}@${host.toUpperCase()}\t`);
        fc.pre(parsed.ok);
        expect(parsed).toMatchObject({ email: `${name}@${host.toLowerCase()}`, domain: host.toLowerCase() });
        expect(read(parsed.email)).toBe(parsed.email);
      }),
    );
  });

  it('is one mailbox with any plus part and in any case, and no other mailbox', () => {
    const plain = fc.stringMatching(/^[a-z0-9]{1,20}$/);
    fc.assert(
      fc.property(plain, plain, plain, (name, tag, other) => {
        const [a, b, c] = [`${name}@m.cn`, `${name.toUpperCase()}+${tag}@M.cn`, `${other}@m.cn`].map(
          parseEmail,
        );
        if (!a?.ok || !b?.ok || !c?.ok) throw new Error('not read');
        expect(mailboxOf(b.email)).toBe(mailboxOf(a.email));
        expect(mailboxOf(c.email) === mailboxOf(a.email)).toBe(name === other);
      }),
    );
  });

  it('holds nothing that ends a line, a path or an address, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), domain, (typed, host) => {
        for (const text of [typed, `${typed}@${host}`, `a@${typed}.${host}`]) {
          const parsed = parseEmail(text);
          if (!parsed.ok) continue;
          expect(parsed.email).toMatch(/^[\x21-\x7e]+$/);
          expect(parsed.email).not.toMatch(/[<>,;:"\\()[\]\s]/);
          expect(parsed.email.split('@')).toHaveLength(2);
          expect(parsed.email.length).toBeLessThanOrEqual(254);
          expect(parseDomainName(parsed.domain)).toBe(parsed.domain);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is masked but for what its owner recognises', () => {
    const parsed = parseEmail('li.na@mingxin.cn');
    expect(parsed.ok && maskEmail(parsed.email)).toBe('l***@mingxin.cn');
  });
});

describe('a composed mail', () => {
  it('says the same as text and as HTML, without anything to load or to follow', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const mail = composeMail('en', { subject: written, parts: [written, { code: '123456' }] });
        expect(mail.subject).not.toMatch(/[\r\n]/);
        const tags = [...mail.html.matchAll(/<(\/?[a-z!]+)/g)].map(([, tag]) => tag);
        const known = [
          '!doctype',
          'html',
          'head',
          'meta',
          'title',
          '/title',
          '/head',
          'body',
          'p',
          '/p',
          '/body',
          '/html',
        ];
        expect(tags.filter((tag) => !known.includes(tag ?? ''))).toEqual([]);
        expect(mail.text.split('\n\n')).toHaveLength(2);
      }),
    );
  });
});
