import type { DomainName } from '../accounts/index.ts';

/**
 * Domains where anybody can get an address: whoever writes from there need not belong to a company. The services that
 * people in China meet, the large international ones, aliases and throw-away addresses. Names below one of them count
 * as well (`vip.qq.com`).
 */
const freeMail: ReadonlySet<string> = new Set(
  `
  qq.com foxmail.com 163.com 126.com yeah.net 188.com 163.net netease.com 3126.com sina.com sina.cn sina.com.cn sohu.com
  sogou.com chinaren.com 139.com 189.cn 189.com wo.cn wo.com.cn 21cn.com 21cn.net tom.com 263.net 263.com x263.net aliyun.com
  2980.com eyou.com etang.com china.com citiz.net 88.com 111.com email.cn 1mail.cn hainan.net 56.com msn.cn live.cn
  outlook.cn yahoo.cn yahoo.com.cn mail.com.cn

  gmail.com googlemail.com outlook.com outlook.com.hk outlook.jp outlook.fr outlook.de outlook.es outlook.it outlook.kr outlook.sg
  outlook.com.au outlook.com.br outlook.co.th outlook.in outlook.my outlook.ph hotmail.com hotmail.com.hk hotmail.co.uk hotmail.fr
  hotmail.de hotmail.it hotmail.es hotmail.co.jp hotmail.com.tw live.com live.com.my live.hk live.jp live.co.uk live.fr live.nl msn.com
  passport.com windowslive.com yahoo.com yahoo.com.hk yahoo.com.tw yahoo.com.sg yahoo.com.my yahoo.com.au yahoo.com.br yahoo.com.ph
  yahoo.com.vn yahoo.co.jp yahoo.co.uk yahoo.co.kr yahoo.co.in yahoo.co.id yahoo.co.th yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca
  yahoo.in ymail.com rocketmail.com myyahoo.com icloud.com icloud.com.cn me.com mac.com aol.com aim.com verizon.net comcast.net att.net
  sbcglobal.net bellsouth.net cox.net charter.net

  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.com tuta.io tutamail.com keemail.me fastmail.com fastmail.fm
  fastmail.cn hey.com zoho.com zohomail.com zohomail.cn mail.com email.com gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.us web.de t-online.de
  freenet.de posteo.de mailbox.org mail.ru inbox.ru list.ru bk.ru internet.ru yandex.com yandex.ru ya.ru rambler.ru ukr.net i.ua meta.ua
  seznam.cz email.cz centrum.cz wp.pl o2.pl onet.pl interia.pl libero.it virgilio.it tiscali.it alice.it orange.fr wanadoo.fr free.fr
  laposte.net sfr.fr neuf.fr naver.com daum.net hanmail.net hanmail.com nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
  i.softbank.jp au.com rediffmail.com sify.com uol.com.br bol.com.br terra.com.br ig.com.br netvigator.com pchome.com.tw hinet.net
  seed.net.tw singnet.com.sg btinternet.com sky.com talktalk.net virginmedia.com bigpond.com optusnet.com.au shaw.ca rogers.com
  hushmail.com lavabit.com runbox.com disroot.org riseup.net cock.li

  duck.com privaterelay.appleid.com mozmail.com passmail.net passmail.com passinbox.com simplelogin.com simplelogin.co simplelogin.fr
  slmail.me slmails.com aleeas.com addy.io anonaddy.com anonaddy.me 33mail.com spamgourmet.com
  mailinator.com 10minutemail.com 10minutemail.net guerrillamail.com guerrillamail.net guerrillamail.org guerrillamailblock.com sharklasers.com
  grr.la yopmail.com yopmail.fr temp-mail.org tempmail.com tempmail.cn tempmail.net linshiyou.com linshiyouxiang.net linshi-email.com
  bccto.me chacuo.net 027168.com maildrop.cc trashmail.com trashmail.de getnada.com dispostable.com mailnesia.com mohmal.com mintemail.com
  throwawaymail.com discard.email fakeinbox.com moakt.com emailondeck.com mail.tm
  `
    .trim()
    .split(/\s+/),
);

/** Whether addresses of this domain are given to anybody. */
export function isFreeMail(domain: DomainName): boolean {
  const labels = domain.split('.');
  return labels.some((_label, at) => freeMail.has(labels.slice(at).join('.')));
}
