import { describe, expect, it } from 'vitest';
import { checkDigit, idProblem } from '../src/pages/counter/id_number';
import { PHOTO, cropOf, fitBytes, setDensity, toBase64 } from '../src/pages/counter/photo';
import { actsOf, dueText } from '../src/pages/review/case';

describe('ID numbers', () => {
  it('takes the two examples of GB 11643', () => {
    expect(idProblem('11010519491231002X')).toBeNull();
    expect(idProblem('11010519491231002x')).toBeNull();
    expect(idProblem('440524188001010014')?.[1]).toContain('date of birth'); // 1880: nobody living
    expect(checkDigit('44052418800101001')).toBe('4');
  });
  it('says what is wrong and guesses nothing', () => {
    expect(idProblem('1101051949')).toEqual(['还差 8 位', '8 more']);
    expect(idProblem('11010519491331002X')?.[0]).toContain('19491331');
    expect(idProblem('110105194912310020')?.[0]).toContain('校验不符');
    expect(idProblem('11010519491231OO2X')?.[0]).toContain('18 位');
  });
});

describe('photos', () => {
  it('cuts the middle in the right proportions', () => {
    expect(cropOf(1280, 960)).toEqual({ x: 256, y: 0, w: 768, h: 960 });
    expect(cropOf(352, 440)).toEqual({ x: 0, y: 0, w: 352, h: 440 });
    expect(cropOf(400, 1000)).toEqual({ x: 0, y: 250, w: 400, h: 500 });
  });
  it('writes 300 dpi into a JFIF head and leaves others alone', () => {
    const jfif = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    expect([...setDensity(jfif).slice(13, 18)]).toEqual([1, 1, 44, 1, 44]);
    const exif = new Uint8Array(20).fill(7);
    expect(setDensity(exif)).toEqual(exif);
  });
  it('finds the best quality within the limit', async () => {
    const asked: number[] = [];
    const got = await fitBytes((quality) => {
      asked.push(quality);
      return Promise.resolve(new Uint8Array(Math.round(quality * 60 * 1024)));
    });
    expect(got?.length).toBeLessThanOrEqual(PHOTO.max);
    expect(got?.length).toBeGreaterThan(PHOTO.max - 3000);
    expect(await fitBytes(() => Promise.resolve(new Uint8Array(1000)))).toBeNull();
    expect(toBase64(new Uint8Array([1, 2, 3]))).toBe('AQID');
  });
});

describe('cases', () => {
  it('offers what the state allows', () => {
    expect(actsOf('in-review')).toContain('accept');
    expect(actsOf('returned')).toEqual(['correct', 'withdraw']);
    expect(actsOf('handed-over')).toEqual([]);
  });
  it('says how long there is, and when nobody can be sure', () => {
    expect(dueText({ due: 1, days_left: 3, due_certain: true })[0]).toBe('还有 3 个工作日');
    expect(dueText({ due: 1, days_left: -2, due_certain: true })[0]).toBe('逾期 2 个工作日');
    expect(dueText({ due: 1, days_left: 3, due_certain: false })[1]).toContain('not known');
    expect(dueText({ due: 0 })[1]).toBe('no limit');
  });
});
