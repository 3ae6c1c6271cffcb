/** A company's name for comparison: width, case, spaces and the kind of bracket do not matter. */
export function companyKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s()[\]【】〔〕·•・.,，。、'"“”-]/gu, '')
    .toLowerCase();
}
