import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCompanyDomain } from '../../src/companies/company-domain.ts';

const read = (typed: string) => {
  const result = readCompanyDomain(typed);
  return result.ok ? result.domain : result.reason;
};

const free =
  `qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com vip.sina.com
  sina.cn sina.com.cn sohu.com 139.com 189.cn wo.cn 21cn.com tom.com 263.net aliyun.com gmail.com googlemail.com
  outlook.com hotmail.com live.com live.cn msn.com yahoo.com yahoo.com.cn yahoo.co.jp icloud.com me.com aol.com proton.me
  protonmail.com gmx.de mail.ru yandex.ru naver.com zoho.com mailinator.com 10minutemail.com yopmail.com`.split(
    /\s+/,
  );

describe('the domain of a company', () => {
  it.each([
    ['mingxin.cn', 'mingxin.cn'],
    [' @MingXin.com.cn ', 'mingxin.com.cn'],
    ['mail.mingxin.com.cn', 'mail.mingxin.com.cn'],
    ['明信.公司.cn', 'xn--vuq835c.xn--55qx5d.cn'],
    ['tencent.com', 'tencent.com'],
    ['alibaba-inc.com', 'alibaba-inc.com'],
    ['alibaba.com', 'alibaba.com'],
    ['notqq.com', 'notqq.com'],
    ['com.cn', 'public_suffix'],
    ['公司.cn', 'public_suffix'],
    ['gov.cn', 'public_suffix'],
    ['github.io', 'public_suffix'],
    ['cn', 'malformed'],
    ['https://mingxin.cn', 'malformed'],
    ['mingxin.cn/jobs', 'malformed'],
    ['li@mingxin.cn', 'malformed'],
    ['*.mingxin.cn', 'malformed'],
    ['', 'malformed'],
  ])('%j is read as %s', (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it.each(free)('is not %s, where anybody gets an address', (domain) => {
    expect(read(domain)).toBe('free_mail');
    expect(read(`@${domain.toUpperCase()}`)).toBe('free_mail');
  });

  it('is free mail also below a free one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...free), fc.stringMatching(/^[a-z0-9]{1,20}$/), (domain, label) => {
        expect(read(`${label}.${domain}`)).toBe('free_mail');
      }),
    );
  });
});
