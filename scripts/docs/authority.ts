import { alibabaCodes } from '../../src/providers/authority/alibaba-codes.ts';
import type { Codes } from '../../src/providers/authority/meaning.ts';
import { operatorCodes } from '../../src/providers/authority/operator.ts';
import { tencentCodes } from '../../src/providers/authority/tencent-codes.ts';
import { tencentRegistryCodes } from '../../src/providers/registry/tencent-codes.ts';
import { code, heading, table } from './markdown.ts';

const intro = `What each code of an official source or a registry of companies means here; docs/authority.md and docs/registry.md say what follows. \`later\` is unavailable and tried again,
\`operator\` is unavailable until the operator acts. A code that is not listed is unavailable and goes to a reviewer, except that an
unlisted member of a family that fails (\`AuthFailure.…\`) fails like the family.`;

type AnyCodes = Codes | typeof tencentRegistryCodes;

const sources: Readonly<Record<string, AnyCodes>> = {
  'Tencent Cloud FaceID': tencentCodes,
  'Alibaba Cloud identity verification': alibabaCodes,
  'The operator’s own endpoint': operatorCodes,
  'Tencent Cloud OCR (registry of companies)': tencentRegistryCodes,
};

/** docs/authority-codes.md, from the tables of codes. */
export function authorityCodesDocument(): string {
  const sections = Object.entries(sources).map(([title, codes]) => {
    const rows = Object.entries(codes).map(([name, [meaning, says]]) => [code(name), code(meaning), says]);
    return `## ${title}\n\n${table(['code', 'means', 'because'], rows)}`;
  });
  const source = '`src/providers/{authority,registry}/*-codes.ts` and `operator.ts`';
  return `${heading('Codes of the official sources', source, intro)}\n${sections.join('\n')}`;
}
