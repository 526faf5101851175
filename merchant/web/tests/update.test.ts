/* Lists come in, go forward, and never back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRoot } from '../src/core/root';
import { load, save } from '../src/lists/store';
import { listNumber, restore, update, UpdateError } from '../src/lists/update';
import type { Fetch } from '../src/lists/update';
import { coreModule, vectors } from './core_file';

const NOW = 1785542400 + 600 * 20;
let module: WebAssembly.Module;

/** The published folder of a suite, with some files replaced (null: gone). */
function folder(suite: string, other: Record<string, Uint8Array | null> = {}): Fetch {
  return async (path) => {
    const file = other[path];
    if (file === null) throw new Error('404');
    return file ?? new Uint8Array(readFileSync(join(vectors, 'lists', suite, 'public', path)));
  };
}

function file(suite: string, path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(vectors, 'lists', suite, path)));
}

async function refused(promise: Promise<unknown>, trouble: string): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'UpdateError', trouble });
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
}

beforeAll(async () => {
  module = await coreModule();
});

describe.each(['intl', 'sm'])('lists of suite %s', (suite) => {
  const old = file(suite, 'old-snapshot.cbor');
  const TODAY = 'status/3/today.cbor';
  const SNAPSHOT = 'status/3/snapshot.cbor';
  const LIST = 'status/3/list.cwt';

  it('are taken and kept', async () => {
    const got = await update(module, folder(suite), null, NOW);
    expect(got.core.lists()).toMatchObject([{ number: 3, sequence: 20 }]);
    expect(got.kept.floorS).toBe(NOW);
    await save(got.kept);
    const kept = await load();
    expect(kept).toEqual(got.kept);
    const core = await restore(module, kept!);
    expect(core?.lists()).toEqual(got.core.lists());
  });

  it('go on from an old snapshot by fetching a new one', async () => {
    const before = await update(module, folder(suite, { [SNAPSHOT]: old, [TODAY]: file(suite, 'public/' + TODAY) }), null, NOW);
    expect(before.kept.lists[0]).toMatchObject({ sequence: 5, today: null });
    const after = await update(module, folder(suite), before.kept, NOW);
    expect(after.kept.lists[0]?.sequence).toBe(20);
  });

  it('are not taken back', async () => {
    const now = await update(module, folder(suite), null, NOW);
    await refused(update(module, folder(suite, { [SNAPSHOT]: old, [TODAY]: null, [LIST]: old }), now.kept, NOW), 'rollback');
  });

  it('fall back to the Token Status List', async () => {
    const got = await update(module, folder(suite, { [SNAPSHOT]: null, [TODAY]: null }), null, NOW);
    expect(got.kept.lists[0]).toMatchObject({ sequence: 20, today: null });
  });

  it('are refused with a flipped bit or cut short', async () => {
    const list = file(suite, 'public/' + LIST);
    const none = { [SNAPSHOT]: null, [TODAY]: null };
    await refused(update(module, folder(suite, { ...none, [LIST]: flipped(list, -1) }), null, NOW), 'list');
    await refused(update(module, folder(suite, { ...none, [LIST]: list.slice(0, -1) }), null, NOW), 'list');
    await refused(update(module, folder(suite, { ...none, [LIST]: null }), null, NOW), 'offline');
    const trust = file(suite, 'public/trust-list.cbor');
    await refused(update(module, folder(suite, { 'trust-list.cbor': flipped(trust, -1) }), null, NOW), 'trust');
    await refused(update(module, folder(suite, { 'trust-list.cbor': trust.slice(0, 40) }), null, NOW), 'trust');
    await refused(update(module, folder(suite, { 'root.pem': new TextEncoder().encode('no key') }), null, NOW), 'root');
  });

  it('are refused when they come from another root', async () => {
    const other = suite === 'sm' ? 'intl' : 'sm';
    const now = await update(module, folder(suite), null, NOW);
    await refused(update(module, folder(other), now.kept, NOW), 'root-changed');
  });

  it('are told as damaged when storage rots', async () => {
    const now = await update(module, folder(suite), null, NOW);
    expect(await restore(module, { ...now.kept, trust: flipped(now.kept.trust, 60) })).toBeNull();
  });
});

describe('small things', () => {
  it('reads the number of a list from its address', () => {
    expect(listNumber('https://a.example/status/7')).toBe(7);
    expect(listNumber('https://a.example/status/7/')).toBe(7);
    expect(listNumber('https://a.example/status/12/list.cwt')).toBe(12);
    expect(listNumber('https://a.example/status')).toBeNull();
  });

  it('takes public keys of the two curves only', () => {
    expect(readRoot('')).toBeNull();
    expect(readRoot('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toBeNull();
    expect(readRoot('-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----')).toBeNull();
    expect(new UpdateError('root').trouble).toBe('root');
  });
});
