/** The first lines of a generated document. */
export function heading(title: string, source: string, intro: string): string {
  return `# ${title}\n\n<!-- Generated from ${source} by \`npm run docs\`; do not edit. -->\n\n${intro}\n`;
}

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n') + '\n';
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
