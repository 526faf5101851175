/* The lists in use: at once from this device, then renewed when there is a network. */
import { ref, shallowRef } from 'vue';
import { readDirectory } from '../benefits';
import type { Directory } from '../benefits';
import type { Answer, Core } from '../core/core';
import { load, save } from './store';
import type { Kept } from './store';
import { fetcher, restore, update, UpdateError } from './update';
import type { Trouble } from './update';

const AGAIN_MS = 10 * 60 * 1000;
const DIRECTORY_KEY = 'hufu-benefits';
/* A list of yesterday is still believed; its own end may be sooner. */
const STALE_S = 7 * 86400;

const core = shallowRef<Core | null>(null);
let kept: Kept | null = null;
let module: WebAssembly.Module | null = null;
let running: Promise<void> | null = null;

export const ready = ref(false); // can verify
export const starting = ref(true);
export const trouble = ref<Trouble | null>(null);
export const listsAtS = ref(0); // newest signed time of the lists in use
export const directory = shallowRef<Directory | null>(null);

const base = new URL('lists/', document.baseURI).href;

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

function use(next: Core, state: Kept): void {
  core.value = next;
  kept = state;
  ready.value = true;
  listsAtS.value = Math.max(0, ...next.lists().map((l) => l.issuedS));
}

async function renew(): Promise<void> {
  if (!module) return;
  try {
    const loaded = await update(module, fetcher(base), kept, nowS());
    await save(loaded.kept);
    use(loaded.core, loaded.kept);
    trouble.value = null;
    await renewDirectory();
  } catch (e) {
    trouble.value = e instanceof UpdateError ? e.trouble : 'list';
  }
}

/* Missing or broken, the one in hand stays. */
async function renewDirectory(): Promise<void> {
  try {
    const text = new TextDecoder().decode(await fetcher(base)('benefits.json'));
    const next = readDirectory(text);
    if (!next) return;
    directory.value = next;
    localStorage.setItem(DIRECTORY_KEY, text);
  } catch {
    return;
  }
}

/** One renewal at a time; `trouble` tells how it ended. */
export function refresh(): Promise<void> {
  running ??= renew().finally(() => {
    running = null;
  });
  return running;
}

export async function start(): Promise<void> {
  try {
    module = await WebAssembly.compile(await (await fetch(new URL('core.wasm', document.baseURI))).arrayBuffer());
    kept = await load();
    const old = kept ? await restore(module, kept) : null;
    if (kept && old) use(old, kept);
    directory.value = readDirectory(localStorage.getItem(DIRECTORY_KEY) ?? '');
  } catch {
    trouble.value = 'memory';
  }
  starting.value = ready.value ? false : starting.value;
  await refresh();
  starting.value = false;
  setInterval(() => void refresh(), AGAIN_MS);
  addEventListener('online', () => void refresh());
}

export interface Judged extends Answer {
  clockLate: boolean; // this device's clock is before what is signed
}

export function judge(qr: Uint8Array): Judged {
  if (!core.value) throw new Error('no lists');
  const now = nowS();
  const answer = core.value.verify(qr, now, kept?.floorS ?? 0, STALE_S);
  return { ...answer, clockLate: answer.checkedAtS > now + 300 };
}
