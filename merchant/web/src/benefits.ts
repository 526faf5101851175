/*
 * The directory of benefits, benefits.json beside the lists (docs/published-files.md):
 * what a kind of card gives where. It informs; it proves nothing.
 */
export interface Benefit {
  id: string;
  kinds: number[];
  area: string; // digits that the place's code starts with; "": everywhere
  classes: number[]; // identity classes; empty: all
  from: string; // YYYY-MM-DD, "": always
  to: string;
  zh: string;
  en: string;
}

export interface Directory {
  edition: string;
  benefits: Benefit[];
}

const DATE = /^(\d{4}-\d{2}-\d{2})?$/;

function isNumbers(v: unknown): v is number[] {
  return Array.isArray(v) && v.every((n) => Number.isInteger(n) && n >= 0 && n < 64);
}

function isBenefit(v: unknown): v is Benefit {
  const b = v as Partial<Benefit> | null;
  return (
    typeof b === 'object' && b !== null && typeof b.id === 'string' && isNumbers(b.kinds) && isNumbers(b.classes) &&
    typeof b.area === 'string' && /^\d{0,12}$/.test(b.area) && typeof b.from === 'string' && DATE.test(b.from) &&
    typeof b.to === 'string' && DATE.test(b.to) && typeof b.zh === 'string' && typeof b.en === 'string'
  );
}

/** Null: not of this form. */
export function readDirectory(text: string): Directory | null {
  try {
    const v = JSON.parse(text) as Partial<Directory> | null;
    if (typeof v !== 'object' || v === null || typeof v.edition !== 'string') return null;
    if (!Array.isArray(v.benefits) || !v.benefits.every(isBenefit)) return null;
    return { edition: v.edition, benefits: v.benefits };
  } catch {
    return null;
  }
}

export interface Asked {
  kind: number; // 0: any
  classes: bigint | null; // null: any
  area: string; // of the shop; "": any
  day: string; // YYYY-MM-DD in China
}

export function applying(directory: Directory, asked: Asked): Benefit[] {
  return directory.benefits.filter(
    (b) =>
      (asked.kind === 0 || b.kinds.includes(asked.kind)) &&
      (asked.classes === null || b.classes.length === 0 || b.classes.some((n) => (asked.classes! >> BigInt(n)) & 1n)) &&
      (asked.area === '' || asked.area.startsWith(b.area.replace(/(00)+$/, ''))) &&
      (b.from === '' || b.from <= asked.day) &&
      (b.to === '' || asked.day <= b.to),
  );
}

export function dayInChina(seconds: number): string {
  return new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10);
}
