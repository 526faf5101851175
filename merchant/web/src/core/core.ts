/*
 * crypto/core as it was compiled for a page (../../wasm/page_core.h): one
 * instance holds one root, its trust list and status lists. New lists go
 * into a new instance.
 */

export enum Verdict {
  None = 0,
  Valid = 1,
  Suspended = 2,
  Revoked = 3,
  Expired = 4,
  NotYetValid = 5,
  UnknownIssuer = 6,
  WrongSignature = 7,
  NotCredential = 8,
  Malformed = 9,
  Unsupported = 10,
}

/** Numbers of crypto/include/hufu/error.h that a page can meet. */
export enum Fault {
  Signature = -9,
  Memory = -12,
  State = -13,
  NotFound = -15,
  Conflict = -16,
  Stale = -25,
}

export class CoreError extends Error {
  constructor(readonly code: number) {
    super(`core: ${code}`);
    this.name = 'CoreError';
  }
}

export interface Answer {
  verdict: Verdict;
  trustExpired: boolean;
  statusStale: boolean;
  statusAgeS: number; // -1: no list
  checkedAtS: number; // the clock's time, or the later floor
  issuedS: number; // 0: absent
  expiresS: number;
  kind: number;
  classes: bigint; // bit n: identity class n
  issuer: string;
  name: string; // masked by the core
  digits: string; // the last of the card number
  area: string; // the first six
}

export interface Trust {
  sequence: number;
  issuedS: number;
  expiresS: number;
  nextRoot: Root | null;
}

export interface Root {
  curve: number; // COSE: 1 P-256, -65537 SM2
  point: Uint8Array; // 04 ‖ X ‖ Y
}

export interface List {
  number: number;
  sequence: number;
  issuedS: number;
  expiresS: number;
}

interface Exports extends WebAssembly.Exports {
  memory: WebAssembly.Memory;
  page_start(): number;
  page_room(len: number): number;
  page_text(): number;
  page_open_trust(curve: number, root: number, rootLen: number, file: number, len: number): number;
  page_trust(): number;
  page_address(n: number): number;
  page_open_list(file: number, len: number): number;
  page_apply_delta(file: number, len: number): number;
  page_list(n: number): number;
  page_verify(len: number, nowS: number, floorS: number, limitS: number): number;
  page_answer(): number;
}

const QR_TEXT_MAX = 4296;

export class Core {
  private constructor(private readonly e: Exports) {}

  static async start(module: WebAssembly.Module): Promise<Core> {
    const instance = await WebAssembly.instantiate(module, {});
    const core = new Core(instance.exports as Exports);
    core.check(core.e.page_start());
    return core;
  }

  openTrust(root: Root, file: Uint8Array): Trust {
    const key = this.put(root.point);
    const at = this.put(file);
    this.check(this.e.page_open_trust(root.curve, key, root.point.length, at, file.length));
    const t = this.e.page_trust();
    const view = this.view();
    const curve = view.getInt32(t + 24, true);
    return {
      sequence: view.getFloat64(t, true),
      issuedS: view.getFloat64(t + 8, true),
      expiresS: view.getFloat64(t + 16, true),
      nextRoot: curve === 0 ? null : { curve, point: this.bytes(t + 28) },
    };
  }

  /** Where the trust list says that status lists are. */
  addresses(): string[] {
    const all: string[] = [];
    for (;;) {
      const text = this.text(this.e.page_address(all.length));
      if (text === '') return all;
      all.push(text);
    }
  }

  openList(file: Uint8Array): void {
    const at = this.put(file);
    this.check(this.e.page_open_list(at, file.length));
  }

  /** Onto the list that was opened last. */
  applyDelta(file: Uint8Array): void {
    const at = this.put(file);
    this.check(this.e.page_apply_delta(at, file.length));
  }

  lists(): List[] {
    const all: List[] = [];
    for (;;) {
      const at = this.e.page_list(all.length);
      if (at === 0) return all;
      const view = this.view();
      all.push({
        sequence: view.getFloat64(at, true),
        issuedS: view.getFloat64(at + 8, true),
        expiresS: view.getFloat64(at + 16, true),
        number: view.getUint32(at + 24, true),
      });
    }
  }

  verify(qr: Uint8Array, nowS: number, floorS: number, limitS: number): Answer {
    const text = qr.subarray(0, QR_TEXT_MAX);
    new Uint8Array(this.e.memory.buffer, this.e.page_text(), text.length).set(text);
    this.check(this.e.page_verify(qr.length, nowS, floorS, limitS));
    const a = this.e.page_answer();
    const view = this.view();
    return {
      statusAgeS: view.getFloat64(a, true),
      checkedAtS: view.getFloat64(a + 8, true),
      issuedS: view.getFloat64(a + 16, true),
      expiresS: view.getFloat64(a + 24, true),
      verdict: view.getInt32(a + 32, true),
      trustExpired: view.getUint32(a + 36, true) !== 0,
      statusStale: view.getUint32(a + 40, true) !== 0,
      kind: view.getUint32(a + 44, true),
      classes: view.getBigUint64(a + 48, true),
      issuer: this.text(a + 56),
      name: this.text(a + 64),
      digits: this.text(a + 72),
      area: this.text(a + 80),
    };
  }

  private view(): DataView {
    return new DataView(this.e.memory.buffer);
  }

  private put(bytes: Uint8Array): number {
    const at = this.e.page_room(bytes.length);
    if (at === 0) throw new CoreError(Fault.Memory);
    new Uint8Array(this.e.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  private bytes(at: number): Uint8Array {
    const view = this.view();
    const from = view.getUint32(at, true);
    return new Uint8Array(this.e.memory.buffer, from, view.getUint32(at + 4, true)).slice();
  }

  private text(at: number): string {
    return new TextDecoder().decode(this.bytes(at));
  }

  private check(code: number): void {
    if (code !== 0) throw new CoreError(code);
  }
}
