/* Codes that others published, without their keys and with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Core, Verdict } from '../src/core/core';
import { readRoot } from '../src/core/root';
import { coreModule, named, vectors } from './core_file';

const NOW_S = 1786449600;

function jsonBelow(folder: string): string[] {
  return readdirSync(join(vectors, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(vectors, folder, name));
}

function text(path: string, field: string): Uint8Array {
  const vector = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return new TextEncoder().encode(vector[field]);
}

describe('published codes', () => {
  let module: WebAssembly.Module;
  const root = readRoot(readFileSync(join(vectors, 'verdicts/root.pem'), 'utf8'))!;

  async function start(trust: string): Promise<(qr: Uint8Array, nowS?: number) => Verdict> {
    const core = await Core.start(module);
    core.openTrust(root, readFileSync(trust));
    return (qr, nowS = NOW_S) => core.verify(qr, nowS, 0, 0).verdict;
  }

  beforeAll(async () => {
    module = await coreModule();
  });

  it.each(['valid', 'edge', 'invalid'])('of Claim 169, %s, are told apart', async (part) => {
    const verify = await start(join(vectors, 'verdicts/trust-list.cbor'));
    const paths = jsonBelow(`claim169/${part}`);
    expect(paths.length).toBeGreaterThan(1);
    for (const path of paths) {
      const known = part === 'invalid' ? Verdict.NotCredential : Verdict.UnknownIssuer;
      expect(verify(text(path, 'qr_data')), path).toBe(path.includes('encrypted') ? Verdict.Unsupported : known);
    }
  });

  it('of Claim 169 are verified under their own key', async () => {
    const verify = await start(join(named('HUFU_TRUST_FILES'), 'trust-published.cbor'));
    const signed = text(join(vectors, 'claim169/valid/ed25519-signed.json'), 'qr_data');
    expect(verify(signed)).toBe(Verdict.Valid);
    expect(verify(signed, 1800000000)).toBe(Verdict.Expired);
    const altered = signed.slice();
    altered[altered.length - 20]! ^= 1;
    expect(verify(altered)).not.toBe(Verdict.Valid);
  });

  it('of the EU are no credentials', async () => {
    const verify = await start(join(vectors, 'verdicts/trust-list.cbor'));
    const paths = jsonBelow('dcc');
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) expect(verify(text(path, 'PREFIX')), path).toBe(Verdict.NotCredential);
  });

  it('of any other kind are no credentials', async () => {
    const verify = await start(join(vectors, 'verdicts/trust-list.cbor'));
    for (const other of ['', 'https://example.org', 'weixin://wxpay/bizpayurl?pr=abc', 'BEGIN:VCARD\nVERSION:3.0\nEND:VCARD', 'WIFI:S:x;;', '12345678'])
      expect(verify(new TextEncoder().encode(other)), other).toBe(Verdict.NotCredential);
  });
});
