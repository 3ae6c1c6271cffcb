/** A form of a page, with what it would send if it were submitted as it stands. */
export type Form = {
  readonly action: string;
  readonly method: 'get' | 'post';
  readonly multipart: boolean;
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Every name a control of the form has, those that send nothing yet included. */
  readonly names: ReadonlySet<string>;
  /** What the radio buttons of a name offer, chosen or not. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  readonly buttons: readonly { name: string; value: string; text: string }[];
};

/**
 * The forms of a page that this program rendered. It reads well-formed templates whose attributes are quoted and
 * escaped; it is no HTML parser for the rest of the world.
 */
export function readForms(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = '', body = '']) => {
    const attributes = readAttributes(head);
    return {
      action: attributes.get('action') ?? '',
      method: attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get',
      multipart: attributes.get('enctype')?.toLowerCase() === 'multipart/form-data',
      ...readControls(body),
    };
  });
}

function readControls(body: string): Pick<Form, 'fields' | 'names' | 'choices' | 'buttons'> {
  const fields = new Map<string, string[]>();
  const names = new Set<string>();
  const choices = new Map<string, string[]>();
  const add = (name: string, value: string) => fields.set(name, [...(fields.get(name) ?? []), value]);
  for (const [, head = ''] of body.matchAll(/<input\b([^>]*)>/gi)) {
    const input = readAttributes(head);
    const name = input.get('name');
    if (name === undefined || input.has('disabled')) continue;
    names.add(name);
    const type = input.get('type') ?? 'text';
    if (type === 'file' || type === 'submit') continue;
    if (type === 'radio') choices.set(name, [...(choices.get(name) ?? []), input.get('value') ?? 'on']);
    const choice = type === 'checkbox' || type === 'radio';
    if (!choice || input.has('checked')) add(name, input.get('value') ?? (choice ? 'on' : ''));
  }
  for (const [, head = '', text = ''] of body.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/gi)) {
    const name = readAttributes(head).get('name');
    if (name === undefined) continue;
    names.add(name);
    add(name, decode(text.replace(/^\r?\n/, '')));
  }
  for (const [, head = '', inner = ''] of body.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
    const name = readAttributes(head).get('name');
    if (name === undefined) continue;
    names.add(name);
    const options = [...inner.matchAll(/<option\b([^>]*)>/gi)].map(([, option = '']) =>
      readAttributes(option),
    );
    const chosen = options.find((option) => option.has('selected')) ?? options[0];
    if (chosen) add(name, chosen.get('value') ?? '');
  }
  return { fields, names, choices, buttons: readButtons(body) };
}

function readButtons(body: string): Form['buttons'] {
  return [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, head = '', inner = '']) => {
    const button = readAttributes(head);
    return { name: button.get('name') ?? '', value: button.get('value') ?? '', text: readText(inner) };
  });
}

/** What a person reads of a piece of HTML, white space collapsed. */
export function readText(html: string): string {
  const visible = html
    .replace(/<(script|style|template|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ');
  return decode(visible).replace(/\s+/g, ' ').trim();
}

function readAttributes(head: string): Map<string, string> {
  const pairs = head.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g);
  return new Map(
    [...pairs].map(([, name = '', double, single]) => [name.toLowerCase(), decode(double ?? single ?? '')]),
  );
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const hexadecimal = name[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10));
  });
}
