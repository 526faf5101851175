/* Every verdict vector through the core as the page runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Core, Verdict } from '../src/core/core';
import { readRoot } from '../src/core/root';
import { coreModule, vectors } from './core_file';

const words: Record<string, Verdict> = {
  valid: Verdict.Valid,
  'valid-stale': Verdict.Valid,
  suspended: Verdict.Suspended,
  revoked: Verdict.Revoked,
  expired: Verdict.Expired,
  'not-yet-valid': Verdict.NotYetValid,
  'unknown-issuer': Verdict.UnknownIssuer,
  'wrong-signature': Verdict.WrongSignature,
  'not-credential': Verdict.NotCredential,
  malformed: Verdict.Malformed,
  unsupported: Verdict.Unsupported,
};

const folder = join(vectors, 'verdicts');

/** `\xNN` is a byte; nothing else is escaped. */
function bytesOf(text: string): Uint8Array {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      out.push(parseInt(text.slice(i + 2, i + 4), 16));
      i += 3;
    } else {
      out.push(text.charCodeAt(i));
    }
  }
  return Uint8Array.from(out);
}

const cases = readFileSync(join(folder, 'cases.tsv'), 'latin1')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [id = '', time = '', verdict = '', text = ''] = line.split('\t');
    return { id, time: Number(time), verdict, text: bytesOf(text) };
  });

describe('verdict vectors', () => {
  let core: Core;

  beforeAll(async () => {
    core = await Core.start(await coreModule());
    const root = readRoot(readFileSync(join(folder, 'root.pem'), 'utf8'));
    expect(root).not.toBeNull();
    core.openTrust(root!, readFileSync(join(folder, 'trust-list.cbor')));
    for (const n of [1, 2, 3]) core.openList(readFileSync(join(folder, `status-${n}.cwt`)));
  });

  it('are as many as they should be', () => {
    expect(cases.length).toBeGreaterThanOrEqual(1712);
  });

  it('get the same verdict as everywhere', () => {
    const wrong: string[] = [];
    for (const c of cases) {
      const a = core.verify(c.text, c.time, 0, 0);
      const stale = c.verdict === 'valid-stale';
      if (a.verdict !== words[c.verdict] || (a.verdict === Verdict.Valid && a.statusStale !== stale))
        wrong.push(`${c.id}: ${Verdict[a.verdict]} instead of ${c.verdict}`);
    }
    expect(wrong).toEqual([]);
  });

  it('takes a text longer than any QR code as no credential', () => {
    const a = core.verify(new Uint8Array(5000).fill(0x4e), 0, 0, 0);
    expect(a.verdict).toBe(Verdict.NotCredential);
  });
});
