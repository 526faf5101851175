/**
 * GB 11643: what is wrong with an ID number, or null. The area is that of
 * first issue and is not judged; nothing is ever guessed.
 */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function checkDigit(first17: string): string {
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(first17[at]), 0);
  return '10X98765432'[sum % 11] ?? '';
}

export function idProblem(text: string): [string, string] | null {
  const n = text.trim().toUpperCase();
  if (n.length < 18) return [`还差 ${18 - n.length} 位`, `${18 - n.length} more`];
  if (!/^[0-9]{17}[0-9X]$/.test(n)) return ['须为 18 位：前 17 位是数字，末位是数字或 X', '18 characters: 17 digits, then a digit or X'];
  const [year, month, date] = [Number(n.slice(6, 10)), Number(n.slice(10, 12)), Number(n.slice(12, 14))];
  const born = new Date(Date.UTC(year, month - 1, date));
  if (born.getUTCMonth() !== month - 1 || born.getUTCDate() !== date || year < 1900)
    return [`第 7 至 14 位（${n.slice(6, 14)}）不是出生日期，请对照证件`, `Digits 7 to 14 (${n.slice(6, 14)}) are no date of birth: look at the card`];
  if (checkDigit(n) !== n[17]) return ['校验不符：18 位中有输错的，请逐位核对', 'The check digit does not fit: one of the 18 is mistyped'];
  return null;
}
