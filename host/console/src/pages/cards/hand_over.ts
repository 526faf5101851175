import { idProblem } from '../counter/id_number';

export type Collector = 'holder' | 'guardian' | 'agent';

/** As the daemon takes it in `collected`. */
export interface HandOver {
  by: Collector;
  signed: 'paper' | 'drawn';
  id_number: string;
  name?: string;
  collector_id?: string;
  signature?: string;
}

/** As it is shown again. */
export interface HandOverRecord {
  by: Collector;
  signed: 'paper' | 'drawn';
  at: number;
  staff: string;
  name: string;
  collector_id: string;
  signature: string;
}

export const collectors: [Collector, string, string][] = [
  ['holder', '本人', 'the holder'],
  ['guardian', '监护人', 'a guardian'],
  ['agent', '代办人', 'an agent'],
];

export type Point = [number, number];
export const PAD = { width: 600, height: 180 };

/** Strokes as text, "x,y x,y;x,y": at most one point for each 3 dots moved. */
export function strokesText(strokes: Point[][]): string {
  return strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) => stroke.map(([x, y]) => `${Math.max(0, Math.round(x))},${Math.max(0, Math.round(y))}`).join(' '))
    .join(';');
}

export function isFar(from: Point | undefined, to: Point): boolean {
  return !from || Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1]) >= 3;
}

/** What is still missing, in words, or null; the daemon judges again. */
export function handOverProblem(h: HandOver): [string, string] | null {
  if (idProblem(h.id_number)) return ['请照持证人身份证输入号码', "Type the number from the holder's ID card"];
  if (h.by !== 'holder') {
    if (!h.name?.trim()) return ['请写明代领人（监护人）姓名', 'Name the agent or guardian'];
    if (idProblem(h.collector_id ?? '')) return ['请照代领人（监护人）身份证输入号码', "Type the number from the agent's or guardian's ID card"];
  }
  if (h.signed === 'drawn' && (h.signature ?? '').split(/[ ;]/).length < 8) return ['请领取人在签名框内签全名', 'Let who collects it sign in the box'];
  return null;
}

/** Only what belongs to the choice made. */
export function handOverBody(h: HandOver): HandOver {
  const body: HandOver = { by: h.by, signed: h.signed, id_number: h.id_number.trim().toUpperCase() };
  if (h.by !== 'holder') {
    body.name = h.name?.trim();
    body.collector_id = h.collector_id?.trim().toUpperCase();
  }
  if (h.signed === 'drawn') body.signature = h.signature;
  return body;
}
