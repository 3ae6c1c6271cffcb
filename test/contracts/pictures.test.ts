import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { days } from '../../src/core/clock.ts';
import type { ImageId } from '../../src/core/ids.ts';
import { describeDatabases } from '../support/databases.ts';
import { businessLicence, specimenCompany } from '../support/specimens.ts';
import {
  applicant,
  createVerificationRig,
  newAccount,
  staffId,
  type VerificationRig,
} from '../support/verification.ts';

/** Pictures of a new case that were announced and never written. */
async function announce({ verification, database }: VerificationRig, count: number): Promise<ImageId[]> {
  const accountId = newAccount();
  await verification.start(accountId);
  const { case: current } = (await verification.view(accountId))!;
  const image = { caseId: current.id, accountId, kind: 'licence', width: 1, height: 1, bytes: 1 } as const;
  const announced: ImageId[] = [];
  for (let i = 0; i < count; i++)
    announced.push((await database.stores.images.announce(image, Buffer.from('x'))).id);
  return announced;
}

describeDatabases('the pictures of a case', (open) => {
  let rig: VerificationRig;
  beforeAll(async () => {
    rig = createVerificationRig(await open());
  });
  afterAll(() => rig.close());

  it('never stores what it is told in the clear', async () => {
    const who = applicant(rig.verification, newAccount());
    const { person } = await who.fill();
    const cases = (await rig.database.handle.knex('verification_cases').select()) as Record<
      string,
      unknown
    >[];
    const rows = cases
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join(' ');
    for (const secret of [person.name, person.number, Buffer.from(person.name).toString('latin1')]) {
      expect(rows.includes(secret)).toBe(false);
    }
    expect(rig.files().length).toBeGreaterThan(0);
    for (const file of rig.files()) {
      const content = readFileSync(file);
      expect(content.includes(Buffer.of(0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43))).toBe(false);
      expect(content.includes('JFIF')).toBe(false);
    }
  });

  it('destroys a picture when another takes its place', async () => {
    const accountId = newAccount();
    const who = applicant(rig.verification, accountId);
    await rig.verification.start(accountId);
    const licence = await businessLicence(specimenCompany());
    const before = rig.files().length;
    await who.must(rig.verification.add(accountId, 'licence', licence));
    const [first] = (await who.view()).images;
    await who.must(rig.verification.add(accountId, 'licence', licence));
    const { case: current, images } = await who.view();
    expect(images).toHaveLength(1);
    expect(images[0]?.id).not.toBe(first?.id);
    expect(await rig.verification.preview(accountId, first!.id)).toBeUndefined();
    await rig.verification.destroyImages(current.id);
    expect(rig.files().length).toBe(before + 1);
    expect(await rig.verification.preview(accountId, images[0]!.id)).toBeInstanceOf(Buffer);
    expect(await rig.verification.preview(newAccount(), images[0]!.id)).toBeUndefined();
  });
});

describeDatabases('the purge of verification', (open) => {
  it('destroys pictures after their time, gives up abandoned cases and forgets old records', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores, transact } = rig.database;
    const purge = () => rig.verification.purge(clock.now(), 100);
    const [done, left] = [
      applicant(rig.verification, newAccount()),
      applicant(rig.verification, newAccount()),
    ];
    await done.fill();
    const { case: submitted } = await done.submit();
    const input = { caseId: submitted.id, staffId, decision: 'approve', reasons: [{ reason: 'x' }] } as const;
    await transact((bound) => rig.verification.decideCase(bound, input));
    await left.fill();
    expect(rig.files().length).toBe(8);
    await purge();
    expect(rig.files().length).toBe(8);
    clock.advance(days(8));
    await purge();
    expect(rig.files().length).toBe(5);
    expect((await stores.images.listStored(submitted.id)).map(({ kind }) => kind)).toEqual(['licence']);
    clock.advance(days(30));
    await purge();
    await purge();
    expect(rig.files().length).toBe(1);
    expect((await rig.verification.view(left.accountId))?.case).toMatchObject({
      state: 'withdrawn',
      answers: {},
    });
    clock.advance(days(4 * 366));
    await purge();
    expect(rig.files().length).toBe(0);
    expect(await rig.verification.view(left.accountId)).toBeUndefined();
    expect((await rig.verification.view(done.accountId))?.case.state).toBe('approved');
    await transact((bound) =>
      rig.verification.revokePerson(bound, { accountId: done.accountId, staffId, reason: 'x' }),
    );
    clock.advance(days(4 * 366));
    await purge();
    await purge();
    expect(await stores.persons.find(done.accountId)).toBeUndefined();
    expect(await rig.verification.view(done.accountId)).toBeUndefined();
    const { knex } = rig.database.handle;
    expect(await knex('verification_images').select('id')).toEqual([]);
    expect(await knex('subject_keys').whereLike('subject', 'cas_%').select('subject')).toEqual([]);
    await rig.close();
  });

  it('destroys the others when one picture cannot be deleted, and tries that one again', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores } = rig.database;
    const [stuck, ...others] = (await announce(rig, 3)) as [ImageId, ...ImageId[]];
    const obstacle = join(rig.folder, createHash('sha256').update(stuck).digest('hex').slice(0, 2), stuck);
    mkdirSync(obstacle, { recursive: true });
    clock.advance(days(1));
    await rig.verification.purge(clock.now(), 100);
    const states = (ids: ImageId[]) =>
      Promise.all(ids.map(async (id) => (await stores.images.find(id))?.state));
    expect(await states(others)).toEqual(['destroyed', 'destroyed']);
    expect(await states([stuck])).toEqual(['pending']);
    rmdirSync(obstacle);
    await rig.verification.purge(clock.now(), 100);
    expect(await states([stuck])).toEqual(['destroyed']);
    await rig.close();
  });

  it('removes a picture that was announced by a process that died', async () => {
    const rig = createVerificationRig(await open());
    const { clock, stores } = rig.database;
    const [announced] = (await announce(rig, 1)) as [ImageId];
    await rig.verification.purge(clock.now(), 100);
    expect((await stores.images.find(announced))?.state).toBe('pending');
    clock.advance(days(1));
    await rig.verification.purge(clock.now(), 100);
    expect((await stores.images.find(announced))?.state).toBe('destroyed');
    await rig.close();
  });
});
