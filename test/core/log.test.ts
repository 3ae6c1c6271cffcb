import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/core/log.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog('debug', { write: (line: string) => void lines.push(line) }) };
}

describe('the log', () => {
  it('writes allowed fields and replaces every other one by its type', () => {
    const { lines, log } = capture();
    log.info('signed in', { accountId: 'acc_1', phone: '+8613800000000', person: { name: '王小明' } });
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      msg: 'signed in',
      accountId: 'acc_1',
      phone: '[string]',
      person: '[object]',
    });
    expect(lines[0]).not.toMatch(/13800000000|王小明/);
  });

  it('does not let an object through under an allowed name', () => {
    const { lines, log } = capture();
    log.child({ reason: { name: '王小明' } }).warn('odd');
    expect(lines[0]).not.toContain('王小明');
  });

  it('writes the name, code and frames of an error, never its message or that of its causes', () => {
    const { lines, log } = capture();
    const cause = Object.assign(new Error('duplicate key (phone)=(+8613800000000)'), { code: '23505' });
    log.error('failed', { error: new TypeError('bad name 王小明', { cause }) });
    const line = lines[0] as string;
    expect(JSON.parse(line)).toMatchObject({ error: 'TypeError', cause: { errorCode: '23505' } });
    expect(line).toContain('log.test.ts');
    expect(line).not.toMatch(/13800000000|王小明/);
  });
});
