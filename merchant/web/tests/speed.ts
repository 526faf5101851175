/* Whole credentials a second through the page's core in Node: one JSON line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Core, Verdict } from '../src/core/core';
import { readRoot } from '../src/core/root';
import { coreModule, vectors } from './core_file';

const folder = join(vectors, 'verdicts');
const core = await Core.start(await coreModule());
core.openTrust(readRoot(readFileSync(join(folder, 'root.pem'), 'utf8'))!, readFileSync(join(folder, 'trust-list.cbor')));
for (const n of [1, 2, 3]) core.openList(readFileSync(join(folder, `status-${n}.cwt`)));

function perSecond(id: string): number {
  const line = readFileSync(join(folder, 'cases.tsv'), 'latin1')
    .split('\n')
    .find((l) => l.startsWith(id + '\t'));
  const [, time = '', , text = ''] = line!.split('\t');
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const turn = () => {
    if (core.verify(bytes, Number(time), 0, 0).verdict !== Verdict.Valid) throw new Error(id);
  };
  for (let i = 0; i < 1000; i++) turn(); // until it is compiled well
  let count = 0;
  let spent = 0;
  const from = process.cpuUsage();
  while (spent < 1e6) {
    for (let i = 0; i < 64; i++, count++) turn();
    const used = process.cpuUsage(from);
    spent = used.user + used.system;
  }
  return Math.round((count * 1e6) / spent);
}

const es256 = perSecond('accepted-es256-61-18-bytes-sorted');
const sm2 = perSecond('accepted-sm2-61-18-bytes-sorted');
console.log(JSON.stringify({ bench: 'page_core', es256_per_s: es256, sm2_per_s: sm2 }));
