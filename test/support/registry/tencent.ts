import type { Vendor } from '../authority/stand-in.ts';
import { ok, refusalOf, refuse } from '../authority/tencent.ts';

const ocr = { service: 'ocr', version: '2018-11-19', actions: ['VerifyBizLicenseEnterprise3'] };

/** An entry of the vendor's register. */
export type Entry = { name: string; representative: string; status: string };

/**
 * Tencent Cloud OCR as a caller of `VerifyBizLicenseEnterprise3` meets it: the signature recomputed from what arrived,
 * the fields of two and of three factors, and the narrower states of the latter.
 */
export function tencentRegister(now: () => number, entries: Readonly<Record<string, Entry>>): Vendor {
  return {
    check(request) {
      const refusal = refusalOf(request, now(), ocr);
      if (refusal) return { refusal: refuse(refusal) };
      const sent = JSON.parse(request.body) as Record<string, string>;
      const three = sent['VerifyType'] === 'ENT_3META';
      if (!three && sent['VerifyType'] !== 'ENT_2META')
        return { refusal: refuse('InvalidParameterValue.InvalidParameterValueLimit') };
      const wanted = ['CreditCode', 'EntName', 'VerifyType', ...(three ? ['LrName'] : [])];
      if (wanted.some((field) => !sent[field])) return { refusal: refuse('MissingParameter') };
      if (Object.keys(sent).some((field) => !wanted.includes(field)))
        return { refusal: refuse('UnknownParameter') };
      const { CreditCode: number = '', EntName: name = '', LrName: reference } = sent;
      return { asked: { number, name, ...(reference === undefined ? {} : { reference }) } };
    },
    answer({ number, name, reference: representative }) {
      const entry = entries[number];
      if (!entry) return ok({ StatusCode: 2 });
      const agrees = entry.name === name && (!representative || entry.representative === representative);
      if (!agrees) return ok({ StatusCode: 0, VerifyResult: 0, OperatingStatus: '/' });
      const narrow = entry.status === '1' ? '1' : '2';
      return ok({
        StatusCode: 0,
        VerifyResult: 1,
        OperatingStatus: representative ? narrow : entry.status,
      });
    },
  };
}
